package io.deployguard.simulation.pipeline;

import static io.deployguard.fixture.Shop.NEW;
import static io.deployguard.fixture.Shop.WEB;
import static io.deployguard.fixture.SnapshotBuilder.aQuietSnapshot;
import static io.deployguard.fixture.SnapshotBuilder.aSnapshot;
import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.ecs.ServiceRef;
import io.deployguard.fixture.Shop;
import io.deployguard.incident.Incident;
import io.deployguard.incident.Progress;
import io.deployguard.incident.Storm;
import io.deployguard.notification.Notice;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Many services fail together: one message for all, and no action. */
class StormStoryTest {

    private static ServiceRef service(int number) {
        return new ServiceRef(WEB.partition(), WEB.region(), WEB.account(), "shop", "service-" + number);
    }

    /** Other services begin to fail, and are suspected so far. */
    private static void others(GuardRig rig, int services, Instant at) {
        rig.memory.transact("others", stores -> {
            for (var n = 0; n < services; n++) {
                stores.incidents()
                        .insert(Incident.open(
                                new UUID(1, n),
                                service(n),
                                NEW,
                                new Progress.Suspected(),
                                new Incident.Sign("suspicious-stop", at, "a task stopped")));
            }
            return services;
        });
    }

    private static Optional<Storm> storm(GuardRig rig) {
        return rig.memory.transact("look", stores -> stores.storms().findCurrent(Storm.placeOf(WEB)));
    }

    private static GuardRig inAStorm(int services) {
        var rig = new GuardRig();
        others(rig, services - 1, rig.time.instant().minusSeconds(100));
        rig.deliver(rig.begins());
        rig.deliver(rig.crashes("a", 30));
        return rig;
    }

    @Test
    void isToldOnceWithAllOfThemAndNothingIsDone() {
        var rig = inAStorm(8);
        rig.tell();
        rig.minutes(3);

        assertThat(storm(rig))
                .hasValueSatisfying(storm -> assertThat(storm.members()).hasSize(8));
        assertThat(rig.writes).isEmpty();
        assertThat(rig.chat.begun()).isEqualTo(1);
        assertThat(rig.chat.last().headline()).startsWith("Storm: 8 services fail together");
        assertThat(rig.pager.begun()).isEqualTo(1);
    }

    /** A pipeline knows its own release and no storm. */
    @Test
    void isToldToProgramsServiceByService() {
        var rig = inAStorm(8);
        rig.pager.forPeople = false;
        rig.ecs.show(aSnapshot());
        rig.deliver(GuardRig.event(GuardRig.crashed("b", 70).of(Shop.OLDER).build(), 70));
        rig.minutes(3);

        assertThat(rig.chat.begun()).isEqualTo(1);
        assertThat(rig.pager.notices)
                .extracting(Notice::headline)
                .isNotEmpty()
                .noneMatch(headline -> headline.startsWith("Storm"));
        assertThat(rig.pager.notices)
                .extracting(Notice::incident)
                .contains(rig.incidents().stream()
                        .filter(incident -> incident.deployment().equals(NEW)
                                && incident.service().equals(WEB))
                        .findFirst()
                        .orElseThrow()
                        .id());
        assertThat(rig.pager.begun()).isGreaterThan(1);
    }

    /** The event that makes it a storm wakes the messenger, before its own service is looked at; nobody waits for the watch. */
    @Test
    void isToldAtOnceThoughItsLeaderIsOnlySuspected() {
        var rig = inAStorm(8);
        var leader = storm(rig).orElseThrow().leader();

        assertThat(rig.incidents())
                .filteredOn(incident -> incident.id().equals(leader))
                .singleElement()
                .matches(incident -> !incident.isTold());
        assertThat(rig.called).startsWith(leader);
    }

    @Test
    void tellsOfNewcomersWithTheNextRunOfTheWatch() {
        var rig = inAStorm(8);
        rig.tell();
        rig.deliver(GuardRig.event(GuardRig.crashed("b", 40).of(Shop.OLDER).build(), 40));
        rig.tell();
        assertThat(rig.chat.last().headline()).startsWith("Storm: 8 services fail together");

        rig.minute();

        assertThat(rig.chat.last().headline()).startsWith("Storm: 9 services fail together");
        assertThat(rig.chat.begun()).isEqualTo(1);
        assertThat(storm(rig).orElseThrow().members()).noneMatch(member -> member.state() == Storm.State.JOINED);
    }

    @Test
    void isNoneWithFiveServices() {
        var rig = inAStorm(5);
        rig.act("act");

        assertThat(storm(rig)).isEmpty();
        assertThat(rig.writes).hasSize(1);
    }

    @Test
    void takesTheMessageOfTheIncidentThatPeopleKnow() {
        var rig = new GuardRig();
        rig.ecs.show(aSnapshot().mode("observe"));
        rig.deliver(rig.begins());
        rig.deliver(rig.crashes("a", 30));
        rig.tell();
        assertThat(rig.chat.last().headline()).doesNotStartWith("Storm");

        others(rig, 6, GuardRig.at(60));
        rig.deliver(GuardRig.event(GuardRig.crashed("b", 70).of(Shop.OLDER).build(), 70));
        rig.tell();

        assertThat(rig.chat.begun()).as("edited in place").isEqualTo(1);
        assertThat(rig.chat.last().headline()).startsWith("Storm: 8 services");
        assertThat(storm(rig).orElseThrow().leader())
                .isEqualTo(rig.incidents().stream()
                        .filter(incident -> incident.deployment().equals(NEW)
                                && incident.service().equals(WEB))
                        .findFirst()
                        .orElseThrow()
                        .id());
    }

    @Test
    void growsWithWhoeverFailsWithinTwoMinutesOfTheLast() {
        var rig = inAStorm(8);
        rig.deliver(GuardRig.event(GuardRig.crashed("b", 140).of(Shop.OLDER).build(), 140));

        assertThat(storm(rig).orElseThrow().members()).hasSize(9);
        assertThat(storm(rig).orElseThrow().lastAt()).isEqualTo(GuardRig.at(140));
    }

    @Test
    void isOverWhenAllAreWellAgain() {
        var rig = inAStorm(8);
        rig.minute();
        rig.memory.transact("end", stores -> {
            for (var n = 0; n < 7; n++) {
                var open = stores.incidents().find(new UUID(1, n)).orElseThrow();
                stores.incidents()
                        .update(
                                open.withProgress(
                                        new Progress.Dismissed(rig.time.instant(), "it stopped once and not again"),
                                        rig.time.instant()),
                                "dismissed");
            }
            return rig;
        });
        rig.ecs.show(aQuietSnapshot(Shop.NEWER));
        rig.minutes(5);

        assertThat(storm(rig)).isEmpty();
        assertThat(rig.chat.begun()).isEqualTo(1);
        assertThat(rig.chat.last().headline()).isEqualTo("Storm over: 8 services had failed together");
    }

    /** Who still fails an hour later is not forgotten. */
    @Test
    void tellsOfEachThatStillFailsWhenItHasLastedLong() {
        var rig = new GuardRig();
        others(rig, 7, rig.time.instant().minusSeconds(100));
        rig.ecs.show(aSnapshot());
        rig.deliver(rig.begins());
        rig.deliver(rig.crashes("a", 30));
        rig.minutes(3);
        assertThat(rig.chat.begun()).isEqualTo(1);

        rig.minutes(60);

        assertThat(storm(rig)).isEmpty();
        assertThat(rig.chat.begun()).isEqualTo(2);
        assertThat(rig.writes).isEmpty();
    }
}
