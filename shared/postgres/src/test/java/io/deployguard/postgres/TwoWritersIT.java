package io.deployguard.postgres;

import static io.deployguard.postgres.Samples.FAILING;
import static io.deployguard.postgres.Samples.NOON;
import static io.deployguard.postgres.Samples.incident;
import static io.deployguard.postgres.Samples.minute;
import static io.deployguard.postgres.Samples.runningTask;
import static io.deployguard.postgres.Samples.service;
import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.ecs.ServiceRef;
import io.deployguard.event.EventKey;
import io.deployguard.notification.Outbox.Claim;
import io.deployguard.notification.Outbox.Item;
import io.deployguard.pipeline.Database.Stores;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Several writers at once, each with a connection of its own, as function instances are. */
class TwoWritersIT {

    private static final int ROUNDS = 200;
    private static final Duration LEASE = Duration.ofHours(1);
    private static final TestDatabase DATABASE = TestDatabase.fresh();

    @AfterAll
    static void close() {
        DATABASE.close();
    }

    /** Each round, both writers take in the same event and do all that follows from it, in an order of their own. */
    @Test
    void leaveWhatOneWriterAloneWouldHaveLeft() throws Exception {
        var one = DATABASE.open();
        var other = DATABASE.open();
        for (var round = 0; round < ROUNDS; round++) {
            var service = service("round-" + round);
            var ids = List.of(UUID.randomUUID(), UUID.randomUUID());
            var seed = round;

            List<Callable<Outcome>> writers = List.of(
                    () -> write(one, service, ids.get(0), new Random(seed), 1),
                    () -> write(other, service, ids.get(1), new Random(-seed), 2));
            var outcomes = atOnce(writers);

            assertThat(outcomes)
                    .extracting(Outcome::accepted)
                    .as("one takes the event in")
                    .containsOnlyOnce(true);
            assertThat(outcomes)
                    .extracting(Outcome::opened)
                    .as("one opens the incident")
                    .containsOnlyOnce(true);
            assertThat(outcomes).extracting(Outcome::claimed).as("one may act").containsOnlyOnce(true);
            assertThat(outcomes.stream().flatMap(outcome -> outcome.fence().stream()))
                    .as("one holds the lease")
                    .containsExactly(1L);
            one.transact("look", stores -> {
                assertThat(stores.tasks().tasksOf(service, FAILING, NOON))
                        .containsExactly(runningTask(service.name(), 2));
                assertThat(stores.revisions()
                                .find(service, FAILING)
                                .orElseThrow()
                                .startedAt())
                        .contains(minute(2));
                assertThat(stores.incidents().openOf(service)).hasSize(1);
                return true;
            });
        }
    }

    @Test
    void letOneOfTwentyClaimTheAction() throws Exception {
        var service = service("claimed");
        var claims = twenty(writer -> DATABASE.open()
                .<Boolean>transact(
                        "claim", stores -> stores.journal().claim(service, FAILING, new UUID(1, writer), NOON)));

        assertThat(claims).containsOnlyOnce(true);
    }

    @Test
    void letOneOfTwentyOpenTheIncident() throws Exception {
        var service = service("opened");
        var inserted = twenty(writer -> DATABASE.open()
                .<Boolean>transact(
                        "open", stores -> stores.incidents().insert(incident(new UUID(2, writer), service))));

        assertThat(inserted).containsOnlyOnce(true);
        assertThat(DATABASE.open()
                        .<List<?>>transact("look", stores -> stores.incidents().openOf(service)))
                .hasSize(1);
    }

    @Test
    void neverShareALeaseOrAFencingNumber() throws Exception {
        var service = service("leased");
        var fences = twenty(writer -> {
            var database = DATABASE.open();
            var mine = new ArrayList<Long>();
            for (var turn = 0; turn < 5; turn++) {
                database.<Optional<Long>>transact(
                                "acquire", stores -> stores.leases().acquire(service, "act-" + writer, LEASE))
                        .ifPresent(fence -> {
                            assertThat(database.<Boolean>transact(
                                            "hold", stores -> stores.leases().holds(service, fence)))
                                    .isTrue();
                            mine.add(fence);
                            database.transact("release", stores -> {
                                stores.leases().release(service, fence);
                                return true;
                            });
                        });
            }
            return mine;
        });

        var all = fences.stream().flatMap(List::stream).toList();
        assertThat(all).isNotEmpty().doesNotHaveDuplicates();
        assertThat(fences).allSatisfy(mine -> assertThat(mine).isSorted());
    }

    @Test
    void neverDeliverTheSameRowTwice() throws Exception {
        var database = DATABASE.open();
        for (var n = 0; n < 40; n++) {
            var incident = new UUID(3, n);
            database.transact("want", stores -> {
                stores.outbox().want(incident, "slack:C1", 1, NOON);
                return true;
            });
        }
        var claimed = atOnce(IntStream.range(0, 4)
                .mapToObj(_ -> (Callable<List<Claim>>) () -> {
                    var own = DATABASE.open();
                    var mine = new ArrayList<Claim>();
                    List<Claim> more;
                    do {
                        more = own.transact("claim", stores -> stores.outbox().claim(NOON, 3, LEASE));
                        mine.addAll(more);
                    } while (!more.isEmpty());
                    return mine;
                })
                .toList());

        // The row of another test of this class may be due as well.
        var all = claimed.stream()
                .flatMap(List::stream)
                .map(claim -> claim.item().incident())
                .filter(incident -> incident.getMostSignificantBits() == 3)
                .toList();
        assertThat(all).hasSize(40).doesNotHaveDuplicates();
    }

    @Test
    void loseNoWishForTheSameRow() throws Exception {
        var incident = new UUID(4, 0);
        twenty(writer -> DATABASE.open().<Boolean>transact("want", stores -> {
            stores.outbox().want(incident, "teams", writer + 1, minute(writer));
            return true;
        }));

        var row = DATABASE
                .open()
                .<List<Item>>transact("look", stores -> stores.outbox().pending(99))
                .stream()
                .filter(item -> item.incident().equals(incident))
                .findFirst()
                .orElseThrow();
        assertThat(row.wanted()).isEqualTo(20);
        assertThat(row.wantedSince()).isEqualTo(NOON);
    }

    /** Threads may share one database; they wait for each other. */
    @Test
    void mayShareAConnection() throws Exception {
        var shared = DATABASE.open();
        var accepted = twenty(writer -> shared.<Boolean>transact(
                "take in event", stores -> stores.inbox().accept(new EventKey("shared " + writer % 10), NOON)));

        assertThat(accepted.stream().filter(Boolean::booleanValue)).hasSize(10);
    }

    private record Outcome(boolean accepted, boolean opened, boolean claimed, Optional<Long> fence) {}

    private static Outcome write(PostgresDatabase database, ServiceRef service, UUID id, Random random, int version) {
        var accepted = new ArrayList<Boolean>();
        var opened = new ArrayList<Boolean>();
        var claimed = new ArrayList<Boolean>();
        var fences = new HashSet<Long>();
        List<Function<Stores, Runnable>> steps = new ArrayList<>(List.of(
                stores -> {
                    var is = stores.inbox().accept(new EventKey(service.name()), NOON);
                    return () -> accepted.add(is);
                },
                stores -> {
                    var is = stores.incidents().insert(incident(id, service));
                    return () -> opened.add(is);
                },
                stores -> {
                    var is = stores.journal().claim(service, FAILING, id, NOON);
                    return () -> claimed.add(is);
                },
                stores -> {
                    var fence = stores.leases().acquire(service, id.toString(), LEASE);
                    return () -> fence.ifPresent(fences::add);
                },
                stores -> {
                    stores.tasks().record(service, runningTask(service.name(), version), minute(version));
                    stores.revisions().started(service, FAILING, minute(version));
                    return () -> {};
                }));
        Collections.shuffle(steps, random);
        // Some rounds in one transaction, some step by step; what a lost attempt saw is forgotten with it.
        var cut = random.nextInt(steps.size());
        for (var part : List.of(steps.subList(0, cut), steps.subList(cut, steps.size()))) {
            database.<List<Runnable>>transact(
                            "round",
                            stores -> part.stream()
                                    .map(step -> step.apply(stores))
                                    .toList())
                    .forEach(Runnable::run);
        }
        return new Outcome(
                accepted.getFirst(),
                opened.getFirst(),
                claimed.getFirst(),
                fences.stream().findFirst());
    }

    private static <T> List<T> twenty(Function<Integer, T> work) throws Exception {
        return atOnce(IntStream.range(0, 20)
                .mapToObj(writer -> (Callable<T>) () -> work.apply(writer))
                .toList());
    }

    /** Starts all at the same moment and waits for all. */
    private static <T> List<T> atOnce(List<Callable<T>> works) throws InterruptedException, ExecutionException {
        var start = new CyclicBarrier(works.size());
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var futures = works.stream()
                    .map(work -> threads.submit(() -> {
                        start.await();
                        return work.call();
                    }))
                    .toList();
            var results = new ArrayList<T>();
            for (var future : futures) {
                results.add(future.get());
            }
            return results;
        }
    }
}
