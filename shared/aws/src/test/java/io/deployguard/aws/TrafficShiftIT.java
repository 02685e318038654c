package io.deployguard.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deployguard.action.Command;
import io.deployguard.action.CommandOutcome;
import io.deployguard.aws.ecs.EcsCommandExecutor;
import io.deployguard.aws.ecs.EcsSnapshotSource;
import io.deployguard.ecs.ServiceDeployment;
import io.deployguard.ecs.ServiceDeployment.Status;
import io.deployguard.fault.GuardFault;
import io.deployguard.incident.Progress;
import io.deployguard.simulation.account.Behavior;
import io.deployguard.simulation.account.Json;
import io.deployguard.simulation.account.ServiceBuilder;
import java.time.Duration;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The guard over a service whose deployments shift traffic, through the SDK and, for hooks, beside it. */
class TrafficShiftIT {

    private static final Duration LONG_ENOUGH = Duration.ofMinutes(15);
    private static final String FUNCTION = "arn:aws:lambda:eu-central-1:123456789012:function:smoke-test";

    private SimulatedShop shop = SimulatedShop.shifting(TrafficShiftIT::paused);

    private static ServiceBuilder paused(ServiceBuilder service) {
        return service.blueGreen(Duration.ofMinutes(5)).pause("POST_SCALE_UP", Duration.ofHours(2), "CONTINUE");
    }

    private GuardedShop guarded(UnaryOperator<ServiceBuilder> strategy) {
        shop.close();
        shop = SimulatedShop.shifting(strategy);
        return new GuardedShop(shop);
    }

    @AfterEach
    void close() {
        shop.close();
    }

    private ServiceDeployment deployment() {
        return new EcsSnapshotSource(shop.clients(), shop.account().clock())
                .describe(SimulatedShop.WEB)
                .currentDeployment()
                .orElseThrow();
    }

    private static Progress.Outcome end(GuardedShop guarded) {
        return guarded.incident().progress() instanceof Progress.Closed closed
                ? closed.outcome()
                : throwing("not closed: " + guarded.incident().progress());
    }

    private static Progress.Outcome throwing(String what) {
        throw new AssertionError(what);
    }

    @Nested
    class TheGuard {

        @Test
        void stopsADeploymentWhoseGreenTasksCrashWhileBlueServes() {
            var guarded = guarded(service -> service.blueGreen(Duration.ofMinutes(5)));
            guarded.release();
            assertThat(deployment().stage()).contains("SCALE_UP");

            guarded.runOn(LONG_ENOUGH);

            assertThat(guarded.writes()).containsExactly("StopServiceDeployment");
            assertThat(deployment().status()).isEqualTo(Status.ROLLBACK_SUCCESSFUL);
            assertThat(shop.shareOfTheFirstGroup()).isEqualTo(100);
            assertThat(end(guarded)).isEqualTo(Progress.Outcome.HEALED);
        }

        /** Left to itself the pause would end with all users on the crashing tasks. */
        @Test
        void answersTheHookAtWhichADeploymentWithCrashingGreenTasksWaits() {
            var guarded = guarded(TrafficShiftIT::paused);
            guarded.release(Behavior.crashingLate(Duration.ofMinutes(4), 134, SimulatedShop.LINE));
            assertThat(deployment().stage()).contains("POST_SCALE_UP");

            guarded.runOn(LONG_ENOUGH);

            assertThat(guarded.writes()).containsExactly("ContinueServiceDeployment");
            assertThat(shop.endpoint().calls("ContinueServiceDeployment"))
                    .singleElement()
                    .satisfies(call -> assertThat(call.request().toString()).contains("ROLLBACK"));
            assertThat(deployment().status()).isEqualTo(Status.ROLLBACK_SUCCESSFUL);
            assertThat(end(guarded)).isEqualTo(Progress.Outcome.HEALED);
        }

        @Test
        void stopsACanaryBeforeMoreThanItsShareIsLost() {
            var guarded = guarded(service -> service.canary(10, Duration.ofMinutes(10), Duration.ofMinutes(5)));
            guarded.release(Behavior.crashingUnderTraffic(Duration.ofSeconds(20), 134, SimulatedShop.LINE));
            var least = 100;
            for (var minute = 0; minute < LONG_ENOUGH.toMinutes(); minute++) {
                guarded.runOn(Duration.ofMinutes(1));
                least = Math.min(least, shop.shareOfTheFirstGroup());
            }

            assertThat(guarded.writes()).containsExactly("StopServiceDeployment");
            assertThat(least).isEqualTo(90);
            assertThat(shop.shareOfTheFirstGroup()).isEqualTo(100);
            assertThat(end(guarded)).isEqualTo(Progress.Outcome.HEALED);
        }

        /** ECS goes back by itself, and no other event would say that anything failed. */
        @Test
        void tellsOfADeploymentThatItsHookRefused() {
            var guarded = guarded(
                    service -> service.blueGreen(Duration.ofMinutes(5)).hook("POST_TEST_TRAFFIC_SHIFT", FUNCTION));
            shop.account().hookFunction(FUNCTION, _ -> "FAILED");
            guarded.release(Behavior.healthy());

            guarded.runOn(LONG_ENOUGH);

            assertThat(guarded.writes()).isEmpty();
            assertThat(guarded.incident().signs())
                    .anySatisfy(sign -> assertThat(sign.what()).contains("POST_TEST_TRAFFIC_SHIFT", "failed"));
            assertThat(end(guarded)).isEqualTo(Progress.Outcome.RECOVERED);
        }
    }

    @Nested
    class TheAnswerToAHook {

        private static final UUID INCIDENT = UUID.randomUUID();

        private final EcsCommandExecutor executor = new EcsCommandExecutor(shop.clients());

        private Command.ContinueServiceDeployment answer() {
            shop.account().behavior("web:2", Behavior.healthy());
            shop.release();
            shop.account().advance(Duration.ofMinutes(2));
            var deployment = deployment();
            var hook = deployment.awaitedHook().orElseThrow();
            assertThat(hook.onTimeout()).contains("CONTINUE");
            assertThat(hook.expiresAt()).isPresent();
            return new Command.ContinueServiceDeployment(SimulatedShop.WEB, deployment.arn(), hook.id());
        }

        @Test
        void turnsTheDeploymentAroundAndFindsItOnItsWayTheSecondTime() {
            var answer = answer();

            assertThat(executor.execute(answer, INCIDENT)).isEqualTo(new CommandOutcome.Done(answer.describe()));
            assertThat(deployment().status().isRollingBack()).isTrue();
            assertThat(deployment().awaitedHook()).isEmpty();
            assertThat(executor.execute(answer, INCIDENT)).isInstanceOf(CommandOutcome.AlreadySo.class);
            assertThat(shop.endpoint().calls("ContinueServiceDeployment")).hasSize(2);
        }

        /** What is right then another look has to say. */
        @Test
        void isAFaultThatPassesWhenSomebodyLetItGoOn() {
            var answer = answer();
            shop.account()
                    .ecs()
                    .continueServiceDeployment(Json.object()
                            .put("serviceDeploymentArn", answer.serviceDeploymentArn())
                            .put("hookId", answer.hookId()));

            assertThatThrownBy(() -> executor.execute(answer, INCIDENT))
                    .isInstanceOf(GuardFault.Unavailable.class)
                    .hasMessageContaining("awaits no answer any more");
            assertThat(deployment().status()).isEqualTo(Status.IN_PROGRESS);
        }
    }
}
