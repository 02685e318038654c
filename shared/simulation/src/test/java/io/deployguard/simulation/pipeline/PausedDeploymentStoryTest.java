package io.deployguard.simulation.pipeline;

import static io.deployguard.fixture.DeploymentBuilder.aDeploymentOf;
import static io.deployguard.fixture.Shop.NEW;
import static io.deployguard.fixture.Shop.OLD;
import static io.deployguard.fixture.Shop.OLDER;
import static io.deployguard.fixture.Shop.WEB;
import static io.deployguard.fixture.Shop.attemptOf;
import static io.deployguard.fixture.SnapshotBuilder.aRolledBackSnapshot;
import static io.deployguard.fixture.SnapshotBuilder.aSnapshot;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deployguard.action.Command;
import io.deployguard.ecs.ServiceDeployment;
import io.deployguard.ecs.ServiceDeployment.Status;
import io.deployguard.ecs.ServiceDescription.Strategy;
import io.deployguard.event.EventKey;
import io.deployguard.event.GuardEvent;
import io.deployguard.fault.GuardFault;
import io.deployguard.fixture.SnapshotBuilder;
import io.deployguard.incident.Progress;
import io.deployguard.notification.AwsCli;
import io.deployguard.pipeline.Handled;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A blue/green deployment waits at a pause hook, and its green tasks crash. */
class PausedDeploymentStoryTest {

    static final Command ANSWER = new Command.ContinueServiceDeployment(WEB, attemptOf(NEW), "hook-1");

    private final GuardRig rig = new GuardRig();

    static SnapshotBuilder paused() {
        return with(aDeploymentOf(NEW).stage("POST_SCALE_UP").awaits("hook-1").build());
    }

    private static SnapshotBuilder with(ServiceDeployment newest) {
        return aSnapshot()
                .strategy(Strategy.BLUE_GREEN)
                .deployments(
                        newest,
                        aDeploymentOf(OLD).status(Status.SUCCESSFUL).from(OLDER).build());
    }

    private static GuardEvent hook(String name) {
        return new GuardEvent.HookStateChange(
                new EventKey(name),
                GuardRig.at(90),
                WEB,
                name,
                attemptOf(NEW),
                "hook-1",
                "PAUSE",
                "POST_SCALE_UP",
                Optional.empty());
    }

    @Test
    void itsHookIsAnsweredWithRollback() {
        rig.ecs.show(paused());
        rig.deliverAll(rig.aBadRelease());
        rig.act("act");
        rig.minutes(5);

        assertThat(rig.writes).containsExactly(ANSWER);
        assertThat(rig.incident().progress())
                .isInstanceOfSatisfying(
                        Progress.Closed.class,
                        closed -> assertThat(closed.outcome()).isEqualTo(Progress.Outcome.HEALED));
    }

    /** In another mode a person is told the command that the guard would have sent. */
    @Test
    void theAnswerIsTheCommandThatAPersonIsGiven() {
        var watching = new GuardRig();
        watching.ecs.show(paused().mode("observe"));
        watching.deliverAll(watching.aBadRelease());
        watching.tell();

        assertThat(watching.writes).isEmpty();
        assertThat(watching.chat.notices.getLast().toString())
                .contains(
                        "Roll back while the deployment waits at its hook",
                        AwsCli.of(ANSWER),
                        "The same once it goes on",
                        AwsCli.stopServiceDeployment(WEB, attemptOf(NEW)))
                .doesNotContain("Do what the guard would do");
    }

    /** A person lets it go on between the guard's look and its answer. */
    @Test
    void aDeploymentThatGoesOnInTheMeantimeIsStoppedAfterAnotherLook() {
        rig.ecs.show(paused());
        rig.deliverAll(rig.aBadRelease());
        rig.effect(command -> {
            if (command.equals(ANSWER)) {
                rig.ecs.show(with(aDeploymentOf(NEW).stage("TEST_TRAFFIC_SHIFT").build()));
                throw new GuardFault.Unavailable("pause hook hook-1 awaits no answer any more", null);
            }
            rig.ecs.show(rig.rolledBack());
        });

        assertThatThrownBy(() -> rig.act("act")).isInstanceOf(GuardFault.Unavailable.class);
        rig.minutes(5);

        assertThat(rig.writes).containsExactly(ANSWER, new Command.StopServiceDeployment(WEB, attemptOf(NEW)));
        assertThat(rig.journal())
                .extracting(entry -> entry.outcome().orElseThrow())
                .containsExactly("no-effect", "done");
    }

    /** The answer got lost: what ECS shows decides, and nothing is sent again. */
    @ParameterizedTest
    @EnumSource(
            value = Status.class,
            names = {"ROLLBACK_REQUESTED", "ROLLBACK_IN_PROGRESS"})
    void anAnswerThatTookEffectIsNotSentAgain(Status status) {
        rig.ecs.show(paused());
        rig.deliverAll(rig.aBadRelease());
        rig.effect(command -> {
            rig.ecs.show(with(aDeploymentOf(NEW).status(status).build()));
            throw new GuardFault.TimedOut("ContinueServiceDeployment: no answer in time", null);
        });

        assertThatThrownBy(() -> rig.act("act")).isInstanceOf(GuardFault.TimedOut.class);
        rig.act("next");

        assertThat(rig.writes).containsExactly(ANSWER);
        assertThat(rig.journal()).singleElement().satisfies(entry -> {
            assertThat(entry.outcome()).contains("already-so");
            assertThat(entry.detail()).contains("the service deployment is " + status);
        });
    }

    @Nested
    class AHook {

        @Test
        void thatWaitsIsNoTrouble() {
            rig.ecs.show(paused());

            assertThat(rig.deliver(hook("HOOK_AWAITING_ACTION"))).isInstanceOf(Handled.Noted.class);
            assertThat(rig.incidents()).isEmpty();
        }

        /** ECS goes back by itself; without this nobody would be told. */
        @Test
        void thatFailsIsToldAndTheRollbackOfEcsFollowed() {
            rig.ecs.show(aRolledBackSnapshot().strategy(Strategy.BLUE_GREEN));

            rig.deliver(hook("HOOK_FAILED"));
            rig.minutes(5);

            assertThat(rig.writes).isEmpty();
            assertThat(rig.incident().signs())
                    .extracting(sign -> sign.what())
                    .containsExactly(
                            "lifecycle hook hook-1 at POST_SCALE_UP failed, so that ECS gives the deployment up");
            assertThat(rig.chat.notices).isNotEmpty();
        }

        @Test
        void ofADeploymentThatEcsForgotIsNoted() {
            rig.ecs.show(aSnapshot().deployments());

            assertThat(rig.deliver(hook("HOOK_FAILED")))
                    .isEqualTo(new Handled.Noted(
                            "hook hook-1 of service " + WEB + ": HOOK_FAILED, of a deployment that ECS does not list"));
            assertThat(rig.incidents()).isEqualTo(List.of());
        }
    }
}
