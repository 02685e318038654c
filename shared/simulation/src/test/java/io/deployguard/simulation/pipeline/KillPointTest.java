package io.deployguard.simulation.pipeline;

import static io.deployguard.fixture.Shop.NEW;
import static io.deployguard.fixture.Shop.WEB;
import static io.deployguard.fixture.Shop.attemptOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.action.Command;
import io.deployguard.decision.Mode;
import io.deployguard.event.GuardEvent;
import io.deployguard.incident.Incident;
import io.deployguard.incident.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The process ends at every single place that a release's story passes: around each call of a store, of ECS and of a channel. */
class KillPointTest {

    /** The process is gone; no catch clause sees that. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;

        Killed(String where) {
            super(where, null, false, false);
        }
    }

    /** Counts the places, and ends the process at one of them: nothing works any more until it is started again. */
    private static final class Life implements GuardRig.Passage {
        private final int killAt;
        private final List<String> places = new ArrayList<>();
        private boolean dead;

        Life(int killAt) {
            this.killAt = killAt;
        }

        @Override
        public void at(String place) {
            if (dead) {
                throw new Killed("still dead at " + place);
            }
            places.add(place);
            if (places.size() - 1 == killAt) {
                dead = true;
                throw new Killed(place);
            }
        }

        /** SQS hands the message out again, or the schedule wakes the function once more. */
        void untilItIsDone(Runnable invocation) {
            try {
                invocation.run();
            } catch (Killed gone) {
                dead = false;
                invocation.run();
            }
        }
    }

    private static GuardRig play(Life life) {
        return play(life, new GuardRig(GuardRig.CURABLE, life, Mode.AUTO));
    }

    private static GuardRig play(Life life, GuardRig rig) {
        return play(life, rig, rig.aBadRelease());
    }

    private static GuardRig play(Life life, GuardRig rig, List<GuardEvent> events) {
        events.forEach(event -> life.untilItIsDone(() -> rig.deliver(event)));
        life.untilItIsDone(() -> rig.act("act"));
        life.untilItIsDone(rig::tell);
        for (var minute = 0; minute < 12; minute++) {
            rig.time.passMinutes(1);
            var holder = "act-" + minute;
            life.untilItIsDone(rig::watch);
            life.untilItIsDone(() -> rig.act(holder));
            life.untilItIsDone(rig::tell);
        }
        return rig;
    }

    private static GuardRig playMigration(Life life) {
        var rig = MigrationRig.of(life, Mode.AUTO);
        rig.aBadRelease().forEach(event -> life.untilItIsDone(() -> rig.deliver(event)));
        life.untilItIsDone(() -> rig.act("act"));
        life.untilItIsDone(rig::tell);
        for (var minute = 0; minute < 14; minute++) {
            rig.time.passMinutes(1);
            if (minute == 4) {
                MigrationRig.end(rig, 0);
                life.untilItIsDone(() -> rig.deliver(MigrationRig.endEvent(0)));
            }
            var holder = "act-" + minute;
            life.untilItIsDone(rig::watch);
            life.untilItIsDone(() -> rig.act(holder));
            life.untilItIsDone(rig::tell);
        }
        return rig;
    }

    /** The same release, blue/green, waiting at a pause hook. */
    private static GuardRig playPaused(Life life) {
        var rig = new GuardRig(GuardRig.CURABLE, life, Mode.AUTO);
        rig.ecs.show(PausedDeploymentStoryTest.paused());
        return play(life, rig);
    }

    private static GuardRig playCopy(Life life) {
        return play(life, CopyRig.of(life, Mode.AUTO));
    }

    static IntStream placesOfACopy() {
        var life = new Life(-1);
        playCopy(life);
        return IntStream.range(0, life.places.size());
    }

    @ParameterizedTest
    @MethodSource("placesOfACopy")
    void aCopyIsRegisteredOnceAndIsFollowedByOneDeployment(int at) {
        var life = new Life(at);

        var rig = playCopy(life);

        assertActedOnce(rig, life.places.get(at), Progress.Outcome.HEALED, CopyRig.REGISTER, CopyRig.DEPLOY);
    }

    private static void assertActedOnce(GuardRig rig, String place, Progress.Outcome outcome, Command... writes) {
        assertThat(rig.writes).as(place).containsExactly(writes);
        assertThat(rig.incident().progress())
                .as(place)
                .isInstanceOfSatisfying(
                        Progress.Closed.class,
                        closed -> assertThat(closed.outcome()).isEqualTo(outcome));
        assertThat(rig.journal()).as(place).allMatch(entry -> entry.outcome().isPresent());
    }

    private static GuardRig playScaleDown(Life life) {
        return play(life, ScaleDownRig.of(life, Mode.AUTO));
    }

    static IntStream placesOfAScaleDown() {
        var life = new Life(-1);
        playScaleDown(life);
        return IntStream.range(0, life.places.size());
    }

    @ParameterizedTest
    @MethodSource("placesOfAScaleDown")
    void aLoopIsEndedOnceAndSaidNotToBeHealed(int at) {
        var life = new Life(at);

        var rig = playScaleDown(life);

        assertActedOnce(rig, life.places.get(at), Progress.Outcome.NOT_HEALED, ScaleDownRig.SCALE);
    }

    private static GuardRig playListener(Life life) {
        var rig = ListenerRig.of(life, Mode.AUTO);
        return play(life, rig, List.of(rig.begins(), rig.deployment("SERVICE_DEPLOYMENT_COMPLETED", 100)));
    }

    static IntStream placesOfAListener() {
        var life = new Life(-1);
        playListener(life);
        return IntStream.range(0, life.places.size());
    }

    @ParameterizedTest
    @MethodSource("placesOfAListener")
    void aListenerIsChangedOnce(int at) {
        var life = new Life(at);

        var rig = playListener(life);

        assertActedOnce(rig, life.places.get(at), Progress.Outcome.HEALED, ListenerRig.FORWARD);
    }

    private static List<String> placesOfAQuietLife() {
        var life = new Life(-1);
        play(life);
        return life.places;
    }

    static IntStream placesOfAMigration() {
        var life = new Life(-1);
        playMigration(life);
        return IntStream.range(0, life.places.size());
    }

    @ParameterizedTest
    @MethodSource("placesOfAMigration")
    void aMigrationRunsOnceAndIsFollowedByOneDeployment(int at) {
        var life = new Life(at);

        var rig = playMigration(life);

        assertActedOnce(rig, life.places.get(at), Progress.Outcome.HEALED, MigrationRig.RUN, MigrationRig.REDEPLOY);
    }

    static IntStream placesOfAPause() {
        var life = new Life(-1);
        playPaused(life);
        return IntStream.range(0, life.places.size());
    }

    @ParameterizedTest
    @MethodSource("placesOfAPause")
    void aPausedDeploymentIsAnsweredOnce(int at) {
        var life = new Life(at);

        var rig = playPaused(life);

        var place = life.places.get(at);
        assertThat(rig.writes).as(place).containsExactly(PausedDeploymentStoryTest.ANSWER);
        assertThat(rig.journal()).as(place).allMatch(entry -> entry.outcome().isPresent());
        assertThat(rig.chat.last().headline()).as(place).startsWith("Healed");
    }

    static IntStream places() {
        return IntStream.range(0, placesOfAQuietLife().size());
    }

    @Test
    void theStoryPassesEveryKindOfPlace() {
        assertThat(new TreeSet<>(placesOfAQuietLife()))
                .contains(
                        "before Inbox.accept",
                        "before commit of take in event",
                        "after take in event",
                        "before IncidentStore.insert",
                        "before gather evidence",
                        "before Outbox.want",
                        "after keep findings",
                        "before ServiceLease.acquire",
                        "before CommandJournal.claim",
                        "before CommandJournal.begin",
                        "before send command",
                        "after send command",
                        "before CommandJournal.finish",
                        "after release lease",
                        "before post to chat",
                        "after post to chat",
                        "before Outbox.shown",
                        "before follow up incident")
                .hasSizeGreaterThan(50);
    }

    @ParameterizedTest
    @MethodSource("places")
    void nothingIsLostOrDoneTwice(int at) {
        var life = new Life(at);

        var rig = play(life);

        var place = life.places.get(at);
        var told = rig.incidents().stream().filter(Incident::isTold).toList();
        assertThat(told).as(place).hasSize(1);
        assertThat(told.getFirst().progress())
                .as(place)
                .isInstanceOfSatisfying(
                        Progress.Closed.class,
                        closed -> assertThat(closed.outcome()).isEqualTo(Progress.Outcome.HEALED));
        assertThat(rig.writes).as(place).containsExactly(new Command.StopServiceDeployment(WEB, attemptOf(NEW)));
        assertThat(rig.chat.last().headline()).as(place).startsWith("Healed");
        assertThat(rig.pager.last().headline()).as(place).startsWith("Healed");
        // A message that was posted by a process that could not write it down is posted once more, and only that.
        var lost = life.places.subList(0, at + 1).contains("after post to chat") ? 1 : 0;
        assertThat(rig.chat.begun()).as(place).isBetween(1L, 1L + lost);
        assertThat(rig.pager.begun()).as(place).isLessThanOrEqualTo(2);
    }
}
