package io.deployguard.postgres;

import static io.deployguard.postgres.Samples.FAILING;
import static io.deployguard.postgres.Samples.NOON;
import static io.deployguard.postgres.Samples.closed;
import static io.deployguard.postgres.Samples.incident;
import static io.deployguard.postgres.Samples.minute;
import static io.deployguard.postgres.Samples.service;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deployguard.ecs.DeploymentId;
import io.deployguard.fault.GuardFault;
import io.deployguard.incident.Incident;
import io.deployguard.incident.IncidentStore;
import io.deployguard.incident.Progress;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class IncidentStoreIT {

    private static final TestDatabase DATABASE = TestDatabase.fresh();
    private final PostgresDatabase database = DATABASE.open();
    private final IncidentStore store = OneByOne.store(database, IncidentStore.class);

    @AfterAll
    static void close() {
        DATABASE.close();
    }

    @Test
    void findsWhatItStored() {
        var incident = incident(UUID.randomUUID(), service("found"));
        assertThat(store.insert(incident)).isTrue();

        assertThat(store.find(incident.id())).contains(incident);
        assertThat(store.findOpen(incident.service(), FAILING)).contains(incident);
        assertThat(store.openOf(incident.service())).containsExactly(incident);
        assertThat(store.find(UUID.randomUUID())).isEmpty();
    }

    @Test
    void keepsOneOpenIncidentPerFailingRevision() {
        var service = service("one-open");
        var first = incident(UUID.randomUUID(), service);
        assertThat(store.insert(first)).isTrue();
        assertThat(store.insert(incident(UUID.randomUUID(), service))).isFalse();
        assertThat(store.insert(incident(UUID.randomUUID(), service, new DeploymentId("ecs-svc/2"), NOON)))
                .as("another revision")
                .isTrue();

        store.update(closed(first, minute(9)), "closed");
        assertThat(store.insert(incident(UUID.randomUUID(), service, FAILING, minute(20))))
                .as("after the end")
                .isTrue();
        assertThat(store.findOpen(service, FAILING).orElseThrow().openedAt()).isEqualTo(minute(20));
    }

    @Test
    void writesTheHistory() {
        var incident = incident(UUID.randomUUID(), service("history"));
        store.insert(incident);
        var advised = incident.withProgress(new Progress.Advised(), minute(1));
        store.update(advised, "a person acts");
        store.update(closed(advised, minute(2)), "recovered");

        assertThat(store.historyOf(incident.id()))
                .containsExactly(
                        new IncidentStore.Entry(NOON, 1, "opened: 2 tasks stopped within 10 minutes"),
                        new IncidentStore.Entry(minute(1), 2, "a person acts"),
                        new IncidentStore.Entry(minute(2), 3, "recovered"));
        assertThat(store.openOf(incident.service())).isEmpty();
    }

    @Test
    void runsTheWorkAgainWhenSomebodyElseChangedTheIncident() {
        var incident = incident(UUID.randomUUID(), service("changed-meanwhile"));
        store.insert(incident);
        var other = OneByOne.store(DATABASE.open(), IncidentStore.class);
        var tries = new AtomicInteger();

        database.transact("advise", stores -> {
            var known = stores.incidents().find(incident.id()).orElseThrow();
            if (tries.incrementAndGet() == 1) {
                other.update(known.withProgress(new Progress.Planned(minute(1)), minute(1)), "planned");
            }
            stores.incidents().update(known.withProgress(new Progress.Advised(), minute(2)), "advised");
            return true;
        });

        assertThat(tries).hasValue(2);
        assertThat(store.find(incident.id()).orElseThrow().revision()).isEqualTo(3);
        assertThat(store.historyOf(incident.id()))
                .extracting(IncidentStore.Entry::what)
                .endsWith("planned", "advised");
    }

    @Test
    void givesUpOnARevisionThatWillNeverFit() {
        var incident = incident(UUID.randomUUID(), service("stale"));
        store.insert(incident);
        var impatient =
                new PostgresDatabase(DATABASE.source(), new Backoff(3, Duration.ofMillis(1), Duration.ofMillis(1)));
        var tries = new AtomicInteger();

        assertThatThrownBy(() -> impatient.transact("advise", stores -> {
                    tries.incrementAndGet();
                    stores.incidents().update(incident, "of revision 1, which is stored already");
                    return true;
                }))
                .isInstanceOf(GuardFault.Unavailable.class)
                .hasMessageContaining("advise: database localhost")
                .hasMessageContaining("3 times in a row")
                .hasCauseInstanceOf(IncidentStore.ConcurrentChange.class);
        assertThat(tries).hasValue(3);
        impatient.close();
    }

    @Test
    void refusesToSkipARevision() {
        var incident = incident(UUID.randomUUID(), service("skipped"));
        store.insert(incident);
        var planned = incident.withProgress(new Progress.Planned(minute(1)), minute(1));

        assertThatThrownBy(() -> store.update(closed(planned, minute(2)), "of a revision that nobody stored"))
                .isInstanceOf(GuardFault.Unavailable.class);
        assertThat(store.find(incident.id())).contains(incident);
    }

    @Test
    void listsIncidentsInOrder() {
        try (var fresh = TestDatabase.fresh()) {
            var stored = OneByOne.store(fresh.open(), IncidentStore.class);
            var early = incident(UUID.randomUUID(), service("a"), FAILING, minute(1));
            var late = incident(UUID.randomUUID(), service("b"), FAILING, minute(2));
            var ended = incident(UUID.randomUUID(), service("c"), FAILING, minute(3));

            stored.insert(early);
            stored.insert(late);
            stored.insert(ended);
            stored.update(closed(ended, minute(9)), "closed");
            stored.update(early.withProgress(new Progress.Advised(), minute(8)), "advised");

            assertThat(stored.open(9)).extracting(Incident::id).containsExactly(late.id(), early.id());
            assertThat(stored.open(1)).extracting(Incident::id).containsExactly(late.id());
            assertThat(stored.newest(2)).extracting(Incident::id).containsExactly(ended.id(), late.id());
        }
    }
}
