package io.deployguard.cli;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The command against a live service: the simulated account, asked through the SDK over HTTP. */
@Execution(ExecutionMode.SAME_THREAD)
class DiagnoseCommandTest {

    private static final String PASSWORD = "tr0ub4dor-and-3";
    private static final Duration TEN_MINUTES = Duration.ofMinutes(10);

    private SimulatedAccount account;
    private AwsEndpoint endpoint;
    private TargetGroup targets;
    private LoadBalancer.Listener listener;

    @BeforeEach
    void start() {
        account = SimulatedAccount.in(
                "eu-central-1",
                "123456789012",
                SimulatedClock.manual(Instant.now().minus(Duration.ofMinutes(30))));
        endpoint = AwsEndpoint.start(account);
        settings().forEach(System::setProperty);
        account.cluster("shop");
        account.logs().group("/ecs/web");
        targets = account.loadBalancing()
                .targetGroup("web", 8080, TargetGroup.HealthCheck.of("/health").every(Duration.ofSeconds(10)));
        listener = account.loadBalancing().loadBalancer("shop").listener(443, LoadBalancer.forwardTo(targets));
        account.behavior("web:1", Behavior.healthyAfter(Duration.ofSeconds(5), "listening on 8080"));
        define("1.0.0");
        account.service("shop", "web").desired(2).behind(targets, "web", 8080).create("web:1");
        account.advance(TEN_MINUTES);
    }

    @AfterEach
    void stop() {
        settings().keySet().forEach(System::clearProperty);
        endpoint.close();
        account.close();
    }

    @Test
    void aServiceThatServesIsWell() {
        var run = diagnose("--json");

        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.json().getFirst().path("state").asText()).isEqualTo("well");
        assertThat(run.json().getFirst().path("because").asText()).isEqualTo("2 of 2 tasks of web:1 are healthy");
        assertThat(diagnose().out())
                .contains("Well: 2 of 2 tasks of web:1 are healthy")
                .doesNotContain("Cause:");
    }

    @Test
    void aCrashLoopIsExplained() {
        release(crash());
        account.advance(Duration.ofMinutes(3));

        var run = diagnose("--json");

        var answer = run.json().getFirst();
        assertThat(run.exit()).as(run.err()).isEqualTo(DeployGuard.BAD);
        assertThat(answer.path("state").asText()).isEqualTo("failing");
        assertThat(answer.path("cause").asText()).isEqualTo("migration-conflict");
        assertThat(answer.path("key").asText()).isEqualTo("clinics");
        assertThat(answer.path("rollbackHelps").asText()).isEqualTo("yes");
        assertThat(answer.path("evidenceLines").toString()).contains("42P07");
        assertThat(answer.path("lastHealthyTaskDefinition").asText()).endsWith("web:1");
        assertThat(answer.path("serving").path("earlierRevisions").asInt()).isEqualTo(2);
        assertThat(answer.path("stoppedTasks")).isNotEmpty();
        assertThat(answer.path("changes").toString()).contains("image");
    }

    @Test
    void thePageSaysWhatAPersonWouldHaveLookedUp() {
        release(crash());
        account.advance(Duration.ofMinutes(3));

        assertThat(diagnose().out().lines())
                .anySatisfy(line -> assertThat(line).startsWith("FAILING: 0 of 2 tasks of web:2 are healthy"))
                .anySatisfy(line -> assertThat(line).startsWith("Cause: ").contains("clinics"))
                .anySatisfy(line -> assertThat(line).contains("| log web: ").contains("42P07"))
                .anySatisfy(line -> assertThat(line).startsWith("Would a rollback help? Yes"))
                .anySatisfy(line -> assertThat(line).startsWith("  PRIMARY ").contains("web:2"))
                .anySatisfy(line -> assertThat(line).contains("Essential container in task exited; web exit 134"))
                .contains("Deployments", "Stopped tasks, newest first", "Service events, newest first", "What to do");
    }

    @Test
    void nothingSecretIsShown() {
        release(Behavior.crashing(
                Duration.ofSeconds(4), 1, "could not connect with postgres://app:" + PASSWORD + "@db/shop, giving up"));
        account.advance(Duration.ofMinutes(3));

        assertThat(diagnose().out()).doesNotContain(PASSWORD);
        assertThat(diagnose("--json").out()).doesNotContain(PASSWORD);
    }

    @Test
    void healthyTasksThatNoRequestReachesAreAFailure() {
        var modify = JsonNodeFactory.instance.arrayNode().add(LoadBalancer.fixedResponse(404));
        account.loadBalancing().modifyListener(listener.arn(), modify);

        var run = diagnose("--json");

        assertThat(run.exit()).as(run.err()).isEqualTo(DeployGuard.BAD);
        assertThat(run.json().getFirst().path("cause").asText()).isEqualTo("listener-misrouted");
    }

    @Test
    void onlyReads() {
        release(crash());
        account.advance(Duration.ofMinutes(3));
        var before = endpoint.changes().size();

        diagnose();

        assertThat(endpoint.changes()).hasSize(before);
        assertThat(endpoint.refusals()).isEmpty();
    }

    @Test
    void aLackingPermissionIsNamed() {
        release(crash());
        account.advance(Duration.ofMinutes(3));
        endpoint.faults().deny("logs:GetLogEvents");

        var run = diagnose();

        assertThat(run.exit()).isEqualTo(DeployGuard.BAD);
        assertThat(run.out()).contains("Not seen").contains("allow logs:GetLogEvents");
    }

    @Test
    void withoutTheFirstPermissionNothingCanBeSaid() {
        endpoint.faults().deny("ecs:DescribeServices");

        var run = diagnose();

        assertThat(run.exit()).isEqualTo(DeployGuard.UNUSABLE);
        assertThat(run.err()).contains("allow ecs:DescribeServices");
    }

    @Test
    void anUnknownServiceIsNamed() {
        var run = Run.of("diagnose", "--cluster", "shop", "--service", "wbe");

        assertThat(run.exit()).isEqualTo(DeployGuard.UNUSABLE);
        assertThat(run.err()).contains("service shop/wbe: no such service in the cluster");
    }

    private Map<String, String> settings() {
        return Map.of(
                "aws.endpointUrl", endpoint.uri().toString(),
                "aws.region", "eu-central-1",
                "aws.accessKeyId", "test",
                "aws.secretAccessKey", "test");
    }

    private static Run diagnose(String... more) {
        return Run.of(Stream.concat(Stream.of("diagnose", "--cluster", "shop", "--service", "web"), Stream.of(more))
                .toArray(String[]::new));
    }

    private static Behavior crash() {
        return Behavior.crashing(
                Duration.ofSeconds(6),
                134,
                "[03:39:43 INF] Applying migration '20251108070500_InitialSaaSDatabase'.",
                "Unhandled exception. Npgsql.PostgresException (0x80004005): 42P07: relation \"clinics\" already exists");
    }

    private void release(Behavior behavior) {
        define("1.1.0");
        account.behavior("web:2", behavior);
        account.ecs()
                .updateService(JsonNodeFactory.instance
                        .objectNode()
                        .put("cluster", "shop")
                        .put("service", "web")
                        .put("taskDefinition", "web:2"));
    }

    private void define(String tag) {
        account.images().push("web", tag, tag);
        account.registerTaskDefinition("""
                {"family":"web","networkMode":"awsvpc","requiresCompatibilities":["FARGATE"],"cpu":"256","memory":"512",
                 "containerDefinitions":[{"name":"web","image":"%s","essential":true,
                   "portMappings":[{"containerPort":8080,"protocol":"tcp"}],
                   "environment":[{"name":"DB_PASSWORD","value":"%s"}],
                   "logConfiguration":{"logDriver":"awslogs","options":{"awslogs-group":"/ecs/web",
                     "awslogs-region":"eu-central-1","awslogs-stream-prefix":"web"}}}]}
                """.formatted(account.images().uri("web", tag), PASSWORD));
    }
}
