package io.deployguard.postgres;

import static io.deployguard.postgres.Samples.NOON;
import static io.deployguard.postgres.Samples.minute;
import static io.deployguard.postgres.Samples.service;
import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.ecs.DeploymentId;
import io.deployguard.ecs.ServiceRef;
import io.deployguard.incident.RevisionLedger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class RevisionLedgerIT {

    private static final DeploymentId FIRST = new DeploymentId("ecs-svc/1");
    private static final DeploymentId SECOND = new DeploymentId("ecs-svc/2");
    private static final DeploymentId THIRD = new DeploymentId("ecs-svc/3");
    private static final TestDatabase DATABASE = TestDatabase.fresh();
    private final RevisionLedger ledger = OneByOne.store(DATABASE.open(), RevisionLedger.class);

    @AfterAll
    static void close() {
        DATABASE.close();
    }

    @Test
    void keepsTheNewestTimeOfEachKindInWhateverOrderTheyCome() {
        var random = new Random(11);
        for (var round = 0; round < 40; round++) {
            var service = service("order-" + round);
            List<Consumer<RevisionLedger>> events = new ArrayList<>(List.of(
                    to -> to.started(service, FIRST, minute(1)),
                    to -> to.started(service, FIRST, minute(20)),
                    to -> to.completed(service, FIRST, minute(5)),
                    to -> to.completed(service, FIRST, minute(4)),
                    to -> to.condemned(service, FIRST, minute(9))));
            Collections.shuffle(events, random);
            events.forEach(event -> event.accept(ledger));

            assertThat(ledger.find(service, FIRST)).contains(entry(service, FIRST, minute(20), minute(5), minute(9)));
        }
    }

    @Test
    void knowsNothingOfARevisionThatItNeverSaw() {
        assertThat(ledger.find(service("unseen"), FIRST)).isEmpty();
    }

    @Test
    void forgetsOneRevisionAndKeepsTheOthers() {
        var service = service("renamed");
        ledger.started(service, FIRST, minute(1));
        ledger.started(service, SECOND, minute(2));

        ledger.forget(service, FIRST);
        ledger.forget(service, THIRD);

        assertThat(ledger.entriesOf(service))
                .extracting(RevisionLedger.Entry::deployment)
                .containsExactly(SECOND);
        assertThat(ledger.find(service, FIRST)).isEmpty();
    }

    @Test
    void listsTheNewestStartFirstAndAtMostAHundred() {
        var service = service("many");
        ledger.completed(service, new DeploymentId("ecs-svc/never-started"), NOON);
        for (var n = 0; n < 105; n++) {
            ledger.started(service, new DeploymentId("ecs-svc/" + n), minute(n));
        }

        assertThat(ledger.entriesOf(service))
                .hasSize(100)
                .extracting(RevisionLedger.Entry::deployment)
                .startsWith(new DeploymentId("ecs-svc/104"), new DeploymentId("ecs-svc/103"))
                .doesNotContain(new DeploymentId("ecs-svc/never-started"));
    }

    @Test
    void listsWhatBeganAndHasNotEnded() {
        var start = NOON.plusSeconds(1_000_000);
        var service = service("unfinished");
        ledger.started(service, FIRST, start.plusSeconds(1));
        ledger.started(service, SECOND, start.plusSeconds(2));
        ledger.completed(service, SECOND, start.plusSeconds(3));
        ledger.started(service, THIRD, start.plusSeconds(4));
        ledger.condemned(service, THIRD, start.plusSeconds(5));
        assertThat(unfinished(start)).containsExactly(FIRST);

        // It was completed and begins once more, as a rollback does.
        ledger.started(service, SECOND, start.plusSeconds(9));
        assertThat(unfinished(start)).containsExactly(FIRST, SECOND);

        assertThat(unfinished(start.plusSeconds(1)))
                .as("began after that moment, not at it")
                .containsExactly(SECOND);
        assertThat(ledger.unfinished(start, 1)).hasSize(1);
    }

    @Test
    void listsServicesThatWereDeployedOfLateTheNewestFirst() {
        var start = NOON.plusSeconds(2_000_000);
        var early = service("deployed-early");
        var late = service("deployed-late");
        ledger.started(service("deployed-before"), FIRST, start);
        ledger.started(early, FIRST, start.plusSeconds(1));
        ledger.completed(early, FIRST, start.plusSeconds(2));
        ledger.started(late, FIRST, start.plusSeconds(3));
        ledger.started(late, SECOND, start.plusSeconds(4));

        assertThat(ledger.deployedSince(start, 10)).containsExactly(late, early);
        assertThat(ledger.deployedSince(start, 1)).containsExactly(late);
    }

    private List<DeploymentId> unfinished(Instant after) {
        return ledger.unfinished(after, 10).stream()
                .map(RevisionLedger.Entry::deployment)
                .toList();
    }

    private static RevisionLedger.Entry entry(
            ServiceRef service, DeploymentId deployment, Instant started, Instant completed, Instant condemned) {
        return new RevisionLedger.Entry(
                service, deployment, Optional.of(started), Optional.of(completed), Optional.of(condemned));
    }
}
