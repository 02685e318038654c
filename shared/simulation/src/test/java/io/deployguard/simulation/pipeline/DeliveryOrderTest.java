package io.deployguard.simulation.pipeline;

import static io.deployguard.fixture.Shop.NEW;
import static io.deployguard.fixture.Shop.WEB;
import static io.deployguard.fixture.Shop.attemptOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.action.Command;
import io.deployguard.event.GuardEvent;
import io.deployguard.incident.Incident;
import io.deployguard.incident.Progress;
import io.deployguard.incident.RevisionLedger;
import io.deployguard.pipeline.Diagnose;
import io.deployguard.pipeline.Handled;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** SQS delivers at least once, and in any order. */
class DeliveryOrderTest {

    /** What must be the same in the end, whatever the order was. */
    private record End(
            String progress,
            long told,
            String cause,
            List<Command> writes,
            boolean condemned,
            long messages,
            String lastMessage) {

        static End of(GuardRig rig) {
            var told = rig.incidents().stream().filter(Incident::isTold).toList();
            var condemned = rig.memory
                    .transact("look", stores -> stores.revisions().find(WEB, NEW))
                    .filter(RevisionLedger.Entry::isCondemned)
                    .isPresent();
            return new End(
                    told.stream()
                            .map(incident -> incident.progress() instanceof Progress.Closed closed
                                    ? closed.outcome().toString()
                                    : incident.progress().toString())
                            .toList()
                            .toString(),
                    told.size(),
                    told.getFirst().diagnosis().orElseThrow().explanation(),
                    List.copyOf(rig.writes),
                    condemned,
                    rig.chat.begun(),
                    rig.chat.last().headline());
        }
    }

    private static final End HEALED = new End(
            "[HEALED]",
            1,
            "what was seen",
            List.of(new Command.StopServiceDeployment(WEB, attemptOf(NEW))),
            true,
            1,
            "Healed – crash loop in web (shop): title of migration-conflict");

    /** The events one after the other, each function waking up in between, and then the minutes until all is over. */
    private static GuardRig play(Diagnose diagnose, List<GuardEvent> deliveries) {
        var rig = new GuardRig(diagnose);
        for (var event : deliveries) {
            rig.deliver(event);
            rig.act("act");
            rig.tell();
            rig.time.passSeconds(1);
        }
        rig.minutes(6);
        return rig;
    }

    private static List<GuardEvent> badRelease() {
        return new GuardRig().aBadRelease();
    }

    private static List<List<GuardEvent>> permutationsOf(List<GuardEvent> events) {
        if (events.isEmpty()) {
            return List.of(List.of());
        }
        var all = new ArrayList<List<GuardEvent>>();
        for (var first : events) {
            var rest = new ArrayList<>(events);
            rest.remove(first);
            for (var others : permutationsOf(rest)) {
                var one = new ArrayList<GuardEvent>();
                one.add(first);
                one.addAll(others);
                all.add(one);
            }
        }
        return all;
    }

    @Test
    void everyOrderOfAReleasesEventsEndsTheSame() {
        var ends = new HashMap<End, List<GuardEvent>>();
        var orders = permutationsOf(badRelease());
        orders.forEach(order -> ends.putIfAbsent(End.of(play(GuardRig.CURABLE, order)), order));

        assertThat(orders).hasSize(720);
        assertThat(ends.keySet()).as("with an order for each: %s", ends).containsExactly(HEALED);
    }

    /** The first stop decides, so that the incident may be over before the rest of its events arrive. */
    @Test
    void everyOrderEndsTheSameWhenTheFirstStopDecides() {
        var writes = new HashMap<List<Command>, List<GuardEvent>>();
        var told = new HashMap<Long, List<GuardEvent>>();
        for (var order : permutationsOf(badRelease())) {
            var end = End.of(play(GuardRig.BY_LINE, order));
            writes.putIfAbsent(end.writes(), order);
            told.putIfAbsent(end.told(), order);
            assertThat(end.progress()).as("order %s", order).isEqualTo("[HEALED]");
        }

        assertThat(writes.keySet()).containsExactly(HEALED.writes());
        assertThat(told.keySet()).containsExactly(1L);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void tenDeliveriesOfEachInAnyOrderEndTheSame(int seed) {
        var deliveries = new ArrayList<GuardEvent>();
        badRelease().forEach(event -> deliveries.addAll(Collections.nCopies(10, event)));
        Collections.shuffle(deliveries, new Random(seed));

        assertThat(End.of(play(GuardRig.CURABLE, deliveries))).isEqualTo(HEALED);
    }

    @Test
    void theSameEventTenTimesIsTakenInOnce() {
        var rig = new GuardRig(GuardRig.CURABLE);
        rig.deliverAll(badRelease());
        var before = rig.incident();

        for (var event : badRelease()) {
            for (var time = 0; time < 9; time++) {
                assertThat(rig.deliver(event)).isInstanceOf(Handled.Duplicate.class);
            }
        }

        assertThat(rig.incident()).isEqualTo(before);
    }

    /** Hours later, when everything is over, an old delivery turns up once more, and ECS reports a stopped task for the last time. */
    @Test
    void lateEventsOfAnIncidentThatIsOverChangeNothing() {
        var rig = play(GuardRig.CURABLE, badRelease());
        var end = End.of(rig);
        rig.time.passMinutes(240);

        rig.deliverAll(badRelease());
        rig.deliver(rig.isGone("b", 60, 300));
        rig.minutes(3);

        assertThat(End.of(rig)).isEqualTo(end);
        assertThat(rig.incidents()).hasSize(1);
    }

    /** A deployment that succeeds leaves nothing behind in any order of what ECS said about it. */
    @Test
    void everyOrderOfAHealthyReleasesEventsIsQuiet() {
        var quiet = new GuardRig();
        var events = List.of(
                quiet.begins(),
                quiet.runs("a", 20),
                quiet.runs("b", 25),
                quiet.deployment("SERVICE_DEPLOYMENT_COMPLETED", 90));
        Map<String, Integer> outcomes = new HashMap<>();
        for (var order : permutationsOf(events)) {
            var rig = new GuardRig();
            rig.ecs.show(io.deployguard.fixture.SnapshotBuilder.aQuietSnapshot(NEW));
            rig.deliverAll(order);
            rig.minutes(15);
            outcomes.merge(rig.incidents() + " " + rig.writes + " " + rig.chat.notices.size(), 1, Integer::sum);
        }
        assertThat(outcomes).isEqualTo(Map.of("[] [] 0", 24));
    }
}
