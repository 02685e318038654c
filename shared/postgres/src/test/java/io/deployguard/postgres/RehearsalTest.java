package io.deployguard.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.ecs.DeploymentId;
import io.deployguard.ecs.ServiceRef;
import io.deployguard.incident.Incident;
import io.deployguard.incident.Progress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RehearsalTest {

    @Test
    void findsNothingAndChangesOneRow() {
        try (var database = new PostgresDatabase(ConnectionSettings.parse(Rehearsal.URL))) {
            var found = database.transact("look", stores -> stores.incidents().find(UUID.randomUUID()));
            int changed = database.run(
                    "change",
                    sql -> sql.update("update incident set stage = ? where id = ?", "Closed", UUID.randomUUID()));
            Optional<Long> returned = database.run(
                    "lease", sql -> sql.find("update a set b = ? returning c", row -> row.number("c"), Instant.EPOCH));

            assertThat(found).isEmpty();
            assertThat(changed).isOne();
            assertThat(returned).isEmpty();
        }
    }

    /** The driver then names its statements and describes them first. */
    @Test
    void answersAStatementThatIsPreparedOnTheServer() {
        try (var database = new PostgresDatabase(ConnectionSettings.parse(Rehearsal.URL))) {
            for (var round = 0; round < 8; round++) {
                List<String> rows = database.run(
                        "count", sql -> sql.list("select a from b where c = ?", row -> row.text("a"), "x"));
                assertThat(rows).isEmpty();
            }
        }
    }

    /** What follows a diagnosis reads the incident again. */
    @Test
    void findsAnIncidentThatWasInserted() {
        var incident = Incident.open(
                UUID.randomUUID(),
                ServiceRef.parse("arn:aws:ecs:eu-central-1:123456789012:service/shop/cart"),
                new DeploymentId("ecs-svc/1"),
                new Progress.Advised(),
                new Incident.Sign("restart-loop", Instant.EPOCH, "stopped", Optional.empty()));
        try (var database = new PostgresDatabase(ConnectionSettings.parse(Rehearsal.URL))) {
            database.transact("keep", stores -> stores.incidents().insert(incident));

            var found = database.transact("look", stores -> stores.incidents().find(incident.id()));

            assertThat(found).contains(incident);
        }
    }
}
