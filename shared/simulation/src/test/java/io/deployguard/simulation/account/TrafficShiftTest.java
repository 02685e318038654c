package io.deployguard.simulation.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deployguard.simulation.account.TrafficShift.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Blue/green, linear and canary deployments as a caller of ECS and of its load balancer sees them. */
class TrafficShiftTest {
    private static final String FUNCTION = "arn:aws:lambda:eu-central-1:123456789012:function:smoke-test";

    private final SimulatedAccount account = SimulatedAccount.in(
            "eu-central-1", "123456789012", SimulatedClock.manual(Instant.parse("2026-02-03T09:00:00Z")));
    private final List<JsonNode> hookEvents = new ArrayList<>();
    private final TargetGroup first = group("web-a");
    private final TargetGroup second = group("web-b");
    private final LoadBalancer.Listener listener =
            account.loadBalancing().loadBalancer("shop").listener(443, LoadBalancer.forwardTo(first, second));

    private TargetGroup group(String name) {
        return account.loadBalancing()
                .targetGroup(
                        name,
                        8080,
                        TargetGroup.HealthCheck.of("/health").every(Duration.ofSeconds(10)),
                        Duration.ofSeconds(10));
    }

    @AfterEach
    void close() {
        account.close();
    }

    private TrafficShiftTest with(UnaryOperator<ServiceBuilder> strategy) {
        account.onEvent(event -> {
            if (event.path("detail-type").asText().equals("ECS Hook State Change")) {
                hookEvents.add(event);
            }
        });
        account.cluster("shop");
        register();
        strategy.apply(account.service("shop", "web")
                        .desired(2)
                        .behind(first, "app", 8080)
                        .paired(second, listener.defaultRule()))
                .create("web:1");
        account.advance(Duration.ofMinutes(3));
        return this;
    }

    private void register() {
        account.registerTaskDefinition("""
                {"family":"web","networkMode":"awsvpc","requiresCompatibilities":["FARGATE"],"cpu":"256","memory":"512",
                 "containerDefinitions":[{"name":"app","image":"shop/web","essential":true,
                  "portMappings":[{"containerPort":8080}]}]}""");
    }

    private void deploy(int revision, Behavior behavior) {
        account.behavior("web:" + revision, behavior);
        register();
        account.ecs()
                .updateService(Json.object()
                        .put("cluster", "shop")
                        .put("service", "web")
                        .put("taskDefinition", "web:" + revision));
    }

    private JsonNode deployment() {
        var request = Json.object();
        request.putArray("serviceDeploymentArns")
                .add(service().path("currentServiceDeployment").asText());
        return account.inventory()
                .describeServiceDeployments(request)
                .path("serviceDeployments")
                .path(0);
    }

    private JsonNode service() {
        var request = Json.object().put("cluster", "shop");
        request.putArray("services").add("web");
        return account.inventory().describeServices(request).path("services").path(0);
    }

    private String status() {
        return deployment().path("status").asText();
    }

    private String stage() {
        return deployment().path("lifecycleStage").asText("none");
    }

    /** Running tasks by their task definition. */
    private Map<String, Integer> tasks() {
        var counts = new LinkedHashMap<String, Integer>();
        for (var rollout : service().path("deployments")) {
            var name = Arns.nameIn(rollout.path("taskDefinition").asText());
            counts.merge(name, rollout.path("runningCount").asInt(), Integer::sum);
        }
        counts.values().removeIf(count -> count == 0);
        return counts;
    }

    /** The weight of each group in the listener's rule. */
    private List<Integer> weights() {
        var weights = new LinkedHashMap<String, Integer>();
        LoadBalancer.weighted(account.loadBalancing()
                        .describeRules(listener.arn())
                        .getLast()
                        .path("Actions")
                        .path(0))
                .forEach(group -> weights.put(
                        group.path("TargetGroupArn").asText(),
                        group.path("Weight").asInt()));
        return List.of(weights.get(first.arn()), weights.get(second.arn()));
    }

    private void until(String wanted) {
        for (int second = 0; second < 100_000; second += 5) {
            if (stage().equals(wanted)) {
                return;
            }
            account.advance(Duration.ofSeconds(5));
        }
        throw new AssertionError("%s never came; the deployment is %s at %s".formatted(wanted, status(), stage()));
    }

    private List<String> stagesUntilTheEnd() {
        var stages = new ArrayList<String>();
        for (int second = 0; second < 100_000 && !status().equals("SUCCESSFUL"); second++) {
            if (stages.isEmpty() || !stages.getLast().equals(stage())) {
                stages.add(stage());
            }
            account.advance(Duration.ofSeconds(1));
        }
        return stages;
    }

    private void stop(String type) {
        account.ecs()
                .stopServiceDeployment(Json.object()
                        .put(
                                "serviceDeploymentArn",
                                deployment().path("serviceDeploymentArn").asText())
                        .put("stopType", type));
    }

    private void assertServesOnly(String definition, int firstWeight) {
        assertThat(tasks()).isEqualTo(Map.of(definition, 2));
        assertThat(weights()).containsExactly(firstWeight, 100 - firstWeight);
    }

    @Nested
    class BlueGreen {

        @Test
        void passesAllStagesAndGivesTheOtherGroupItsTurn() {
            with(service -> service.blueGreen(Duration.ofMinutes(5)));
            assertServesOnly("web:1", 100);
            deploy(2, Behavior.healthy());

            assertThat(stagesUntilTheEnd())
                    .containsExactly(
                            "PRE_SCALE_UP",
                            "SCALE_UP",
                            "POST_SCALE_UP",
                            "TEST_TRAFFIC_SHIFT",
                            "POST_TEST_TRAFFIC_SHIFT",
                            "PRE_PRODUCTION_TRAFFIC_SHIFT",
                            "PRODUCTION_TRAFFIC_SHIFT",
                            "POST_PRODUCTION_TRAFFIC_SHIFT",
                            "BAKE_TIME",
                            "CLEAN_UP");

            assertServesOnly("web:2", 0);
            deploy(3, Behavior.healthy());
            stagesUntilTheEnd();
            assertServesOnly("web:3", 100);
        }

        @Test
        void bringsGreenUpBesideBlueBeforeAnybodyIsSentThere() {
            with(service -> service.blueGreen(Duration.ofMinutes(5)));
            deploy(2, Behavior.healthy());
            until("POST_SCALE_UP");

            assertThat(tasks()).isEqualTo(Map.of("web:2", 2, "web:1", 2));
            assertThat(weights()).containsExactly(100, 0);
            assertThat(deployment()
                            .path("targetServiceRevision")
                            .path("requestedProductionTrafficWeight")
                            .asDouble())
                    .isZero();

            until("BAKE_TIME");
            assertThat(tasks()).isEqualTo(Map.of("web:2", 2, "web:1", 2));
            assertThat(weights()).containsExactly(0, 100);
            assertThat(deployment()
                            .path("sourceServiceRevisions")
                            .path(0)
                            .path("requestedProductionTrafficWeight")
                            .asDouble())
                    .isZero();
        }

        /** The circuit breaker is for rolling updates: a stage lasts a day before ECS gives up. */
        @Test
        void waitsADayForGreenTasksThatNeverGetWell() {
            with(service -> service.blueGreen(Duration.ofMinutes(5)).circuitBreaker(true));
            deploy(2, Behavior.crashing(Duration.ofSeconds(4), 1, "no"));
            account.advance(Duration.ofHours(23));
            assertThat(stage()).isEqualTo("SCALE_UP");
            assertThat(weights()).containsExactly(100, 0);

            account.advance(Duration.ofHours(2));

            assertThat(status()).isEqualTo("ROLLBACK_SUCCESSFUL");
            assertThat(deployment().path("rollback").path("reason").asText()).contains("SCALE_UP", "24 hours");
            assertServesOnly("web:1", 100);
        }

        @ParameterizedTest
        @EnumSource(value = Stage.class, mode = EnumSource.Mode.EXCLUDE, names = "RECONCILE_SERVICE")
        void goesBackFromAnyStage(Stage stage) {
            with(service -> service.blueGreen(Duration.ofMinutes(5)));
            deploy(2, Behavior.healthy());
            until(stage.name());

            stop("ROLLBACK");
            account.advance(Duration.ofMinutes(3));

            assertThat(status()).isEqualTo("ROLLBACK_SUCCESSFUL");
            assertThat(stage()).isEqualTo("none");
            assertServesOnly("web:1", 100);
            assertThatThrownBy(() -> stop("ROLLBACK")).isInstanceOf(AwsError.class);
        }

        /** While blue comes up again, green goes on serving. */
        @Test
        void givesTrafficBackFromTheCleanUpOnceBlueIsWell() {
            with(service -> service.blueGreen(Duration.ofMinutes(1)));
            deploy(2, Behavior.healthy());
            until("CLEAN_UP");
            account.advance(Duration.ofSeconds(6));

            stop("ROLLBACK");
            account.advance(Duration.ofSeconds(10));
            assertThat(weights()).containsExactly(0, 100);

            account.advance(Duration.ofMinutes(3));
            assertServesOnly("web:1", 100);
        }

        @Test
        void staysAsItIsWhenAborted() {
            with(service -> service.blueGreen(Duration.ofMinutes(5)));
            deploy(2, Behavior.healthy());
            until("BAKE_TIME");

            stop("ABORT");
            account.advance(Duration.ofHours(1));

            assertThat(status()).isEqualTo("STOPPED");
            assertThat(tasks()).isEqualTo(Map.of("web:2", 2, "web:1", 2));
            assertThat(weights()).containsExactly(0, 100);
        }

        @Test
        void leavesTheFieldToANewerDeployment() {
            with(service -> service.blueGreen(Duration.ofMinutes(5)));
            deploy(2, Behavior.crashing(Duration.ofSeconds(4), 1, "no"));
            until("SCALE_UP");
            account.advance(Duration.ofMinutes(1));

            deploy(3, Behavior.healthy());
            assertThat(stage()).isEqualTo("RECONCILE_SERVICE");
            stagesUntilTheEnd();

            assertServesOnly("web:3", 0);
        }
    }

    @Nested
    class BySteps {

        private List<Integer> sharesUntilTheEnd() {
            var shares = new ArrayList<Integer>();
            for (int second = 0; second < 100_000 && !status().equals("SUCCESSFUL"); second += 5) {
                var share = weights().get(1);
                if (shares.isEmpty() || !shares.getLast().equals(share)) {
                    shares.add(share);
                }
                account.advance(Duration.ofSeconds(5));
            }
            return shares;
        }

        @Test
        void aCanaryGetsItsSmallShareFirst() {
            with(service -> service.canary(5, Duration.ofMinutes(10), Duration.ofMinutes(2)));
            deploy(2, Behavior.healthy());

            assertThat(sharesUntilTheEnd()).containsExactly(0, 5, 100);
        }

        @Test
        void aLinearShiftGoesInEqualParts() {
            with(service -> service.linear(30, Duration.ofMinutes(6), Duration.ofMinutes(2)));
            deploy(2, Behavior.healthy());

            assertThat(sharesUntilTheEnd()).containsExactly(0, 30, 60, 90, 100);
        }

        @Test
        void theShareIsKeptForItsTime() {
            with(service -> service.canary(5, Duration.ofMinutes(10), Duration.ofMinutes(2)));
            deploy(2, Behavior.healthy());
            until("PRODUCTION_TRAFFIC_SHIFT");
            account.advance(Duration.ofMinutes(9));
            assertThat(weights()).containsExactly(95, 5);

            account.advance(Duration.ofMinutes(2));

            assertThat(weights()).containsExactly(0, 100);
        }

        /** What only users bring out shows with the first of them. */
        @Test
        void whoCrashesUnderTrafficDoesSoAtTheFirstStep() {
            with(service -> service.canary(5, Duration.ofMinutes(10), Duration.ofMinutes(2)));
            deploy(2, Behavior.crashingUnderTraffic(Duration.ofSeconds(20), 1, "KeyError: 'tenant_id'"));
            until("POST_TEST_TRAFFIC_SHIFT");
            account.advance(Duration.ofSeconds(4));
            assertThat(stopped()).isZero();

            account.advance(Duration.ofMinutes(2));

            assertThat(stage()).isEqualTo("PRODUCTION_TRAFFIC_SHIFT");
            assertThat(stopped()).isPositive();
        }

        private int stopped() {
            return account.inventory()
                    .listTasks(Json.object().put("cluster", "shop").put("desiredStatus", "STOPPED"))
                    .path("taskArns")
                    .size();
        }
    }

    @Nested
    class Hooks {

        private JsonNode hook() {
            return deployment().path("lifecycleHookDetails").path(0);
        }

        private void answer(String action) {
            var request = Json.object()
                    .put(
                            "serviceDeploymentArn",
                            deployment().path("serviceDeploymentArn").asText())
                    .put("hookId", hook().path("hookId").asText());
            account.ecs().continueServiceDeployment(action.isEmpty() ? request : request.put("action", action));
        }

        private List<String> told() {
            return hookEvents.stream()
                    .map(event -> event.path("detail").path("eventName").asText())
                    .toList();
        }

        private void paused(String onTimeout) {
            with(service ->
                    service.blueGreen(Duration.ofMinutes(1)).pause("POST_SCALE_UP", Duration.ofHours(1), onTimeout));
            deploy(2, Behavior.healthy());
            until("POST_SCALE_UP");
            account.advance(Duration.ofMinutes(10));
        }

        @Test
        void aPauseHoldsTheDeploymentAndSaysSo() {
            paused("ROLLBACK");

            assertThat(stage()).isEqualTo("POST_SCALE_UP");
            assertThat(hook().path("status").asText()).isEqualTo("AWAITING_ACTION");
            assertThat(hook().path("timeoutAction").asText()).isEqualTo("ROLLBACK");
            assertThat(hookEvents).singleElement().satisfies(event -> {
                var detail = event.path("detail");
                assertThat(detail.path("eventName").asText()).isEqualTo("HOOK_AWAITING_ACTION");
                assertThat(detail.path("hookType").asText()).isEqualTo("PAUSE");
                assertThat(detail.path("hookId")).isEqualTo(hook().path("hookId"));
                assertThat(event.path("resources").path(0))
                        .isEqualTo(detail.path("serviceDeploymentArn"))
                        .isEqualTo(deployment().path("serviceDeploymentArn"));
            });
        }

        /** To go on is what ECS takes when nothing is said. */
        @ParameterizedTest
        @CsvSource({"CONTINUE", "''"})
        void anAnswerLetsItGoOn(String action) {
            paused("ROLLBACK");

            answer(action);
            account.advance(Duration.ofMinutes(5));

            assertThat(status()).isEqualTo("SUCCESSFUL");
            assertThat(told()).containsExactly("HOOK_AWAITING_ACTION", "HOOK_SUCCEEDED");
        }

        @Test
        void anAnswerTurnsItAround() {
            paused("CONTINUE");

            answer("ROLLBACK");
            assertThat(status()).isEqualTo("ROLLBACK_REQUESTED");
            assertThatThrownBy(() -> answer("ROLLBACK"))
                    .isInstanceOf(AwsError.class)
                    .hasMessageContaining("not paused");
            account.advance(Duration.ofMinutes(3));

            assertThat(status()).isEqualTo("ROLLBACK_SUCCESSFUL");
            assertServesOnly("web:1", 100);
        }

        @ParameterizedTest
        @CsvSource({"ROLLBACK, ROLLBACK_SUCCESSFUL", "CONTINUE, SUCCESSFUL"})
        void whoeverIsNotAnsweredDoesWhatItIsSetTo(String onTimeout, String end) {
            paused(onTimeout);

            account.advance(Duration.ofHours(1));

            assertThat(status()).isEqualTo(end);
            assertThat(told()).containsExactly("HOOK_AWAITING_ACTION", "HOOK_TIMED_OUT");
        }

        @Test
        void aFunctionIsAskedUntilItKnows() {
            var asked = new ArrayList<ObjectNode>();
            account.hookFunction(FUNCTION, request -> {
                asked.add(request);
                return asked.size() < 3 ? "IN_PROGRESS" : "SUCCEEDED";
            });
            with(service -> service.blueGreen(Duration.ofMinutes(1)).hook("POST_TEST_TRAFFIC_SHIFT", FUNCTION));
            deploy(2, Behavior.healthy());
            account.advance(Duration.ofMinutes(6));

            assertThat(status()).isEqualTo("SUCCESSFUL");
            assertThat(asked)
                    .hasSize(3)
                    .allSatisfy(request ->
                            assertThat(request.path("lifecycleStage").asText()).isEqualTo("POST_TEST_TRAFFIC_SHIFT"));
            assertThat(told()).containsExactly("HOOK_IN_PROGRESS", "HOOK_SUCCEEDED");
        }

        /** One that ECS cannot call is one that refuses. */
        @ParameterizedTest
        @CsvSource({"true", "false"})
        void aFunctionThatRefusesTurnsItAround(boolean known) {
            if (known) {
                account.hookFunction(FUNCTION, _ -> "FAILED");
            }
            with(service -> service.blueGreen(Duration.ofMinutes(1)).hook("POST_TEST_TRAFFIC_SHIFT", FUNCTION));
            deploy(2, Behavior.healthy());
            account.advance(Duration.ofMinutes(6));

            assertThat(status()).isEqualTo("ROLLBACK_SUCCESSFUL");
            assertThat(told()).containsExactly("HOOK_IN_PROGRESS", "HOOK_FAILED");
            assertServesOnly("web:1", 100);
        }

        /** Of a deployment by steps some hooks run once and those around production traffic with each of them. */
        @ParameterizedTest
        @CsvSource({"PRE_PRODUCTION_TRAFFIC_SHIFT, 4", "PRODUCTION_TRAFFIC_SHIFT, 4", "POST_SCALE_UP, 1"})
        void runsOnceOrWithEachStep(String stage, int times) {
            var asked = new ArrayList<ObjectNode>();
            account.hookFunction(FUNCTION, request -> {
                asked.add(request);
                return "SUCCEEDED";
            });
            with(service -> service.linear(30, Duration.ofMinutes(1), Duration.ofMinutes(1))
                    .hook(stage, FUNCTION));
            deploy(2, Behavior.healthy());
            account.advance(Duration.ofMinutes(12));

            assertThat(status()).isEqualTo("SUCCESSFUL");
            assertThat(asked).hasSize(times);
        }

        @ParameterizedTest
        @CsvSource({"TEST_TRAFFIC_SHIFT", "PRODUCTION_TRAFFIC_SHIFT", "SCALE_UP", "BAKE_TIME"})
        void aPauseIsRefusedWhereEcsHasNone(String stage) {
            assertThatThrownBy(() -> with(service ->
                            service.blueGreen(Duration.ofMinutes(1)).pause(stage, Duration.ofHours(1), "ROLLBACK")))
                    .isInstanceOf(AwsError.class)
                    .hasMessageContaining(stage);
        }
    }
}
