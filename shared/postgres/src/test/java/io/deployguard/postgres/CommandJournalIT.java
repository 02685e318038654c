package io.deployguard.postgres;

import static io.deployguard.postgres.Samples.FAILING;
import static io.deployguard.postgres.Samples.NOON;
import static io.deployguard.postgres.Samples.entry;
import static io.deployguard.postgres.Samples.minute;
import static io.deployguard.postgres.Samples.service;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deployguard.action.CommandJournal;
import io.deployguard.ecs.DeploymentId;
import io.deployguard.ecs.Place;
import io.deployguard.ecs.ServiceRef;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class CommandJournalIT {

    private static final TestDatabase DATABASE = TestDatabase.fresh();
    private final PostgresDatabase database = DATABASE.open();
    private final CommandJournal journal = OneByOne.store(database, CommandJournal.class);

    @AfterAll
    static void close() {
        DATABASE.close();
    }

    @Test
    void grantsTheOneActionOfARevisionToOneIncidentForEver() {
        var service = service("claimed");
        var first = UUID.randomUUID();
        var second = UUID.randomUUID();

        assertThat(journal.claim(service, FAILING, first, NOON)).isTrue();
        assertThat(journal.claim(service, FAILING, first, minute(1))).isTrue();
        assertThat(journal.claim(service, FAILING, second, minute(999_999))).isFalse();
        assertThat(journal.claim(service, new DeploymentId("ecs-svc/2"), second, NOON))
                .isTrue();
        assertThat(journal.claim(service("another"), FAILING, second, NOON)).isTrue();
    }

    @Test
    void takesTheClaimBackWithTheTransaction() {
        var service = service("undone");
        assertThatThrownBy(() -> database.transact("act", stores -> {
                    stores.journal().claim(service, FAILING, UUID.randomUUID(), NOON);
                    throw new IllegalStateException("preflight failed");
                }))
                .hasMessage("preflight failed");

        assertThat(journal.claim(service, FAILING, UUID.randomUUID(), NOON)).isTrue();
    }

    @Test
    void writesACommandBeforeAndAfter() {
        var incident = UUID.randomUUID();
        var first = entry(UUID.randomUUID(), incident, service("journal"), 3, NOON);
        var second = entry(UUID.randomUUID(), incident, service("journal"), 4, minute(1));
        journal.begin(second);
        journal.begin(first);
        journal.begin(first);
        assertThat(journal.entriesOf(incident)).containsExactly(first, second);

        journal.finish(first.id(), "done", "accepted", minute(2));
        journal.finish(first.id(), "refused", "too late to say so", minute(3));
        assertThat(journal.entriesOf(incident).getFirst())
                .isEqualTo(new CommandJournal.Entry(
                        first.id(),
                        incident,
                        first.command(),
                        3,
                        NOON,
                        Optional.of("done"),
                        Optional.of("accepted"),
                        Optional.of(minute(2))));
    }

    @Test
    void countsWhatWasBegunInOneAccountAndRegion() {
        var here = service("counted");
        var there = new ServiceRef(here.partition(), here.region(), "210987654321", here.cluster(), here.name());
        for (var service : List.of(here, there)) {
            journal.begin(entry(UUID.randomUUID(), UUID.randomUUID(), service, 1, minute(500)));
        }

        assertThat(journal.begunSince(there.place(), minute(500))).isEqualTo(1);
        assertThat(journal.begunSince(there.place(), minute(501))).isZero();
        assertThat(journal.begunSince(new Place("aws", "eu-west-1", "210987654321"), NOON))
                .isZero();
    }

    @Test
    void refusesTheOutcomeOfACommandThatWasNeverBegun() {
        assertThatThrownBy(() -> journal.finish(UUID.randomUUID(), "done", "", NOON))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected an entry that was begun");
    }
}
