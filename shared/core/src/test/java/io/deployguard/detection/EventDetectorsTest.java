package io.deployguard.detection;

import static io.deployguard.fixture.DeploymentBuilder.aDeploymentOf;
import static io.deployguard.fixture.FixedTime.NOON;
import static io.deployguard.fixture.Shop.NEW;
import static io.deployguard.fixture.Shop.OLD;
import static io.deployguard.fixture.Shop.WEB;
import static io.deployguard.fixture.Shop.attemptOf;
import static io.deployguard.fixture.SnapshotBuilder.aSnapshot;
import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.ecs.ServiceDeployment.Status;
import io.deployguard.event.EventKey;
import io.deployguard.event.GuardEvent;
import io.deployguard.fixture.DeploymentBuilder;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What ECS says in so many words. */
class EventDetectorsTest {

    private static Optional<? extends Detection> detect(GuardEvent event) {
        return Detectors.detect(
                new Observation(Optional.of(event), WEB, NEW, List.of(), false, Optional.empty(), NOON),
                DetectionSettings.DEFAULT);
    }

    private static GuardEvent.DeploymentStateChange deployment(String name, String reason) {
        return new GuardEvent.DeploymentStateChange(new EventKey("1"), NOON, WEB, name, NEW, reason);
    }

    private static GuardEvent.ServiceAction action(String name, String reason) {
        return new GuardEvent.ServiceAction(new EventKey("1"), NOON, WEB, name, reason);
    }

    @Test
    void takesEcsAtItsWordThatTheDeploymentFailed() {
        assertThat(detect(deployment("SERVICE_DEPLOYMENT_FAILED", "tasks failed to start.")))
                .isEqualTo(Optional.of(new Detection.FailedDeployment(
                        WEB, NEW, NOON, "ECS gave the deployment up: tasks failed to start.")));
        assertThat(detect(deployment("SERVICE_DEPLOYMENT_FAILED", "")).map(Detection::because))
                .isEqualTo(Optional.of("ECS gave the deployment up"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"SERVICE_DEPLOYMENT_IN_PROGRESS", "SERVICE_DEPLOYMENT_COMPLETED"})
    void findsNothingInADeploymentThatGoesOn(String name) {
        assertThat(detect(deployment(name, "")).isPresent()).isFalse();
    }

    private static Optional<? extends Detection> detect(String hookName, DeploymentBuilder deployment) {
        var hook = new GuardEvent.HookStateChange(
                new EventKey("1"),
                NOON,
                WEB,
                hookName,
                attemptOf(NEW),
                "hook-1",
                "PAUSE",
                "POST_SCALE_UP",
                Optional.empty());
        var look = new Observation.Look(
                aSnapshot().deployments(deployment.build()).build(),
                Optional.empty(),
                NOON,
                Optional.empty(),
                Optional.empty());
        return Detectors.detect(
                new Observation(Optional.of(hook), WEB, NEW, List.of(), false, Optional.of(look), NOON),
                DetectionSettings.DEFAULT);
    }

    @Test
    void aHookThatRefusesADeploymentEndsIt() {
        assertThat(detect("HOOK_FAILED", aDeploymentOf(NEW)))
                .isEqualTo(Optional.of(new Detection.FailedDeployment(
                        WEB,
                        NEW,
                        NOON,
                        "lifecycle hook hook-1 at POST_SCALE_UP failed, so that ECS gives the deployment up")));
    }

    /** The setting of the pause, or what ECS already does, tells whether it went on. */
    @Test
    void aPauseThatNobodyAnsweredEndsTheDeploymentOnlyWhenEcsGoesBack() {
        assertThat(detect("HOOK_TIMED_OUT", aDeploymentOf(NEW).awaits("hook-1")).map(Detection::because))
                .isEqualTo(
                        Optional.of("lifecycle hook hook-1 at POST_SCALE_UP was not answered in time, so that ECS gives"
                                + " the deployment up"));
        assertThat(detect("HOOK_TIMED_OUT", aDeploymentOf(NEW).status(Status.ROLLBACK_REQUESTED))
                        .isPresent())
                .isTrue();
        assertThat(detect("HOOK_TIMED_OUT", aDeploymentOf(NEW).rollbackTo(OLD)).isPresent())
                .isTrue();
        assertThat(detect("HOOK_TIMED_OUT", aDeploymentOf(NEW).awaits("hook-2")).isPresent())
                .isFalse();
        assertThat(detect("HOOK_AWAITING_ACTION", aDeploymentOf(NEW).awaits("hook-1"))
                        .isPresent())
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            SERVICE_TASK_START_IMPAIRED                  | ECS is unable to consistently start tasks
            SERVICE_TASK_PLACEMENT_FAILURE               | ECS finds no place for a task
            SERVICE_TASK_CONFIGURATION_FAILURE           | ECS cannot start a task with this configuration
            SERVICE_DAEMON_PLACEMENT_CONSTRAINT_VIOLATED | a daemon task no longer fits its host
            SERVICE_DEPLOYMENT_FAILED                    | ECS gave the deployment up
            """)
    void goesByTheNameOfAServiceAction(String name, String because) {
        assertThat(Detectors.isOfInterest(action(name, ""))).isTrue();
        assertThat(detect(action(name, "RESOURCE:FARGATE")))
                .isEqualTo(Optional.of(
                        new Detection.ImpairedStart(WEB, NEW, NOON, name, because + " (RESOURCE:FARGATE)")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"SERVICE_STEADY_STATE", "TASKS_STOPPED", "ECS_OPERATION_THROTTLED", "A_NAME_OF_NEXT_YEAR"})
    void findsNothingInOtherServiceActions(String name) {
        assertThat(Detectors.isOfInterest(action(name, ""))).isFalse();
        assertThat(detect(action(name, "")).isPresent()).isFalse();
    }
}
