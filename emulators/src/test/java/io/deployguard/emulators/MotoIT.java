package io.deployguard.emulators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import software.amazon.awssdk.services.cloudwatchlogs.model.OutputLogEvent;

/** An incident in an account that others emulate. */
@NeedsPython
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MotoIT {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final List<String> LINES = List.of(
            "[10:02:10 INF] Applying migration '20250101000000_Baseline'",
            "Npgsql.PostgresException (0x80004005): 42P07: relation \"clinics\" already exists");

    private MotoServer moto;
    private MotoAccount account;

    @BeforeAll
    void start() {
        moto = MotoServer.start();
    }

    @BeforeEach
    void enter() {
        moto.reset();
        account = new MotoAccount(moto.endpoint());
    }

    @AfterEach
    void leave() {
        account.close();
    }

    @AfterAll
    void stop() {
        moto.close();
    }

    /** The stage for the functions: all that a diagnosis asks for can be read. */
    @Test
    void holdsAServiceWithItsTaskDefinitionTargetGroupAndLog() {
        var crashing = account.crashingService("shop", "clinics-api", LINES);

        var service = account.ecs()
                .describeServices(request -> request.cluster("shop").services("clinics-api"))
                .services()
                .getFirst();
        assertThat(service.serviceArn()).isEqualTo(crashing.serviceArn());
        assertThat(service.loadBalancers().getFirst().targetGroupArn()).isEqualTo(crashing.targetGroupArn());
        assertThat(service.deployments().getFirst().id())
                .isEqualTo(crashing.deploymentId())
                .startsWith("ecs-svc/");
        assertThat(account.ecs()
                        .describeTaskDefinition(request -> request.taskDefinition(crashing.taskDefinitionArn()))
                        .taskDefinition()
                        .containerDefinitions()
                        .getFirst()
                        .logConfiguration()
                        .options())
                .containsEntry("awslogs-group", crashing.logGroup());
        assertThat(account.elb()
                        .describeTargetHealth(request -> request.targetGroupArn(crashing.targetGroupArn()))
                        .targetHealthDescriptions())
                .isEmpty();
        assertThat(account.logs()
                        .getLogEvents(request -> request.logGroupName(crashing.logGroup())
                                .logStreamName(crashing.logStream())
                                .startFromHead(true))
                        .events())
                .extracting(OutputLogEvent::message)
                .isEqualTo(LINES);
    }

    /** What {@code deploy-guard invoke} does, with the function behind Lambda's runtime interface and a PostgreSQL of its own. */
    @Test
    void showsTheGuardWhyATaskCrashed() throws Exception {
        var crashing = account.crashingService("shop", "clinics-api", LINES);

        var answer = invoke("detect", crashing.stopEvent(134));

        assertThat(answer.path("service").asText()).isEqualTo("clinics-api");
        assertThat(answer.path("deployment").asText()).isEqualTo(crashing.deploymentId());
        assertThat(answer.path("cause").asText()).isEqualTo("migration-conflict");
        assertThat(answer.path("key").asText()).isEqualTo("clinics");
        // Moto knows no service deployments, so no earlier revision was ever seen healthy.
        assertThat(answer.path("decision").asText()).isEqualTo("advise");
    }

    /** Not through the launcher, which would build what this very build is building. */
    private JsonNode invoke(String function, String event) throws IOException {
        var cli = Project.root().resolve("cli/target/deploy-guard.jar");
        if (!Project.isCi()) {
            assumeTrue(Files.exists(cli), () -> cli + " is not built; ./mvnw verify builds it");
        }
        var command = Command.of(
                        ProcessHandle.current().info().command().orElse("java"),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Ddeployguard.home=" + Project.root(),
                        "-jar",
                        cli.toString(),
                        "invoke",
                        function,
                        "--event",
                        "-")
                .reading(event)
                .within(Duration.ofMinutes(2));
        for (var variable : account.environment().entrySet()) {
            command = command.with(variable.getKey(), variable.getValue());
        }
        var result = command.run();
        assertThat(result.exit()).as(result.err()).isZero();
        return JSON.readTree(result.out());
    }
}
