package io.deployguard.emulators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.cloudwatchlogs.model.OutputLogEvent;

/** An incident in an account that others emulate. */
@NeedsPython
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Order(2)
class MotoIT {

    private static final String OWN_RULE = """
            id: acme-license
            title: The license has run out
            summary: Ours.
            rollback: helps
            rules:
              - {id: acme-17, confidence: 0.95, pattern: 'ACME-17: lacks (?P<key>\\w+)', source: our wiki}
            """;

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Path EVENT = Project.root().resolve("events/task-crash-migration-conflict.json");
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
    void holdsAServiceWithItsTaskDefinitionTargetGroupAndLog() throws IOException {
        var crashing = account.crashingService(EVENT, LINES);

        var service = account.ecs()
                .describeServices(request -> request.cluster(crashing.cluster()).services(crashing.service()))
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
    void showsTheGuardWhyATaskCrashed(@TempDir Path folder) throws IOException {
        var crashing = account.crashingService(EVENT, LINES);
        var event = Files.writeString(folder.resolve("event.json"), crashing.stopEvent());

        var result = invoke("detect", event).run();

        assertThat(result.exit()).as(result.err()).isZero();
        var answer = JSON.readTree(result.out());
        assertThat(answer.path("cluster").asText()).isEqualTo("shop");
        assertThat(answer.path("service").asText()).isEqualTo("clinic-api");
        assertThat(answer.path("deployment").asText()).isEqualTo(crashing.deploymentId());
        assertThat(answer.path("cause").asText()).isEqualTo("migration-conflict");
        assertThat(answer.path("key").asText()).isEqualTo("clinics");
        // Moto knows no service deployments, so no earlier revision was ever seen healthy.
        assertThat(answer.path("decision").asText()).isEqualTo("advise");
    }

    /** Into another account of moto the function gets by the role of a spoke, or not at all. */
    @Test
    void explainsWhyATaskOfAListedAccountCrashed(@TempDir Path folder) throws IOException {
        try (var spoke = account.other("210987654321")) {
            var crashing = spoke.crashingService(EVENT, LINES);
            var event = Files.writeString(
                    folder.resolve("event.json"), crashing.stopEvent().replace(Template.ACCOUNT, "210987654321"));
            var alone = invoke("detect", event).with("DEPLOY_GUARD_ACCOUNT", Template.ACCOUNT);

            var told = alone.with("DEPLOY_GUARD_SPOKE_ACCOUNTS", "210987654321")
                    .with("DEPLOY_GUARD_SPOKE_EXTERNAL_ID", "4f6f1c1e-8f0b-4b7e")
                    .run();
            var refused = alone.run();

            assertThat(told.exit()).as(told.err()).isZero();
            assertThat(JSON.readTree(told.out()).path("cause").asText()).isEqualTo("migration-conflict");
            assertThat(JSON.readTree(told.out()).path("deployment").asText()).isEqualTo(crashing.deploymentId());
            assertThat(JSON.readTree(refused.out()).path("outcome").asText()).isEqualTo("refused");
        }
    }

    /** What the functions find, a person finds by asking. */
    @Test
    void tellsThePersonWhoAsksTheSame() throws IOException {
        var crashing = account.crashingService(EVENT, LINES);

        var result = cli("diagnose", "--cluster", crashing.cluster(), "--service", crashing.service(), "--json")
                .run();

        assertThat(result.exit()).as(result.out() + result.err()).isEqualTo(1);
        var answer = JSON.readTree(result.out());
        assertThat(answer.path("state").asText()).isEqualTo("failing");
        assertThat(answer.path("cause").asText()).isEqualTo("migration-conflict");
        assertThat(answer.path("key").asText()).isEqualTo("clinics");
        assertThat(answer.path("deployment").asText()).isEqualTo(crashing.deploymentId());
        assertThat(answer.path("evidenceLines").toString()).contains("42P07");
    }

    /** Its tasks will never run, and the log of the one that did says why. */
    @Test
    void letsAPipelineWaitForTheTruth() throws IOException {
        var crashing = account.crashingService(EVENT, LINES);

        var result = cli(
                        "wait",
                        "--cluster",
                        crashing.cluster(),
                        "--service",
                        crashing.service(),
                        "--task-definition",
                        crashing.taskDefinitionArn(),
                        "--timeout",
                        "3s",
                        "--interval",
                        "1s",
                        "--json")
                .run();

        assertThat(result.exit()).as(result.out() + result.err()).isEqualTo(1);
        var answer = JSON.readTree(result.out());
        assertThat(answer.path("state").asText()).isEqualTo("timeout");
        assertThat(answer.path("taskDefinition").asText()).isEqualTo(crashing.taskDefinitionArn());
        assertThat(answer.path("because").asText()).startsWith("not healthy after 3s: 0 of 2 tasks");
        assertThat(answer.path("cause").asText()).isEqualTo("migration-conflict");
    }

    @Test
    void isInterruptedWhileItWaits() throws Exception {
        var crashing = account.crashingService(EVENT, LINES);
        var folder = Files.createTempDirectory("wait");
        var builder = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-jar",
                        Project.root().resolve("cli/target/deploy-guard.jar").toString(),
                        "wait",
                        "--cluster",
                        crashing.cluster(),
                        "--service",
                        crashing.service())
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile());
        builder.environment().putAll(account.environment());
        var waiting = builder.start();
        while (waiting.isAlive() && !Files.readString(folder.resolve("err")).contains("tasks of")) {
            Thread.sleep(50);
        }

        assertThat(Command.of("/bin/sh", "-c", "kill -INT " + waiting.pid())
                        .run()
                        .exit())
                .isZero();

        assertThat(waiting.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(waiting.exitValue()).isEqualTo(130);
        assertThat(folder.resolve("out")).isEmptyFile();
        assertThat(Files.readString(folder.resolve("err"))).endsWith("interrupted; nothing that it started is left\n");
    }

    @Test
    void givesTheSlackTokenToNotify() throws IOException {
        var result = delivered(account.secret("deploy-guard/slack", "xoxb-not-a-real-token"));

        assertThat(result.exit()).as(result.err()).isZero();
        assertThat(JSON.readTree(result.out()).path("outcome").asText()).isEqualTo("delivered what was due");
        assertThat(result.out() + result.err()).doesNotContain("xoxb");
    }

    @Test
    void refusesNotifyASecretThatIsNotThere() throws IOException {
        var gone = account.secret("deploy-guard/slack", "xoxb-not-a-real-token").replace("/slack", "/other");

        var result = delivered(gone);

        assertThat(result.exit()).isEqualTo(1);
        assertThat(JSON.readTree(result.out()).path("errorType").asText()).endsWith("GuardFault$NotFound");
        assertThat(result.out()).contains("read secret " + gone).contains("ResourceNotFoundException");
    }

    /** A busy emulator may take longer than the function waits for a secret; its queue would deliver the message again, as is done here. */
    private Command.Result delivered(String secret) throws IOException {
        var command = invoke("notify", Project.root().resolve("events/message-incident.json"))
                .with("DEPLOY_GUARD_SLACK_CHANNEL", "C0123456789")
                .with("DEPLOY_GUARD_SLACK_TOKEN_SECRET", secret);
        var result = command.run();
        for (int again = 0; again < 4 && result.out().contains("GuardFault$Unavailable"); again++) {
            result = command.run();
        }
        return result;
    }

    private Command invoke(String function, Path event) {
        return cli("invoke", function, "--event", event.toString());
    }

    /** Not through the launcher, which would build what this very build is building. */
    private Command cli(String... arguments) {
        var cli = Project.root().resolve("cli/target/deploy-guard.jar");
        if (!Project.isCi()) {
            assumeTrue(Files.exists(cli), () -> cli + " is not built; ./mvnw verify builds it");
        }
        var start = Stream.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-Ddeployguard.home=" + Project.root(),
                "-jar",
                cli.toString());
        var command = Command.of(Stream.concat(start, Stream.of(arguments)).toArray(String[]::new))
                .within(Duration.ofMinutes(2));
        for (var variable : account.environment().entrySet()) {
            command = command.with(variable.getKey(), variable.getValue());
        }
        return command;
    }

    static Stream<Place> places() {
        return Stream.of(
                new Place(
                        "s3://acme-rules/guard/",
                        (account, name, text) -> account.object("acme-rules", "guard/" + name + ".yaml", text)),
                new Place("ssm:/acme/rules", (account, name, text) -> account.parameter("/acme/rules/" + name, text)));
    }

    /** Where rules can be, and how one gets there. */
    record Place(String location, Store store) {
        interface Store {
            void put(MotoAccount account, String name, String text);
        }

        @Override
        public String toString() {
            return location;
        }
    }

    @ParameterizedTest
    @MethodSource("places")
    void anOperatorsOwnRulesNameTheirFailures(Place place, @TempDir Path folder) throws IOException {
        var crashing = account.crashingService(EVENT, List.of("starting", "ERROR ACME-17: lacks LICENSE"));
        var event = Files.writeString(folder.resolve("event.json"), crashing.stopEvent());
        // More than fit on one page of Systems Manager.
        for (var number = 10; number < 25; number++) {
            place.store().put(account, "rule-" + number, OWN_RULE.replace("17", String.valueOf(number)));
        }
        place.store().put(account, "broken", OWN_RULE.replace("0.95", "95").replace("17", "99"));

        var handled = invoke("detect", event)
                .with("DEPLOY_GUARD_RULES", place.location())
                .run();
        var watched = invoke("watch", Project.root().resolve("events/schedule-every-minute.json"))
                .with("DEPLOY_GUARD_RULES", place.location())
                .run();
        var asked = cli(
                        "diagnose",
                        "--cluster",
                        crashing.cluster(),
                        "--service",
                        crashing.service(),
                        "--json",
                        "--rules",
                        place.location())
                .run();
        place.store().put(account, "broken", OWN_RULE.replace("17", "99"));
        var askedAgain = cli(
                        "diagnose",
                        "--cluster",
                        crashing.cluster(),
                        "--service",
                        crashing.service(),
                        "--json",
                        "--rules",
                        place.location())
                .run();

        assertThat(handled.exit()).as(handled.err()).isZero();
        var answer = JSON.readTree(handled.out());
        assertThat(answer.path("cause").asText()).isEqualTo("acme-license");
        assertThat(answer.path("key").asText()).isEqualTo("LICENSE");
        assertThat(answer.path("rule").asText()).isEqualTo("acme-17");
        assertThat(answer.path("decision").asText()).isEqualTo("advise");
        assertThat(handled.err())
                .contains("rules not in force")
                .contains("broken")
                .contains(":6: confidence: expected a number");
        var report = JSON.readTree(watched.out());
        assertThat(report.path("outcome").asText()).isEqualTo("watched with faults");
        assertThat(report.path("faults").path(0).asText())
                .startsWith("rules: left out: " + place.location().replaceAll("/$", "") + "/broken")
                .contains(":6: confidence: expected a number");
        assertThat(asked.exit()).isEqualTo(2);
        assertThat(asked.err()).contains("/broken").contains(":6: confidence: expected a number");
        assertThat(JSON.readTree(askedAgain.out()).path("cause").asText())
                .as(askedAgain.err())
                .isEqualTo("acme-license");
    }

    @ParameterizedTest
    @MethodSource("places")
    void withoutTheRulesTheBundledCausesStayInForce(Place place, @TempDir Path folder) throws IOException {
        var crashing = account.crashingService(EVENT, LINES);
        var event = Files.writeString(folder.resolve("event.json"), crashing.stopEvent());

        var handled = invoke("detect", event)
                .with("DEPLOY_GUARD_RULES", place.location())
                .run();

        assertThat(handled.exit()).as(handled.err()).isZero();
        assertThat(JSON.readTree(handled.out()).path("cause").asText()).isEqualTo("migration-conflict");
        assertThat(handled.err())
                .contains("rules of " + place.location() + " cannot be read, the bundled rules alone are in force");
    }
}
