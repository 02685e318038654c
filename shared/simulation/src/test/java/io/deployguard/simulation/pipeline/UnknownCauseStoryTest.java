package io.deployguard.simulation.pipeline;

import static io.deployguard.fixture.Shop.NEW;
import static io.deployguard.fixture.Shop.OLD;
import static io.deployguard.fixture.Shop.WEB;
import static io.deployguard.fixture.Shop.attemptOf;
import static io.deployguard.fixture.SnapshotBuilder.aSnapshot;
import static io.deployguard.fixture.TaskBuilder.aTask;
import static io.deployguard.simulation.pipeline.GuardRig.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.action.Command;
import io.deployguard.classification.CauseId;
import io.deployguard.decision.Mode;
import io.deployguard.decision.ModeSettings;
import io.deployguard.ecs.Container;
import io.deployguard.ecs.ServiceRef;
import io.deployguard.fixture.DiagnosisBuilder;
import io.deployguard.incident.Incident;
import io.deployguard.incident.Progress;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Tasks end without a word, and nobody can name the cause: what ECS's own circuit breaker would do, the guard does. */
class UnknownCauseStoryTest {

    private final GuardRig rig = new GuardRig(_ -> DiagnosisBuilder.UNKNOWN);

    /** So many tasks, five seconds each. */
    private static void fail(GuardRig rig, int tasks) {
        rig.deliver(rig.begins());
        for (var task = 0; task < tasks; task++) {
            rig.deliver(GuardRig.event(
                    GuardRig.crashed("silent-" + task, 30 + task)
                            .startedAt(at(25 + task))
                            .build(),
                    30 + task));
        }
    }

    @Test
    void goesBackAtTheSecondFailureAndSaysThatTheCauseIsNotKnown() {
        fail(rig, 2);
        rig.act("act");
        rig.tell();

        assertThat(rig.writes).containsExactly(new Command.StopServiceDeployment(WEB, attemptOf(NEW)));
        assertThat(rig.incident().grounds().orElseThrow().rule()).isEqualTo("roll-back-as-breaker");
        assertThat(rig.chat.notices.getFirst().toString())
                .contains("the cause is not known", "2 have failed", "2 of 2 earlier tasks are healthy");
    }

    @Test
    void makesNothingOfOneFailure() {
        fail(rig, 1);
        rig.minutes(3);

        assertThat(rig.writes).isEmpty();
        assertThat(rig.incident().progress()).isInstanceOf(Progress.Suspected.class);
    }

    /** It may name the cause, or tell that the schema has moved. */
    @Test
    void waitsAMinuteForTheFirstLineOfALog() {
        rig.logs.log();
        rig.deliver(rig.begins());
        for (var second = 100; second < 105; second++) {
            rig.deliver(GuardRig.event(
                    GuardRig.crashed("silent-" + second, second)
                            .startedAt(at(second - 5))
                            .build(),
                    second));
        }
        rig.act("act");

        assertThat(rig.writes).isEmpty();

        rig.minutes(2);

        assertThat(rig.writes).hasSize(1);
    }

    private static void failSilently(GuardRig rig, int from, int to) {
        for (var second = from; second <= to; second += 12) {
            rig.deliver(GuardRig.event(
                    GuardRig.crashed("silent-" + second, second)
                            .startedAt(at(second - 7))
                            .build(),
                    second));
        }
    }

    /** Its silence cannot be told from a late log, but for that of a task that ended a minute ago. */
    @Test
    void waitsNotForALogOfARevisionThatNeverWrites() {
        rig.logs.log();
        rig.deliver(rig.begins());
        failSilently(rig, 30, 78);
        rig.minutes(0);

        assertThat(rig.writes).isEmpty();

        failSilently(rig, 90, 102);
        rig.act("act");

        assertThat(rig.writes).containsExactly(new Command.StopServiceDeployment(WEB, attemptOf(NEW)));
    }

    /** Its last deployment completed after a task had failed. */
    @Test
    void waitsForAsManyFailuresAsTheBreakerWhereEarlierDeploymentsStumbledToo() {
        rig.memory.transact("remember", stores -> {
            stores.tasks()
                    .record(WEB, GuardRig.crashed("stumbled", -600).of(OLD).build(), at(-600));
            stores.revisions().started(WEB, OLD, at(-700));
            stores.revisions().completed(WEB, OLD, at(-500));
            return WEB;
        });
        fail(rig, 2);
        rig.act("act");

        assertThat(rig.writes).isEmpty();

        rig.deliver(
                GuardRig.event(GuardRig.crashed("third", 33).startedAt(at(28)).build(), 33));
        rig.act("act");

        assertThat(rig.writes).hasSize(1);
    }

    @Test
    void leavesItToAPersonWhileTheEarlierTasksAreIll() {
        rig.ecs.show(aSnapshot()
                .tasks(
                        aTask().id("old-1")
                                .of(OLD)
                                .health(Container.Health.UNHEALTHY)
                                .build(),
                        aTask().id("old-2").of(OLD).build()));
        fail(rig, 5);
        rig.minutes(3);

        assertThat(rig.writes).isEmpty();
    }

    @Test
    void leavesItToAPersonWhereAnotherServiceFailsInTheSameMinutes() {
        rig.memory.transact(
                "begin to fail",
                stores -> stores.incidents()
                        .insert(Incident.open(
                                UUID.randomUUID(),
                                new ServiceRef("aws", "eu-central-1", "123456789012", "shop", "cart"),
                                NEW,
                                new Progress.Investigating(at(3_600), 0),
                                new Incident.Sign("restart-loop", at(40), "2 stops"))));
        fail(rig, 5);
        rig.minutes(3);

        assertThat(rig.writes).isEmpty();
    }

    @Test
    void isSwitchedOffByTheModeOfUnknownCauses() {
        var careful = new GuardRig(
                _ -> DiagnosisBuilder.UNKNOWN,
                _ -> {},
                new ModeSettings(Mode.AUTO, Map.of(CauseId.UNKNOWN, Mode.OBSERVE)));

        fail(careful, 5);
        careful.minutes(3);

        assertThat(careful.writes).isEmpty();
        assertThat(careful.incident().grounds().orElseThrow().rule()).isEqualTo("mode-observe");
    }

    @Test
    void neverActsTwice() {
        fail(rig, 5);
        rig.minutes(10);

        assertThat(rig.writes).hasSize(1);
    }
}
