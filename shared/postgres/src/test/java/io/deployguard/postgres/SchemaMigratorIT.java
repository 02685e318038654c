package io.deployguard.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deployguard.fault.GuardFault;
import io.deployguard.postgres.SchemaMigrator.Status;
import io.deployguard.postgres.SchemaMigrator.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SchemaMigratorIT {

    private static final SchemaFile FIRST = SchemaFile.parse(
            "V001__first.sql", "create table if not exists a (b text); create index if not exists a_b on a (b);");
    private static final SchemaFile SECOND =
            SchemaFile.parse("V002__second.sql", "-- why\nalter table a add column if not exists c text;\n");

    private final TestDatabase empty = TestDatabase.empty();

    @AfterEach
    void close() {
        empty.close();
    }

    @Test
    void appliesEverythingOnce() {
        var migrator = new SchemaMigrator(empty.source());
        assertThat(migrator.describe()).isNotEmpty().extracting(Step::status).containsOnly(Status.PENDING);
        assertThat(empty.source())
                .as("describing changes nothing")
                .satisfies(_ -> assertThat(tables()).isEmpty());

        var first = migrator.migrate();
        assertThat(first.applied()).hasSameSizeAs(SchemaFile.all()).startsWith("V001__events_and_tasks.sql");
        assertThat(first.steps()).extracting(Step::status).containsOnly(Status.APPLIED);
        assertThat(first.steps())
                .allSatisfy(step -> assertThat(step.appliedAt()).isPresent());
        assertThat(tables())
                .containsExactlyInAnyOrder(
                        "action_claim",
                        "approval",
                        "storm",
                        "weekly_report",
                        "command_journal",
                        "heartbeat",
                        "inbox",
                        "incident",
                        "incident_event",
                        "outbox",
                        "revision_ledger",
                        "schema_version",
                        "service_lease",
                        "task_log");

        var second = migrator.migrate();
        assertThat(second.applied()).isEmpty();
        assertThat(second.steps()).isEqualTo(first.steps());
    }

    @Test
    void goesOnWhereARunWasStopped() {
        var statements = SchemaFile.all().stream()
                .mapToInt(file -> file.statements().size())
                .sum();
        for (var stopAt = 1; stopAt <= statements; stopAt += 2) {
            try (var database = TestDatabase.empty()) {
                var connections = new FaultyConnections(database.source());
                var migrator = new SchemaMigrator(connections);
                connections.failAtStatement(stopAt, 1, "57P01");
                assertThatThrownBy(migrator::migrate)
                        .isInstanceOf(GuardFault.Unavailable.class)
                        .hasMessageContaining("SQLSTATE 57P01");

                connections.behave();
                assertThat(migrator.migrate().steps()).extracting(Step::status).containsOnly(Status.APPLIED);
            }
        }
    }

    @Test
    void namesTheStatementThatFailed() {
        var broken = SchemaFile.parse("V002__broken.sql", "alter table nowhere add column if not exists c text;");

        assertThatThrownBy(() -> new SchemaMigrator(empty.source(), List.of(FIRST, broken)).migrate())
                .isInstanceOf(GuardFault.Unavailable.class)
                .hasMessageContaining("V002__broken.sql: alter table nowhere add column")
                .hasMessageContaining("SQLSTATE 42P01");
        assertThat(new SchemaMigrator(empty.source(), List.of(FIRST, broken)).describe())
                .extracting(Step::status)
                .containsExactly(Status.APPLIED, Status.PENDING);
    }

    @Test
    void refusesADatabaseWhoseFilesWereChangedAfterwards() {
        new SchemaMigrator(empty.source(), List.of(FIRST)).migrate();
        var changed = SchemaFile.parse("V001__first.sql", "create table if not exists a (b uuid);");
        var migrator = new SchemaMigrator(empty.source(), List.of(changed, SECOND));

        assertThatThrownBy(migrator::migrate)
                .isInstanceOf(GuardFault.Malformed.class)
                .hasMessageContaining("V001__first.sql was changed after it had been applied")
                .hasMessageContaining("put the released file back");
        assertThat(migrator.describe()).extracting(Step::status).containsExactly(Status.CHANGED, Status.PENDING);
    }

    @Test
    void leavesWhatANewerProgramApplied() {
        new SchemaMigrator(empty.source(), List.of(FIRST, SECOND)).migrate();
        var report = new SchemaMigrator(empty.source(), List.of(FIRST)).migrate();

        assertThat(report.applied()).isEmpty();
        assertThat(report.steps()).extracting(Step::status).containsExactly(Status.APPLIED, Status.NEWER);
        assertThat(report.steps()).extracting(Step::name).endsWith("V002__second.sql");
    }

    @Test
    void takesOtherLineEndsForTheSameFile() {
        var unix = SchemaFile.parse("V001__a.sql", "create table a (\n b text\n);\n");
        var windows = SchemaFile.parse("V001__a.sql", "create table a (\r\n b text\r\n);\r\n");

        assertThat(windows).isEqualTo(unix);
    }

    @Test
    void runsBesideOthers() throws Exception {
        for (var round = 0; round < 6; round++) {
            try (var database = TestDatabase.empty();
                    var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var start = new CyclicBarrier(4);
                var runs = new ArrayList<Future<SchemaMigrator.Report>>();
                for (var n = 0; n < 4; n++) {
                    runs.add(threads.submit(() -> {
                        start.await();
                        return new SchemaMigrator(database.source()).migrate();
                    }));
                }
                var applied = new ArrayList<String>();
                for (var run : runs) {
                    assertThat(run.get().steps()).extracting(Step::status).containsOnly(Status.APPLIED);
                    applied.addAll(run.get().applied());
                }
                assertThat(applied)
                        .as("each file is reported by the run that recorded it")
                        .containsExactlyInAnyOrderElementsOf(
                                SchemaFile.all().stream().map(SchemaFile::name).toList());
            }
        }
    }

    @Test
    void saysThatTheDatabaseIsAway() {
        var away = new ConnectionSettings("localhost", 1, "state", Optional.empty(), Optional.of("hunter2"), Map.of());

        assertThatThrownBy(() -> new SchemaMigrator(away).migrate())
                .isInstanceOf(GuardFault.Unavailable.class)
                .hasMessageContaining("migrate the schema: database localhost:1/state")
                .hasMessageNotContaining("hunter2");
    }

    private List<String> tables() {
        return empty.rowsOf("pg_tables where schemaname in ('public', 'deploy_guard')", List.of()).stream()
                .map(row -> row.replaceFirst(".* tablename=(\\S+) .*", "$1"))
                .toList();
    }
}
