package io.deployguard.decision;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.evidence.Evidence;
import io.deployguard.evidence.EvidenceBundle;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaMovementTest {

    @ParameterizedTest(name = "{1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "Successfully applied 2 migrations to schema \"public\", now at version v12.1 (execution time 00:00.041s) | 12.1",
                "ChangeSet db/changelog/002.xml::add-email::ana ran successfully in 12ms | db/changelog/002.xml::add-email::ana",
                "  Applying orders.0012_add_total... OK | orders.0012_add_total",
                "== 20250304120000 AddTotal: migrated (0.0123s) ==== | AddTotal",
                "== 20250304-add-total: migrated (0.010s) | 20250304-add-total",
                "All migrations have been successfully applied. | All migrations",
                "Migration AddTotal1741089600000 has been  executed successfully. | AddTotal1741089600000",
                "Batch 3 run: 2 migrations | Batch 3",
                "  2025_03_04_120000_add_total ................. 12.10ms DONE | 2025_03_04_120000_add_total",
                "2026/03/01 08:00:00 OK   00012_totals.sql (11.54ms) | 00012_totals.sql",
                "2026/03/01 08:00:00 12/u add_total (12.1ms) | 12/u add_total",
                "Applied 20250304120000/migrate add total (3.1ms) | 20250304120000/migrate add",
                "08:00:00.000 [info] == Migrated 20250304120000 in 0.0s | 20250304120000"
            })
    void aCompletedMigrationMovesIt(String line, String name) {
        assertThat(SchemaMovement.find(log("starting", line, "panic: nil pointer"), Map.of()))
                .contains("it applied migration " + name);
    }

    @Test
    void oneThatWasOnlyBegunIsCompleteWhenTheNextBegins() {
        var begun = log(
                "Applying migration '20250101_Baseline'.",
                "Applying migration '20250304_AddTotal'.",
                "Npgsql.PostgresException (0x80004005): 42701: column \"total\" already exists");

        assertThat(SchemaMovement.find(begun, Map.of())).contains("it applied migration 20250101_Baseline");
    }

    @Test
    void orWhenTheApplicationStarts() {
        var started = log(
                "INFO  [alembic.runtime.migration] Running upgrade 1a2b -> 3c4d, add totals",
                "INFO:     Application startup complete.",
                "KeyError: 'total'");

        assertThat(SchemaMovement.find(started, Map.of())).contains("it applied migration 3c4d");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Applying migration '20250304_AddTotal'.",
                "  Applying orders.0012_add_total...Traceback (most recent call last):",
                "No migrations to apply.",
                "Schema \"public\" is up to date. No migration necessary.",
                "12 migrations found in prisma/migrations",
                "No pending migrations to apply.",
                "== 20250304120000 AddTotal: migrating ====",
                "OK health check passed",
                "done in 12 ms"
            })
    void whatFailedOrHadNothingToDoDoesNot(String line) {
        assertThat(SchemaMovement.find(log(line, "Error: it failed"), Map.of())).isEmpty();
    }

    @Test
    void aMigrationTaskThatEndedWithZeroMovesIt() {
        assertThat(SchemaMovement.find(run(0, "npm", "run", "migrate"), Map.of()))
                .hasValueSatisfying(how -> assertThat(how).contains("npm run migrate"));
        assertThat(SchemaMovement.find(run(1, "npm", "run", "migrate"), Map.of()))
                .isEmpty();
        assertThat(SchemaMovement.find(run(0, "npm", "run", "report"), Map.of()))
                .isEmpty();
    }

    @Test
    void aServiceMayDeclareThatItsMigrationsAreBackwardCompatible() {
        var moved = log("Batch 3 run: 2 migrations");

        assertThat(SchemaMovement.find(moved, Map.of(SchemaMovement.TAG, "Backward-Compatible")))
                .isEmpty();
        assertThat(SchemaMovement.find(moved, Map.of(SchemaMovement.TAG, "no"))).isPresent();
    }

    private static EvidenceBundle log(String... lines) {
        return new EvidenceBundle(Stream.of(lines)
                .<Evidence>map(line -> new Evidence.LogLine("t", "app", Optional.empty(), line))
                .toList());
    }

    private static EvidenceBundle run(int exit, String... command) {
        return new EvidenceBundle(
                List.of(new Evidence.TaskRun("t", List.of(command), Optional.of(exit), Optional.empty())));
    }
}
