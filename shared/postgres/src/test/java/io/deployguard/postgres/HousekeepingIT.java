package io.deployguard.postgres;

import static io.deployguard.postgres.Samples.FAILING;
import static io.deployguard.postgres.Samples.NOON;
import static io.deployguard.postgres.Samples.closed;
import static io.deployguard.postgres.Samples.entry;
import static io.deployguard.postgres.Samples.incident;
import static io.deployguard.postgres.Samples.minute;
import static io.deployguard.postgres.Samples.runningTask;
import static io.deployguard.postgres.Samples.service;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deployguard.ecs.DeploymentId;
import io.deployguard.event.EventKey;
import io.deployguard.report.ReportStoreContract;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HousekeepingIT {

    private final TestDatabase fresh = TestDatabase.fresh();
    private final PostgresDatabase database = fresh.open();

    @AfterEach
    void close() {
        fresh.close();
    }

    @Test
    void remembersTheLastBeatOfEachFunction() {
        var heartbeat = new Heartbeat(database);
        assertThat(heartbeat.last("watch")).isEmpty();

        var first = heartbeat.beat("watch");
        assertThat(heartbeat.last("watch")).contains(first);
        assertThat(heartbeat.beat("watch")).isAfterOrEqualTo(first);
        assertThat(heartbeat.last("detect")).isEmpty();
    }

    @Test
    void forgetsClosedIncidentsWithAllThatBelongsToThem() {
        var old = UUID.randomUUID();
        store(old, "old");
        database.transact("close", stores -> {
            var known = stores.incidents().find(old).orElseThrow();
            stores.incidents().update(closed(known, minute(1)), "closed");
            return true;
        });
        var open = UUID.randomUUID();
        store(open, "open");

        var swept = new Retention(database).sweep(minute(2), 1);

        assertThat(swept)
                .containsEntry("incident", 1L)
                .containsEntry("incident_event", 2L)
                .containsEntry("command_journal", 1L)
                .containsEntry("outbox", 1L);
        database.transact("read", stores -> {
            assertThat(stores.incidents().find(old)).isEmpty();
            assertThat(stores.incidents().find(open)).isPresent();
            assertThat(stores.incidents().historyOf(open)).hasSize(1);
            assertThat(stores.journal().entriesOf(open)).hasSize(1);
            assertThat(stores.outbox().pending(9)).hasSize(1);
            assertThat(stores.journal().claim(service("old"), FAILING, UUID.randomUUID(), NOON))
                    .as("the claim outlives its incident")
                    .isFalse();
            return true;
        });
    }

    @Test
    void keepsAnIncidentThatWasClosedLately() {
        var id = UUID.randomUUID();
        store(id, "lately");
        database.transact("close", stores -> {
            stores.incidents().update(closed(stores.incidents().find(id).orElseThrow(), minute(2)), "closed");
            return true;
        });

        assertThat(new Retention(database).sweep(minute(2), 100)).containsEntry("incident", 0L);
    }

    @Test
    void forgetsOldEventsAndTasksInBatches() {
        database.transact("take in", stores -> {
            for (var n = 0; n < 25; n++) {
                stores.inbox().accept(new EventKey("event " + n), NOON);
                stores.tasks().record(service("web"), runningTask("t" + n, 1), minute(n));
            }
            return true;
        });
        fresh.execute("update inbox set taken_at = timestamptz '2026-11-02 12:00:00Z' where event_key < 'event 2'");

        var swept = new Retention(database).sweep(minute(10), 3);

        assertThat(swept).containsEntry("inbox", 12L).containsEntry("task_log", 10L);
        assertThat(fresh.count("inbox")).isEqualTo(13);
        assertThat(fresh.count("task_log")).isEqualTo(15);
    }

    @Test
    void forgetsOldWeeksWithWhatChannelsWereToldOfThem() {
        var old = ReportStoreContract.week(minute(-20_000), 1);
        var last = ReportStoreContract.week(NOON, 1);
        database.transact("tell", stores -> {
            for (var week : List.of(old, last)) {
                stores.reports().insert(week);
                stores.outbox().want(week.id(), "slack:C0123", 1, NOON);
            }
            return true;
        });

        assertThat(new Retention(database).sweep(minute(-10_000), 1))
                .containsEntry("weekly_report", 1L)
                .containsEntry("outbox", 1L);
        database.transact("read", stores -> {
            assertThat(stores.reports().find(old.id())).isEmpty();
            assertThat(stores.reports().find(last.id())).isPresent();
            assertThat(stores.outbox().itemsOf(last.id())).hasSize(1);
            return true;
        });
    }

    @Test
    void keepsTheLastHundredRevisionsOfEachService() {
        database.transact("deploy", stores -> {
            for (var n = 0; n < 103; n++) {
                stores.revisions().started(service("busy"), new DeploymentId("ecs-svc/" + n), minute(n));
            }
            stores.revisions().started(service("quiet"), new DeploymentId("ecs-svc/1"), NOON);
            return true;
        });

        assertThat(new Retention(database).sweep(minute(1_000), 2)).containsEntry("revision_ledger", 3L);
        assertThat(fresh.count("revision_ledger")).isEqualTo(101);
    }

    @Test
    void refusesBatchesThatDsqlWouldRefuse() {
        assertThatThrownBy(() -> new Retention(database).sweep(NOON, 1_000))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected 1 to 999");
    }

    private void store(UUID id, String name) {
        database.transact("store", stores -> {
            stores.incidents().insert(incident(id, service(name)));
            stores.journal().claim(service(name), FAILING, id, NOON);
            stores.journal().begin(entry(UUID.randomUUID(), id, service(name), 1, NOON));
            stores.outbox().want(id, "slack:C0123", 1, NOON);
            stores.leases().acquire(service(name), "act-1", Duration.ofMinutes(1));
            return true;
        });
    }
}
