package io.deployguard.pipeline;

import static io.deployguard.fixture.DeploymentBuilder.aDeploymentOf;
import static io.deployguard.fixture.FixedTime.NOON;
import static io.deployguard.fixture.RolloutBuilder.aRolloutOf;
import static io.deployguard.fixture.Shop.NEW;
import static io.deployguard.fixture.Shop.NEWER;
import static io.deployguard.fixture.Shop.OLD;
import static io.deployguard.fixture.Shop.definitionOf;
import static io.deployguard.fixture.SnapshotBuilder.aQuietSnapshot;
import static io.deployguard.fixture.SnapshotBuilder.aRolledBackSnapshot;
import static io.deployguard.fixture.SnapshotBuilder.aSnapshot;
import static io.deployguard.fixture.SnapshotBuilder.running;
import static io.deployguard.fixture.TaskBuilder.aTask;
import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.ecs.ServiceDeployment.Status;
import io.deployguard.ecs.Stop;
import io.deployguard.fixture.SnapshotBuilder;
import io.deployguard.pipeline.Waiting.Look;
import io.deployguard.pipeline.Waiting.State;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WaitingTest {

    private static final Duration SOAK = Duration.ofSeconds(15);
    private static final Waiting WAITING = Waiting.begin(definitionOf(NEW), NOON, SOAK);

    record Case(String what, SnapshotBuilder now, State state, String because) {
        @Override
        public String toString() {
            return what;
        }
    }

    static List<Case> cases() {
        return List.of(
                new Case(
                        "under way",
                        aSnapshot(),
                        State.PENDING,
                        "0 of 2 tasks of web:42 are healthy, and its deployment is under way"),
                new Case(
                        "not begun",
                        aQuietSnapshot(OLD),
                        State.PENDING,
                        "no deployment of web:42 is to be seen yet; web:41 is the primary one"),
                new Case(
                        "turned around by ECS",
                        aSnapshot()
                                .deployments(aDeploymentOf(NEW)
                                        .status(Status.ROLLBACK_IN_PROGRESS)
                                        .rollbackTo(OLD)
                                        .build()),
                        State.ROLLED_BACK,
                        "web:42 is being rolled back"),
                new Case("rolled back", aRolledBackSnapshot(), State.ROLLED_BACK, "web:42 was rolled back"),
                new Case(
                        "rollback failed",
                        aSnapshot()
                                .deployments(aDeploymentOf(NEW)
                                        .status(Status.ROLLBACK_FAILED)
                                        .build()),
                        State.ROLLED_BACK,
                        "and that failed too"),
                new Case(
                        "stopped",
                        aSnapshot()
                                .deployments(aDeploymentOf(NEW)
                                        .status(Status.STOPPED)
                                        .build()),
                        State.FAILED,
                        "was stopped"),
                new Case(
                        "stopped for a newer one",
                        aQuietSnapshot(NEWER)
                                .deployments(
                                        aDeploymentOf(NEWER).build(),
                                        aDeploymentOf(NEW)
                                                .status(Status.STOPPED)
                                                .build()),
                        State.REPLACED,
                        "another deployment took its place; web:43 is the primary one"),
                new Case(
                        "given up without rollback",
                        aSnapshot()
                                .rollouts(aRolloutOf(NEW)
                                        .state("FAILED")
                                        .counts(2, 0, 0)
                                        .build()),
                        State.FAILED,
                        "ECS gave the deployment of web:42 up"),
                new Case(
                        "replaced",
                        aQuietSnapshot(NEWER)
                                .deployments(
                                        aDeploymentOf(NEWER)
                                                .status(Status.SUCCESSFUL)
                                                .build(),
                                        aDeploymentOf(NEW)
                                                .status(Status.SUCCESSFUL)
                                                .build()),
                        State.REPLACED,
                        "another deployment took its place; web:43 is the primary one"),
                new Case(
                        "given up and replaced, without the history",
                        aSnapshot()
                                .rollouts(
                                        aRolloutOf(OLD).counts(2, 2, 0).build(),
                                        aRolloutOf(NEW)
                                                .active()
                                                .state("FAILED")
                                                .counts(0, 0, 0)
                                                .build())
                                .deployments(),
                        State.ROLLED_BACK,
                        "ECS gave the deployment of web:42 up"),
                new Case(
                        "complete with a task too few",
                        aQuietSnapshot(NEW).tasks(running(NEW, 1)),
                        State.PENDING,
                        "1 of 2 tasks of web:42 are healthy"),
                new Case(
                        "baking",
                        aQuietSnapshot(NEW)
                                .deployments(aDeploymentOf(NEW)
                                        .status(Status.IN_PROGRESS)
                                        .build()),
                        State.PENDING,
                        "under way"),
                new Case("scaled to zero", aQuietSnapshot(NEW).desired(0), State.FAILED, "nothing of web:42 runs"),
                new Case("deleted", aQuietSnapshot(NEW).status("DRAINING"), State.FAILED, "the service is DRAINING"));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aLookSays(Case one) {
        var look = at(WAITING, one.now, 60);

        assertThat(look.state()).isEqualTo(one.state);
        assertThat(look.because()).contains(one.because);
    }

    @Test
    void isHealthyOnlyOnceItHasBeenSoForAWhile() {
        var first = at(WAITING, aQuietSnapshot(NEW), 60);
        assertThat(first.state()).isEqualTo(State.PENDING);
        assertThat(at(first.next(), aQuietSnapshot(NEW), 74).state()).isEqualTo(State.PENDING);

        var last = at(first.next(), aQuietSnapshot(NEW), 75);
        assertThat(last.state()).isEqualTo(State.HEALTHY);
        assertThat(last.because()).isEqualTo("2 of 2 tasks of web:42 are healthy");
        assertThat(last.subject()).contains(NEW);
    }

    @Test
    void beginsToCountAnewAfterABreak() {
        var first = at(WAITING, aQuietSnapshot(NEW), 60);
        var broken = at(first.next(), aQuietSnapshot(NEW).tasks(running(NEW, 1)), 65);

        assertThat(at(broken.next(), aQuietSnapshot(NEW), 80).state()).isEqualTo(State.PENDING);
    }

    @Test
    void takesAStopBetweenTwoLooksForABreak() {
        var first = at(WAITING, aQuietSnapshot(NEW), 60);
        var limping = aQuietSnapshot(NEW)
                .and(aTask().id("limping")
                        .of(NEW)
                        .stopped(
                                Stop.Code.ESSENTIAL_CONTAINER_EXITED,
                                "Essential container in task exited",
                                NOON.plusSeconds(70))
                        .build());

        var second = at(first.next(), limping, 80);

        assertThat(second.state()).isEqualTo(State.PENDING);
        assertThat(second.because()).contains("stopped unexpectedly again");
    }

    /** The pipeline has just deployed it again, and ECS does not list that attempt yet. */
    @Test
    void believesAnEndFromBeforeOnlyAfterAMoment() {
        var before = aRolledBackSnapshot()
                .deployments(aDeploymentOf(NEW)
                        .status(Status.ROLLBACK_SUCCESSFUL)
                        .rollbackTo(OLD)
                        .finishedAt(NOON.minusSeconds(30))
                        .build());

        assertThat(at(WAITING, before, 5).state()).isEqualTo(State.PENDING);
        assertThat(at(WAITING, before, 15).state()).isEqualTo(State.ROLLED_BACK);
    }

    @Test
    void waitsForWhatTheNewestDeploymentBringsWhenNobodyNamesIt() {
        assertThat(Waiting.newestOf(aSnapshot().build())).contains(definitionOf(NEW));
        assertThat(Waiting.newestOf(aRolledBackSnapshot().build())).contains(definitionOf(NEW));
        assertThat(Waiting.newestOf(aQuietSnapshot(OLD).deployments().build())).contains(definitionOf(OLD));
    }

    /** The same task definition, another image behind its tag: the definition alone would tell the wrong story. */
    @Test
    void seesARollbackToTheSameTaskDefinition() {
        var same = aSnapshot()
                .rollouts(aRolloutOf(OLD)
                        .definition(definitionOf(NEW))
                        .state("COMPLETED")
                        .counts(2, 2, 0)
                        .build())
                .deployments(aDeploymentOf(NEW)
                        .status(Status.ROLLBACK_SUCCESSFUL)
                        .rollbackTo(OLD)
                        .build())
                .tasks(running(OLD, 2));

        assertThat(at(WAITING, same, 60).state()).isEqualTo(State.ROLLED_BACK);
    }

    private static Look at(Waiting waiting, SnapshotBuilder now, long second) {
        return waiting.look(now.at(NOON.plusSeconds(second)).build());
    }
}
