package io.deployguard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.doctor.check.Checks;
import io.deployguard.simulation.account.Behavior;
import io.deployguard.simulation.account.LoadBalancer;
import io.deployguard.simulation.account.SimulatedAccount;
import io.deployguard.simulation.account.SimulatedClock;
import io.deployguard.simulation.account.TargetGroup;
import io.deployguard.simulation.account.wire.AwsEndpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The command with files, and against a live service: the simulated account, asked through the SDK over HTTP. */
@Execution(ExecutionMode.SAME_THREAD)
class DoctorCommandTest {

    private static final String PASSWORD = "tr0ub4dor-and-3";
    private static final String SECRET = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:shop/web-AbCdEf";

    @TempDir
    Path folder;

    @Nested
    class OfAFile {

        @Test
        void aSoundDefinitionIsFine() throws IOException {
            var run = Run.of("doctor", "--task-definition", file(sound("web:1.4.2", 8080)));

            assertThat(run.exit()).as(run.out() + run.err()).isZero();
            assertThat(run.out())
                    .startsWith("Task definition web\n0 problems, 0 warnings, 0 not checked, ")
                    .contains("checks need --cluster and --service: service-state, ")
                    .doesNotContain("Problems", "Warnings");
        }

        @Test
        void warningsAloneAreNoFailure() throws IOException {
            var run = Run.of("doctor", "--task-definition", file(sound("web", 8080)), "--json");

            assertThat(run.exit()).isZero();
            assertThat(run.json().getFirst().path("warnings").asInt()).isOne();
            assertThat(run.json().getFirst().path("service").isNull()).isTrue();
        }

        @Test
        void problemsComeFirstWithFieldFactAndAdvice() throws IOException {
            var run = Run.of(
                    "doctor", "--task-definition", file(sound("web", 8080).replace("\"1024\"", "\"256\"")));

            assertThat(run.exit()).isEqualTo(DeployGuard.BAD);
            assertThat(run.out())
                    .containsSubsequence(
                            "1 problem, 1 warning",
                            "Problems",
                            "  memory (fargate-size)",
                            "    Fargate offers no task with 512 CPU units and 256 MiB",
                            "    Do: With 512 CPU units take 1024 to 4096 MiB in steps of 1024.",
                            "    See: https://docs.aws.amazon.com/",
                            "Warnings",
                            "  containerDefinitions[0].image (image-tag)");
        }

        @Test
        void whatDescribeTaskDefinitionPrintsIsTakenToo() throws IOException {
            var run = Run.of(
                    "doctor",
                    "--task-definition",
                    file("{\"taskDefinition\":" + sound("web:1", 8080) + ",\"tags\":[]}"));

            assertThat(run.exit()).as(run.err()).isZero();
        }

        @Test
        void valuesOfVariablesAreNeverShown() throws IOException {
            var given = file(sound("web:1", 8080)
                    .replace(
                            "\"environment\":[]",
                            "\"environment\":[{\"name\":\"DB_PASSWORD\",\"value\":\"" + PASSWORD + "\"}]"));

            assertThat(Run.of("doctor", "--task-definition", given).out())
                    .contains("DB_PASSWORD of container web looks like a secret")
                    .doesNotContain(PASSWORD);
            assertThat(Run.of("doctor", "--task-definition", given, "--json").out())
                    .doesNotContain(PASSWORD);
        }

        @Test
        void aFileThatIsNoneOfThisKindIsRefusedByFieldAndExpectation() throws IOException {
            assertUnusable(
                    file("{\"family\":\"web\"}"), "containerDefinitions: expected a list with at least one container");
            assertUnusable(file("{\"family\":"), "expected JSON; line 1, column");
            assertUnusable(file(""), "the document: expected an object, got nothing");
            assertUnusable("web:7", "--task-definition: expected a file that can be read, got web:7");
        }

        private void assertUnusable(String given, String message) {
            var run = Run.of("doctor", "--task-definition", given);

            assertThat(run.exit()).isEqualTo(DeployGuard.UNUSABLE);
            assertThat(run.err()).contains(message);
            assertThat(run.out()).isEmpty();
        }

        @Test
        void namesCannotSteerTheTerminal() throws IOException {
            var given = file(sound("web", 8080).replace("\"name\":\"web\"", "\"name\":\"we\\u001b[2Jb\\u202e\""));

            for (var run : List.of(
                    Run.of("doctor", "--task-definition", given),
                    Run.of("doctor", "--task-definition", given, "--json"))) {
                assertThat(run.out()).contains("container web runs whatever").doesNotContain("\u001b", "\u202e", "[2J");
            }
        }

        @Test
        void itHasToBeSaidWhatToLookAt() {
            for (var arguments : List.of(List.of("doctor"), List.of("doctor", "--cluster", "shop"))) {
                var run = Run.of(arguments.toArray(String[]::new));

                assertThat(run.exit()).isEqualTo(DeployGuard.UNUSABLE);
                assertThat(run.err()).contains("expected --cluster and --service, or --task-definition FILE");
            }
        }
    }

    @Nested
    class OfAService {

        private SimulatedAccount account;
        private AwsEndpoint endpoint;
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
            account.secrets().put(SECRET);
            var targets = account.loadBalancing()
                    .targetGroup(
                            "web", 8080, TargetGroup.HealthCheck.of("/health").every(Duration.ofSeconds(10)));
            listener = account.loadBalancing().loadBalancer("shop").listener(443, LoadBalancer.forwardTo(targets));
            account.behavior("web:1", Behavior.healthyAfter(Duration.ofSeconds(5), "listening on 8080"));
            account.images().push("web", "1.4.2", "1.4.2");
            account.registerTaskDefinition(sound(account.images().uri("web", "1.4.2"), 8080));
            account.service("shop", "web")
                    .desired(2)
                    .behind(targets, "web", 8080)
                    .gracePeriod(Duration.ofSeconds(60))
                    .circuitBreaker(true)
                    .create("web:1");
            account.advance(Duration.ofMinutes(10));
        }

        @AfterEach
        void stop() {
            settings().keySet().forEach(System::clearProperty);
            endpoint.close();
            account.close();
        }

        private Map<String, String> settings() {
            return Map.of(
                    "aws.endpointUrl", endpoint.uri().toString(),
                    "aws.region", "eu-central-1",
                    "aws.accessKeyId", "test",
                    "aws.secretAccessKey", "test");
        }

        @Test
        void aSoundServiceIsFine() {
            var run = doctor();

            assertThat(run.exit()).as(run.out() + run.err()).isZero();
            assertThat(run.out())
                    .startsWith("Task definition web:1 in service shop/web in eu-central-1, account 123456789012\n"
                            + "0 problems, 0 warnings, 0 not checked, "
                            + Checks.all().size() + " checks in order");
            assertThat(endpoint.refusals()).isEmpty();
        }

        @Test
        void onlyReads() {
            var before = endpoint.changes().size();

            doctor();

            assertThat(endpoint.changes()).hasSize(before);
            assertThat(endpoint.calls())
                    .extracting(call -> call.action())
                    .doesNotContain("GetSecretValue", "GetParameter");
        }

        @Test
        void aFileIsHeldAgainstTheService() throws IOException {
            var run = doctor(
                    "--task-definition",
                    file(sound("123456789012.dkr.ecr.eu-central-1.amazonaws.com/web:1.5.0", 3000)));

            assertThat(run.exit()).isEqualTo(DeployGuard.BAD);
            assertThat(run.out())
                    .contains("the service registers port 8080 of container web, which maps 3000")
                    .contains("web:1.5.0 is not in its repository")
                    .containsSubsequence(
                            "Changes against web:1",
                            "image of web: web:1.4.2 → web:1.5.0",
                            "ports of web: 8080 → 3000");
        }

        @Test
        void whatTheTasksWouldNeedIsLookedFor() throws IOException {
            var definition = sound(account.images().uri("web", "1.4.2"), 8080)
                    .replace("/ecs/web", "/ecs/typo")
                    .replace(SECRET, "/shop/typo");

            var run = doctor("--task-definition", file(definition));

            assertThat(run.out())
                    .contains("log group /ecs/typo is not there in eu-central-1")
                    .contains("DB_PASSWORD of container web comes from /shop/typo, which is not there");
            account.logs().group("/ecs/typo");
            account.secrets().put("/shop/typo");
            assertThat(doctor("--task-definition", file(definition)).exit()).isZero();
        }

        @Test
        void anImageForTheOtherArchitectureIsFound() throws IOException {
            account.images().push("web", "1.5.0", "1.5.0", "arm64");

            var run = doctor("--task-definition", file(sound(account.images().uri("web", "1.5.0"), 8080)));

            assertThat(run.out()).contains("is built for arm64, and the task runs on X86_64");
        }

        @Test
        void aListenerThatLeadsElsewhereIsFound() {
            account.loadBalancing()
                    .modifyListener(
                            listener.arn(),
                            com.fasterxml.jackson.databind.node.JsonNodeFactory.instance
                                    .arrayNode()
                                    .add(LoadBalancer.fixedResponse(404)));

            var answer = doctor("--json");

            assertThat(answer.exit()).isEqualTo(DeployGuard.BAD);
            assertThat(answer.json().getFirst().path("results")).anySatisfy(result -> {
                assertThat(result.path("check").asText()).isEqualTo("target-type");
                assertThat(result.path("result").asText()).isEqualTo("problem");
                assertThat(result.path("source").asText()).startsWith("https://");
            });
        }

        @Test
        void aLackingPermissionIsNamedAndTheOtherChecksGoOn() {
            List.of(
                            "ecs:DescribeClusters",
                            "elasticloadbalancing:DescribeTargetGroups",
                            "logs:DescribeLogGroups",
                            "ecr:BatchGetImage",
                            "secretsmanager:DescribeSecret")
                    .forEach(endpoint.faults()::deny);

            var run = doctor();

            assertThat(run.exit()).as(run.out()).isZero();
            assertThat(run.out())
                    .containsSubsequence("Not checked", "cluster-state", "allow ecs:DescribeClusters")
                    .containsSubsequence(
                            "grace-period, target-type, target-health-check",
                            "allow elasticloadbalancing:DescribeTargetGroups")
                    .contains("allow logs:DescribeLogGroups")
                    .contains("allow ecr:BatchGetImage")
                    .contains("allow secretsmanager:DescribeSecret");
        }

        @Test
        void withoutTheFirstPermissionNothingCanBeSaid() {
            endpoint.faults().deny("ecs:DescribeServices");

            var run = doctor();

            assertThat(run.exit()).isEqualTo(DeployGuard.UNUSABLE);
            assertThat(run.err()).contains("allow ecs:DescribeServices");
        }

        @Test
        void anUnknownServiceIsNamed() {
            var run = Run.of("doctor", "--cluster", "shop", "--service", "wbe");

            assertThat(run.exit()).isEqualTo(DeployGuard.UNUSABLE);
            assertThat(run.err()).contains("service shop/wbe: no such service in the cluster");
        }

        private Run doctor(String... more) {
            return Run.of(Stream.concat(Stream.of("doctor", "--cluster", "shop", "--service", "web"), Stream.of(more))
                    .toArray(String[]::new));
        }
    }

    private String file(String content) throws IOException {
        return Files.writeString(folder.resolve("web.json"), content).toString();
    }

    private static String sound(String image, int port) {
        return """
                {"family":"web","networkMode":"awsvpc","requiresCompatibilities":["FARGATE"],"cpu":"512","memory":"1024",
                 "executionRoleArn":"arn:aws:iam::123456789012:role/execution",
                 "containerDefinitions":[{"name":"web","image":"%s","essential":true,
                   "portMappings":[{"containerPort":%d,"protocol":"tcp"}],"environment":[],
                   "secrets":[{"name":"DB_PASSWORD","valueFrom":"%s"}],
                   "logConfiguration":{"logDriver":"awslogs","options":{"awslogs-group":"/ecs/web",
                     "awslogs-region":"eu-central-1","awslogs-stream-prefix":"web"}}}]}
                """.formatted(image, port, SECRET);
    }
}
