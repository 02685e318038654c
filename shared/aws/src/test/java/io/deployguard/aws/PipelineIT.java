package io.deployguard.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.action.Command;
import io.deployguard.classification.Diagnosis;
import io.deployguard.fault.GuardFault;
import io.deployguard.incident.Incident;
import io.deployguard.incident.Progress;
import io.deployguard.pipeline.Handled;
import io.deployguard.pipeline.Responder.Response;
import io.deployguard.simulation.account.Behavior;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One bad release from its first event to the end of its incident, and everything that may go wrong on that way. */
@Execution(ExecutionMode.CONCURRENT)
class PipelineIT {

    private static final Duration LONG_ENOUGH = Duration.ofMinutes(15);
    private static final int DELIVERIES = 10;

    private GuardedShop shop;

    @BeforeEach
    void open() {
        shop = new GuardedShop();
    }

    @AfterEach
    void close() {
        shop.close();
    }

    @Test
    void aBadReleaseIsNamedRolledBackAndFoundHealed() {
        shop.release().forEach(shop::deliver);
        shop.tell();
        assertThat(shop.incident().progress()).isInstanceOf(Progress.Planned.class);
        assertThat(shop.notices()).hasSize(1);
        assertThat(shop.notices().getFirst().toString()).contains(SimulatedShop.LINE);

        assertThat(shop.act("act-1")).singleElement().isInstanceOf(Response.Acted.class);
        shop.runOn(LONG_ENOUGH);

        assertIsHealed();
        assertThat(shop.references().getFirst()).isEmpty();
        assertThat(shop.references().stream().skip(1)).isNotEmpty().containsOnly(Optional.of("message-1"));
    }

    @Test
    void nothingIsToldOrDoneTwice() {
        shop.release().forEach(shop::deliver);
        shop.act("act-1");
        shop.tell();
        var told = shop.notices().size();

        assertThat(shop.act("act-1")).isEmpty();
        shop.tell();

        assertThat(shop.writes()).containsExactly("StopServiceDeployment");
        assertThat(shop.notices()).hasSize(told);
    }

    static Stream<Integer> orders() {
        return IntStream.range(0, 12).boxed();
    }

    /** EventBridge and SQS deliver at least once, and in no order. */
    @ParameterizedTest
    @MethodSource("orders")
    void tenDeliveriesOfEveryEventInAnyOrderLeaveTheSameState(int seed) {
        var deliveries = new ArrayList<String>();
        for (var event : shop.release()) {
            deliveries.addAll(Collections.nCopies(DELIVERIES, event));
        }
        Collections.shuffle(deliveries, new Random(seed));

        deliveries.forEach(event -> {
            shop.deliver(event);
            shop.act("act-" + seed);
        });
        shop.runOn(LONG_ENOUGH);

        assertThat(shop.incidents().stream().filter(Incident::isTold)).hasSize(1);
        assertIsHealed();
    }

    /** Lambda starts as many instances as there are messages. */
    @ParameterizedTest
    @MethodSource("orders")
    void tenInstancesThatGetEveryEventAtOnceLeaveTheSameState(int seed) throws Exception {
        var events = shop.release();
        var start = new CyclicBarrier(DELIVERIES);
        try (var instances = Executors.newVirtualThreadPerTaskExecutor()) {
            var ends = IntStream.range(0, DELIVERIES)
                    .mapToObj(instance -> instances.submit(() -> {
                        var own = new ArrayList<>(events);
                        Collections.shuffle(own, new Random(31L * seed + instance));
                        start.await();
                        own.forEach(shop::deliver);
                        return shop.act("act-" + instance);
                    }))
                    .toList();
            for (var end : ends) {
                end.get();
            }
        }
        shop.runOn(LONG_ENOUGH);

        assertThat(shop.incidents().stream().filter(Incident::isTold)).hasSize(1);
        assertIsHealed();
    }

    @Test
    void theSecondDeliveryOfAnEventIsADuplicate() {
        for (var event : shop.release()) {
            shop.deliver(event);
            assertThat(shop.deliver(event))
                    .satisfiesAnyOf(
                            handled -> assertThat(handled).isEmpty(),
                            handled -> assertThat(handled.orElseThrow()).isInstanceOf(Handled.Duplicate.class));
        }
    }

    /** Every place where the process can end: the work is delivered again, and in the end each thing was done once. */
    @ParameterizedTest
    @MethodSource("places")
    void whereverTheProcessEndsNothingIsLostOrDoneTwice(Place place) {
        var passed = new int[1];
        shop.failWith(where -> {
            if (where.equals(place.where()) && ++passed[0] == place.time()) {
                throw GuardedShop.killed(where);
            }
        });

        live(shop);

        assertThat(passed[0]).as("times passed").isGreaterThanOrEqualTo(place.time());
        // Chat services have no key that makes a post idempotent: what was posted and not written down is posted once
        // more.
        assertIsHealed(place.where().equals("before keep delivery") ? 2 : 1);
    }

    /** Where a life without faults comes along, the first and the second time. */
    static Stream<Place> places() {
        var seen = new ArrayList<String>();
        try (var shop = new GuardedShop()) {
            shop.failWith(seen::add);
            live(shop);
        }
        return seen.stream()
                .distinct()
                .flatMap(where -> IntStream.rangeClosed(1, Math.min(2, Collections.frequency(seen, where)))
                        .mapToObj(time -> new Place(where, time)));
    }

    /** A place in the guard's work, such as {@code after begin command}, when it is passed for the n-th time. */
    record Place(String where, int time) {}

    private static void live(GuardedShop shop) {
        for (var event : shop.release()) {
            untilItSucceeds(() -> shop.deliver(event));
        }
        untilItSucceeds(() -> shop.act("act"));
        untilItSucceeds(shop::tell);
        // The lease of an actor that was killed ends by itself.
        shop.advance(Duration.ofMinutes(3));
        untilItSucceeds(() -> shop.act("other"));
        untilItSucceeds(() -> shop.runOn(LONG_ENOUGH));
    }

    /** A fault is what makes SQS deliver again; one that is swallowed would lose the event. */
    private static void untilItSucceeds(Runnable work) {
        try {
            work.run();
        } catch (GuardFault.Unavailable killed) {
            work.run();
        }
    }

    @Test
    void ofTwoActorsAtOnceOneActs() {
        shop.release().forEach(shop::deliver);
        var second = new ArrayList<Response>();

        var first = shop.act("act-1", (Command command, UUID incident) -> {
            second.addAll(shop.act("act-2"));
            return shop.executor().execute(command, incident);
        });

        assertThat(first).singleElement().isInstanceOf(Response.Acted.class);
        assertThat(second).singleElement().isInstanceOf(Response.Busy.class);
        assertThat(shop.writes()).containsExactly("StopServiceDeployment");
    }

    @Test
    void aDatabaseThatIsAwayIsTheCallersToKnow() {
        var events = shop.release();
        shop.failWith(where -> {
            throw GuardedShop.killed(where);
        });

        assertThat(events).filteredOn(event -> fails(event)).hasSizeGreaterThan(2);
        shop.failWith(_ -> {});
        assertThat(shop.incidents()).isEmpty();
        assertThat(shop.writes()).isEmpty();

        events.forEach(shop::deliver);
        assertThat(shop.incident().progress()).isInstanceOf(Progress.Planned.class);
    }

    private boolean fails(String event) {
        try {
            shop.deliver(event);
            return false;
        } catch (GuardFault.Unavailable expected) {
            return true;
        }
    }

    /** The earlier revision has never run with the new schema; nobody but a person can say whether it can. */
    @Test
    void aReleaseThatMovedTheSchemaForwardIsNotRolledBack() {
        var release = shop.release(Behavior.crashing(
                Duration.ofSeconds(4),
                1,
                "Running migrations:",
                "  Applying orders.0012_add_total... OK",
                "ModuleNotFoundError: No module named 'storages'"));

        release.forEach(shop::deliver);
        shop.act("act-1");
        shop.runOn(Duration.ofMinutes(3));

        assertThat(shop.incident().decision().orElseThrow().because())
                .contains("it applied migration orders.0012_add_total");
        assertThat(shop.notices().getFirst().toString()).contains("orders.0012_add_total");
        assertThat(shop.writes()).isEmpty();
    }

    @Test
    void aHealthyDayMakesNoIncident() {
        shop.advance(Duration.ofHours(2));
        shop.runOn(Duration.ofMinutes(10));

        assertThat(shop.incidents()).isEmpty();
        assertThat(shop.notices()).isEmpty();
        assertThat(shop.writes()).isEmpty();
    }

    private void assertIsHealed() {
        assertIsHealed(1);
    }

    private void assertIsHealed(int mostMessages) {
        var incident = shop.incident();
        assertThat(incident.progress())
                .isInstanceOfSatisfying(
                        Progress.Closed.class,
                        closed -> assertThat(closed.outcome())
                                .as(closed.because())
                                .isEqualTo(Progress.Outcome.HEALED));
        assertThat(incident.diagnosis().orElseThrow()).isInstanceOfSatisfying(Diagnosis.Identified.class, found -> {
            assertThat(found.cause().value()).isEqualTo("migration-conflict");
            assertThat(found.key()).contains("orders");
        });
        assertThat(shop.writes()).isEqualTo(List.of("StopServiceDeployment"));
        assertThat(shop.references().stream().filter(Optional::isEmpty)).hasSizeBetween(1, mostMessages);
    }
}
