package io.deployguard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.deployguard.simulation.account.Behavior;
import io.deployguard.simulation.account.LoadBalancer;
import io.deployguard.simulation.account.SimulatedAccount;
import io.deployguard.simulation.account.SimulatedClock;
import io.deployguard.simulation.account.TargetGroup;
import io.deployguard.simulation.account.wire.AwsEndpoint;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command against a service that is being deployed: the simulated account, asked through the SDK over HTTP, four minutes each second. */
@Execution(ExecutionMode.SAME_THREAD)
class WaitCommandIT {

    private static final double SPEED = 240;

    private SimulatedAccount account;
    private AwsEndpoint endpoint;

    @BeforeEach
    void start() {
        account = SimulatedAccount.in(
                "eu-central-1",
                "123456789012",
                SimulatedClock.startingAt(Instant.now().minus(Duration.ofHours(9)), SPEED));
        endpoint = AwsEndpoint.start(account);
        settings().forEach(System::setProperty);
        account.cluster("shop");
        account.logs().group("/ecs/web");
        account.behavior("web:1", Behavior.healthyAfter(Duration.ofSeconds(5), "listening on 8080"));
        define("1.0.0");
    }

    @AfterEach
    void stop() {
        settings().keySet().forEach(System::clearProperty);
        endpoint.close();
        account.close();
    }

    @Test
    void isGoodOnlyWhenTheWantedRevisionRunsHealthy() {
        serve(false);
        release("1.1.0", Behavior.healthyAfter(Duration.ofSeconds(5), "listening on 8080"));

        var run = await("--task-definition", "web:2", "--json");

        assertThat(run.exit()).as(run.out() + run.err()).isZero();
        var answer = last(run);
        assertThat(answer.path("state").asText()).isEqualTo("healthy");
        assertThat(answer.path("taskDefinition").asText())
                .isEqualTo("arn:aws:ecs:eu-central-1:123456789012:task-definition/web:2");
        assertThat(answer.path("because").asText()).isEqualTo("2 of 2 tasks of web:2 are healthy");
        assertThat(answer.has("cause")).isFalse();
        assertThat(run.err()).contains("under way");
    }

    @Test
    void saysWhichNetworksItExpects() {
        var run = await("--endpoint-networks", "10.0.0.0/99");

        assertThat(run.exit()).isEqualTo(DeployGuard.UNUSABLE);
        assertThat(run.err()).contains("--endpoint-networks: ");
    }

    @Test
    void takesWhatTheNewestDeploymentBringsForWanted() {
        serve(false);
        release("1.1.0", Behavior.healthyAfter(Duration.ofSeconds(5), "listening on 8080"));

        assertThat(await().out()).contains("Healthy: 2 of 2 tasks of web:2 are healthy");
    }

    @Test
    void saysWhyTheBreakerRolledBack() {
        serve(true);
        release("1.1.0", unsteady());

        var run = await("--json");

        assertThat(run.exit()).as(run.err()).isEqualTo(DeployGuard.BAD);
        assertThat(last(run).path("state").asText()).isEqualTo("rolled-back");
        assertThat(last(run).path("because").asText()).contains("web:2").contains("rolled back");
        assertThat(last(run).path("cause").asText()).isEqualTo("database-unreachable");
    }

    @Test
    void doesNotWaitForACauseThatAnotherTryCannotCure() {
        serve(false);
        release("1.1.0", crash());

        var run = await("--json", "--timeout", "15m");

        assertThat(run.exit()).as(run.err()).isEqualTo(DeployGuard.BAD);
        assertThat(last(run).path("state").asText()).isEqualTo("failed");
        assertThat(last(run).path("because").asText())
                .startsWith("its tasks stop for a cause that another try cannot cure");
        assertThat(last(run).path("cause").asText()).isEqualTo("migration-conflict");
        assertThat(last(run).path("key").asText()).isEqualTo("clinics");
        assertThat(last(run).path("seconds").asLong()).isLessThan(60);
    }

    @Test
    void printsTheCauseAndTheLinesForPeople() {
        serve(false);
        release("1.1.0", crash());

        assertThat(await().out().lines())
                .anySatisfy(line -> assertThat(line).startsWith("FAILED: "))
                .anySatisfy(line -> assertThat(line).startsWith("Cause: ").contains("clinics", "migration-conflict"))
                .anySatisfy(line -> assertThat(line).contains("| log web: ").contains("42P07"));
    }

    @Test
    void waitsOutALoopThatMayStillEndAndNamesItsCauseAtTheEnd() {
        serve(false);
        release("1.1.0", unsteady());

        var run = await("--json", "--timeout", "6s");

        assertThat(run.exit()).isEqualTo(DeployGuard.BAD);
        assertThat(last(run).path("state").asText()).isEqualTo("timeout");
        assertThat(last(run).path("because").asText())
                .startsWith("not healthy after 6s: 0 of 2 tasks of web:2 are healthy");
        assertThat(last(run).path("cause").asText()).isEqualTo("database-unreachable");
    }

    @Test
    void seesThatAnotherDeploymentTookItsPlace() throws Exception {
        serve(false);
        release("1.1.0", Behavior.healthyAfter(Duration.ofSeconds(5), "listening on 8080"));
        try (var colleague = Executors.newSingleThreadScheduledExecutor()) {
            var later = colleague.schedule(
                    () -> release("1.2.0", Behavior.healthyAfter(Duration.ofSeconds(5), "listening on 8080")),
                    150,
                    TimeUnit.MILLISECONDS);

            var run = await("--task-definition", "web:2", "--json");

            later.get();
            assertThat(run.exit()).as(run.out() + run.err()).isEqualTo(DeployGuard.BAD);
            assertThat(last(run).path("state").asText())
                    .as(run.out() + run.err())
                    .isEqualTo("replaced");
            assertThat(last(run).path("because").asText()).contains("web:3 is the primary one");
        }
    }

    @Test
    void isNotGoodWhileTheWantedRevisionWasNeverDeployed() {
        serve(false);
        define("1.1.0");

        var run = await("--task-definition", "web:2", "--timeout", "1s", "--json");

        assertThat(run.exit()).isEqualTo(DeployGuard.BAD);
        assertThat(last(run).path("because").asText())
                .contains("no deployment of web:2 is to be seen yet; web:1 is the primary one");
    }

    @Test
    void outlivesAThrottledLook() {
        serve(false);
        release("1.1.0", Behavior.healthyAfter(Duration.ofSeconds(5), "listening on 8080"));
        endpoint.faults().throttle("ecs:DescribeServices", 0.4);

        var run = await();

        assertThat(run.exit()).as(run.out() + run.err()).isZero();
    }

    @Test
    void outlivesAThrottledFirstLook() {
        serve(false);
        release("1.1.0", Behavior.healthyAfter(Duration.ofSeconds(5), "listening on 8080"));
        endpoint.faults()
                .outage("ecs:DescribeServices", account.clock().instant(), Duration.ofSeconds((long) (5 * SPEED)));

        var run = await();

        assertThat(run.exit()).as(run.out() + run.err()).isZero();
        assertThat(run.err()).contains("not seen: ");
    }

    @Test
    void saysThatNothingCouldBeSeen() {
        serve(false);
        endpoint.faults().throttle("ecs:DescribeServices", 1);

        var run = await("--timeout", "3s");

        assertThat(run.exit()).isEqualTo(DeployGuard.FAILED);
        assertThat(run.err()).contains("could not be looked at within 3s");
    }

    @Test
    void onlyReads() {
        serve(false);
        release("1.1.0", crash());
        var before = endpoint.changes().size();

        await();

        assertThat(endpoint.changes()).hasSize(before);
        assertThat(endpoint.refusals()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"web", "web:x", "arn:aws:ecs:eu-central-1:123456789012:task-definition/web", ""})
    void refusesATaskDefinitionWithoutItsRevision(String text) {
        serve(false);

        var run = await("--task-definition", text);

        assertThat(run.exit()).isEqualTo(DeployGuard.UNUSABLE);
        assertThat(run.err()).contains("expected an ARN or family:revision");
    }

    @Test
    void refusesAnUnknownServiceAndATimeThatIsNone() {
        serve(false);

        assertThat(Run.of("wait", "--cluster", "shop", "--service", "wbe").exit())
                .isEqualTo(DeployGuard.UNUSABLE);
        var run = await("--timeout", "soon");
        assertThat(run.exit()).isEqualTo(DeployGuard.UNUSABLE);
        assertThat(run.err()).contains("expected a duration such as 90s");
    }

    private Map<String, String> settings() {
        return Map.of(
                "aws.endpointUrl", endpoint.uri().toString(),
                "aws.region", "eu-central-1",
                "aws.accessKeyId", "test",
                "aws.secretAccessKey", "test");
    }

    private static Run await(String... more) {
        var usual = Stream.of("wait", "--cluster", "shop", "--service", "web", "--interval", "PT0.1S", "--soak", "1s");
        return Run.of(Stream.concat(usual, Stream.of(more)).toArray(String[]::new));
    }

    private static JsonNode last(Run run) {
        return run.json().getLast();
    }

    private static Behavior crash() {
        return Behavior.crashing(
                Duration.ofSeconds(6),
                134,
                "[03:39:43 INF] Applying migration '20251108070500_InitialSaaSDatabase'.",
                "Unhandled exception. Npgsql.PostgresException (0x80004005): 42P07: relation \"clinics\" already exists");
    }

    /** What another try may cure. */
    private static Behavior unsteady() {
        return Behavior.crashing(
                Duration.ofSeconds(6),
                1,
                "Error: connect ECONNREFUSED 10.0.3.17:5432",
                "    at TCPConnectWrap.afterConnect");
    }

    /** The first release, healthy. */
    private void serve(boolean breaker) {
        var targets = account.loadBalancing()
                .targetGroup("web", 8080, TargetGroup.HealthCheck.of("/health").every(Duration.ofSeconds(10)));
        account.loadBalancing().loadBalancer("shop").listener(443, LoadBalancer.forwardTo(targets));
        var service = account.service("shop", "web").desired(2).behind(targets, "web", 8080);
        (breaker ? service.circuitBreaker(true) : service).create("web:1");
        assertThat(await("--timeout", "20s").exit()).as("the first release").isZero();
    }

    private int revision = 1;

    private void release(String tag, Behavior behavior) {
        define(tag);
        revision++;
        account.behavior("web:" + revision, behavior);
        account.ecs()
                .updateService(JsonNodeFactory.instance
                        .objectNode()
                        .put("cluster", "shop")
                        .put("service", "web")
                        .put("taskDefinition", "web:" + revision));
    }

    private void define(String tag) {
        account.images().push("web", tag, tag);
        account.registerTaskDefinition("""
                {"family":"web","networkMode":"awsvpc","requiresCompatibilities":["FARGATE"],"cpu":"256","memory":"512",
                 "containerDefinitions":[{"name":"web","image":"%s","essential":true,
                   "portMappings":[{"containerPort":8080,"protocol":"tcp"}],
                   "logConfiguration":{"logDriver":"awslogs","options":{"awslogs-group":"/ecs/web",
                     "awslogs-region":"eu-central-1","awslogs-stream-prefix":"web"}}}]}
                """.formatted(account.images().uri("web", tag)));
    }
}
