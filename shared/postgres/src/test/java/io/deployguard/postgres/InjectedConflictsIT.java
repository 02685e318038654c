package io.deployguard.postgres;

import static io.deployguard.postgres.Samples.FAILING;
import static io.deployguard.postgres.Samples.NOON;
import static io.deployguard.postgres.Samples.closed;
import static io.deployguard.postgres.Samples.entry;
import static io.deployguard.postgres.Samples.granted;
import static io.deployguard.postgres.Samples.id;
import static io.deployguard.postgres.Samples.incident;
import static io.deployguard.postgres.Samples.minute;
import static io.deployguard.postgres.Samples.request;
import static io.deployguard.postgres.Samples.runningTask;
import static io.deployguard.postgres.Samples.service;
import static io.deployguard.postgres.Samples.stoppedTask;
import static io.deployguard.postgres.Samples.storm;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deployguard.ecs.ServiceRef;
import io.deployguard.event.EventKey;
import io.deployguard.fault.GuardFault;
import io.deployguard.notification.Outbox;
import io.deployguard.pipeline.Database.Stores;
import io.deployguard.report.ReportStoreContract;
import io.deployguard.report.WeeklyReport;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every method of every store gives the same result and leaves the same rows whether or not another transaction wins first. */
class InjectedConflictsIT {

    private static final ServiceRef SERVICE = service("web");
    private static final Outbox.Claim CLAIM =
            new Outbox.Claim(new Outbox.Item(id(1), "slack:C1", 2, NOON, Optional.empty(), 0, Optional.empty()), 1);

    /** In the order in which an incident calls them; each name stands before the space. */
    static final List<Step> STEPS = List.of(
            asks("Inbox.accept new", stores -> stores.inbox().accept(new EventKey("e1"), NOON)),
            asks("Inbox.accept known", stores -> stores.inbox().accept(new EventKey("e1"), NOON)),
            does("TaskLog.record running", stores -> stores.tasks().record(SERVICE, runningTask("a", 1), NOON)),
            does("TaskLog.record stop", stores -> stores.tasks().record(SERVICE, stoppedTask("a", 2, NOON), NOON)),
            asks("TaskLog.tasksOf", stores -> stores.tasks().tasksOf(SERVICE, FAILING, NOON)),
            does("RevisionLedger.started", stores -> stores.revisions().started(SERVICE, FAILING, NOON)),
            asks("RevisionLedger.startedSince", stores -> stores.revisions().startedSince(NOON, 9)),
            asks("RevisionLedger.unfinished", stores -> stores.revisions().unfinished(NOON.minusSeconds(1), 9)),
            asks("RevisionLedger.deployedSince", stores -> stores.revisions().deployedSince(NOON.minusSeconds(1), 9)),
            does("RevisionLedger.completed", stores -> stores.revisions().completed(SERVICE, FAILING, minute(1))),
            does("RevisionLedger.condemned", stores -> stores.revisions().condemned(SERVICE, FAILING, minute(2))),
            asks("RevisionLedger.find", stores -> stores.revisions().find(SERVICE, FAILING)),
            asks("RevisionLedger.entriesOf", stores -> stores.revisions().entriesOf(SERVICE)),
            does("RevisionLedger.forget", stores -> stores.revisions().forget(SERVICE, FAILING)),
            asks(
                    "RevisionLedger.entriesOf the others",
                    stores -> stores.revisions().entriesOf(SERVICE)),
            asks("IncidentStore.insert first", stores -> stores.incidents().insert(incident(id(1), SERVICE))),
            asks("IncidentStore.insert second", stores -> stores.incidents().insert(incident(id(2), SERVICE))),
            asks("IncidentStore.findOpen", stores -> stores.incidents().findOpen(SERVICE, FAILING)),
            asks("IncidentStore.openOf", stores -> stores.incidents().openOf(SERVICE)),
            asks("IncidentStore.open", stores -> stores.incidents().open(9)),
            does(
                    "IncidentStore.update",
                    stores -> stores.incidents()
                            .update(closed(stores.incidents().find(id(1)).orElseThrow(), minute(3)), "closed")),
            asks("IncidentStore.find", stores -> stores.incidents().find(id(1))),
            asks("IncidentStore.newest", stores -> stores.incidents().newest(9)),
            asks("IncidentStore.openedSince", stores -> stores.incidents().openedSince(NOON, 9)),
            asks(
                    "IncidentStore.openedSince of service",
                    stores -> stores.incidents().openedSince(SERVICE, NOON, 9)),
            asks("IncidentStore.historyOf", stores -> stores.incidents().historyOf(id(1))),
            asks("CommandJournal.claim", stores -> stores.journal().claim(SERVICE, FAILING, id(1), NOON)),
            asks("CommandJournal.claim again", stores -> stores.journal().claim(SERVICE, FAILING, id(2), NOON)),
            does("CommandJournal.begin", stores -> stores.journal().begin(entry(id(3), id(1), SERVICE, 1, NOON))),
            does("CommandJournal.finish", stores -> stores.journal().finish(id(3), "done", "accepted", minute(1))),
            asks("CommandJournal.entriesOf", stores -> stores.journal().entriesOf(id(1))),
            asks("CommandJournal.begunSince", stores -> stores.journal().begunSince(SERVICE.place(), NOON)),
            asks("ServiceLease.acquire", stores -> stores.leases().acquire(SERVICE, "act-1", Duration.ofHours(1))),
            asks(
                    "ServiceLease.acquire again",
                    stores -> stores.leases().acquire(SERVICE, "act-1", Duration.ofHours(1))),
            asks("ServiceLease.holds", stores -> stores.leases().holds(SERVICE, 2)),
            does("ServiceLease.release", stores -> stores.leases().release(SERVICE, 2)),
            does("Outbox.want", stores -> stores.outbox().want(id(1), "slack:C1", 2, NOON)),
            does("Outbox.want other", stores -> stores.outbox().want(id(1), "teams", 2, minute(1))),
            asks("Outbox.claim", stores -> stores.outbox().claim(minute(2), 9, Duration.ofHours(1))),
            does("Outbox.postpone", stores -> stores.outbox().postpone(CLAIM, minute(5), "429")),
            asks("Outbox.pending", stores -> stores.outbox().pending(9)),
            asks("Outbox.itemsOf", stores -> stores.outbox().itemsOf(id(1))),
            does("Outbox.giveUp", stores -> stores.outbox().giveUp(CLAIM, "invalid_auth", minute(6))),
            does("Outbox.shown", stores -> stores.outbox().shown(CLAIM, 2, Optional.of("ts"), minute(7))),
            asks("ApprovalStore.open", stores -> stores.approvals().open(request(id(1)))),
            asks("ApprovalStore.open again", stores -> stores.approvals().open(request(id(1)))),
            asks("ApprovalStore.end", stores -> stores.approvals().end(granted(id(1), "anna"))),
            asks("ApprovalStore.end again", stores -> stores.approvals().end(granted(id(1), "ben"))),
            asks("ApprovalStore.find", stores -> stores.approvals().find(id(1))),
            asks("IncidentStore.failuresSince", stores -> stores.incidents().failuresSince(NOON, 9)),
            does("StormStore.save", stores -> stores.storms().save(storm(id(1), NOON))),
            asks("StormStore.findCurrent", stores -> stores.storms().findCurrent("123456789012/eu-central-1")),
            asks("StormStore.findLatest", stores -> stores.storms().findLatest("123456789012/eu-central-1")),
            asks("StormStore.findLedBy", stores -> stores.storms().findLedBy(id(1))),
            asks("StormStore.current", stores -> stores.storms().current(9)),
            does(
                    "StormStore.save again",
                    stores -> stores.storms().save(storm(id(1), NOON).ended(minute(9)))),
            asks("ReportStore.insert", stores -> stores.reports().insert(ReportStoreContract.week(NOON, 3))),
            asks("ReportStore.insert again", stores -> stores.reports().insert(ReportStoreContract.week(NOON, 4))),
            asks("ReportStore.find", stores -> stores.reports().find(WeeklyReport.idAt(NOON))));

    /** Tables, with the columns that the database's clock fills. */
    private static final Map<String, List<String>> TABLES = Map.ofEntries(
            Map.entry("inbox", List.of("taken_at")),
            Map.entry("task_log", List.of()),
            Map.entry("revision_ledger", List.of()),
            Map.entry("incident", List.of()),
            Map.entry("incident_event", List.of()),
            Map.entry("action_claim", List.of()),
            Map.entry("command_journal", List.of()),
            Map.entry("service_lease", List.of("held_until")),
            Map.entry("outbox", List.of("leased_until")),
            Map.entry("approval", List.of()),
            Map.entry("storm", List.of()),
            Map.entry("weekly_report", List.of()));

    private static final TestDatabase CALM = TestDatabase.fresh();
    private static final List<Object> CALM_RESULTS = runAll(CALM.open(), _ -> {});

    @AfterAll
    static void close() {
        CALM.close();
    }

    @ParameterizedTest(name = "{0} fails {1} times with {2}")
    @CsvSource({
        "first statement, 1, 40001",
        "second statement, 1, 40001",
        "commit, 1, 40001",
        "commit, 3, 40P01",
        "commit, 1, OC000"
    })
    void changeNothingButTheTime(String where, int times, String state) {
        try (var stormy = TestDatabase.fresh()) {
            var faults = new FaultyConnections(stormy.source());
            var database = new PostgresDatabase(faults, new Backoff(5, Duration.ofMillis(1), Duration.ofMillis(1)));
            var injected = new ArrayList<Integer>();

            var results = runAll(database, _ -> {
                injected.add(faults.injected());
                switch (where) {
                    case "first statement" -> faults.failAtStatement(1, times, state);
                    case "second statement" -> faults.failAtStatement(2, times, state);
                    default -> faults.failAtCommit(times, state);
                }
            });

            assertThat(results).isEqualTo(CALM_RESULTS);
            assertThat(contents(stormy)).isEqualTo(contents(CALM));
            assertThat(injected.stream().mapToInt(Integer::intValue).sum())
                    .as("it did fail")
                    .isPositive();
            database.close();
        }
    }

    @Test
    void areTriedOnEveryMethodOfEveryStore() {
        var methods = Arrays.stream(Stores.class.getRecordComponents())
                .flatMap(store -> Arrays.stream(store.getType().getDeclaredMethods())
                        .filter(method -> Modifier.isAbstract(method.getModifiers()))
                        .map(method -> store.getType().getSimpleName() + "." + method.getName()))
                .collect(Collectors.toSet());
        Set<String> tried =
                STEPS.stream().map(step -> step.name().split(" ", 2)[0]).collect(Collectors.toSet());

        assertThat(tried).isEqualTo(methods);
    }

    @Test
    void endInAFaultWhenTheyNeverStop() {
        var faults = new FaultyConnections(CALM.source());
        var database = new PostgresDatabase(faults, new Backoff(4, Duration.ofMillis(1), Duration.ofMillis(1)));
        faults.failAtCommit(Integer.MAX_VALUE, "40001");

        assertThatThrownBy(() -> database.transact(
                        "take in event", stores -> stores.inbox().accept(new EventKey("x"), NOON)))
                .isInstanceOf(GuardFault.Unavailable.class)
                .hasMessageContaining("take in event: database localhost:")
                .hasMessageContaining("lost against other writers 4 times in a row; nothing was stored");
        assertThat(faults.injected()).isEqualTo(4);

        faults.behave();
        assertThat(database.<Boolean>transact(
                        "take in event", stores -> stores.inbox().accept(new EventKey("x"), NOON)))
                .isTrue();
        database.close();
        CALM.execute("delete from inbox where event_key = 'x'");
    }

    private static List<Object> runAll(PostgresDatabase database, Consumer<Step> before) {
        var results = new ArrayList<>();
        for (var step : STEPS) {
            before.accept(step);
            results.add(database.<Object>transact(step.name(), step.work()));
        }
        return results;
    }

    private static List<String> contents(TestDatabase database) {
        return TABLES.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .flatMap(table -> database.rowsOf(table.getKey(), table.getValue()).stream())
                .toList();
    }

    record Step(String name, Function<Stores, Object> work) {}

    private static Step asks(String name, Function<Stores, Object> work) {
        return new Step(name, work);
    }

    private static Step does(String name, Consumer<Stores> work) {
        return new Step(name, stores -> {
            work.accept(stores);
            return "done";
        });
    }
}
