package io.deployguard.emulators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deployguard.incident.Incident;
import io.deployguard.postgres.ConnectionSettings;
import io.deployguard.postgres.PostgresDatabase;
import io.deployguard.simulation.lab.Invocation;
import io.deployguard.simulation.lab.LambdaFunction;
import io.deployguard.simulation.lab.LambdaRuntime;
import io.deployguard.simulation.lab.LocalPostgres;
import io.deployguard.simulation.lab.QueuePoller;
import io.deployguard.simulation.lab.SlackMessage;
import io.deployguard.simulation.lab.SlackStandIn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The shipped stack from an event on the bus to the message in the channel, without a manual step in between. LocalStack makes the stack of
 * {@code template.yaml} and carries its events and messages, moto is ECS, and the shipped functions run behind Lambda's runtime interface, attached to
 * their queues by a poller, since no emulator runs them without Docker.
 */
@NeedsPython(localStack = true)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Order(3)
class StackIT {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Path EVENT = Project.root().resolve("events/task-crash-migration-conflict.json");
    private static final List<String> LINES = List.of(
            "[10:02:10 INF] Applying migration '20250101000000_Baseline'",
            "Npgsql.PostgresException (0x80004005): 42P07: relation \"clinics\" already exists");
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String CHANNEL = "deployments";

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final ConcurrentLinkedQueue<Invocation> detected = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> log = new ConcurrentLinkedQueue<>();
    private final Map<String, Integer> failures = new ConcurrentHashMap<>();

    private LocalStackServer aws;
    private JsonNode stack;
    private MotoAccount ecs;
    private LocalPostgres postgres;
    private SlackStandIn slack;
    private LambdaRuntime detect;

    @BeforeAll
    void setUp(@TempDir Path folder) throws IOException {
        aws = keep(LocalStackServer.start(folder));
        stack = aws.createStack();
        var moto = keep(MotoServer.start());
        ecs = keep(new MotoAccount(moto.endpoint()));
        postgres = keep(LocalPostgres.start());
        slack = keep(SlackStandIn.start(List.of(CHANNEL), Clock.systemUTC()));
        assertThat(function("migrate").invoke("{}", TIMEOUT)).isInstanceOf(Invocation.Answered.class);
        // In production a failed message comes again after six minutes.
        for (var queue : List.of("EventQueue", "NotifyQueue")) {
            attributes(queue, Map.of("VisibilityTimeout", "5"));
        }
        detect = function("detect");
        poll(detect, "EventQueue", 1);
        poll(function("notify"), "NotifyQueue", 10);
    }

    @AfterAll
    void tearDown() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }

    /** The one test: what comes later needs the stage as the first part leaves it. */
    @Test
    void carriesAnEventFromTheBusToTheChannelAndLosesNothing() throws Exception {
        var crashing = ecs.crashingService(EVENT, LINES);
        var crash = (ObjectNode) JSON.readTree(crashing.stopEvent());

        // A healthy scale-in stops at the rules.
        var scaleIn = crash.deepCopy();
        ((ObjectNode) scaleIn.path("detail"))
                .put("stoppedReason", "Scaling activity initiated by (deployment ecs-svc/1)")
                .put("stopCode", "ServiceSchedulerInitiated");
        putOnBus(scaleIn);
        putOnBus(crash);

        await("the incident's message", () -> !slack.messages(CHANNEL).isEmpty());
        assertThat(slack.messages(CHANNEL))
                .singleElement()
                .satisfies(message -> assertThat(textOf(message)).contains("clinic-api", "clinics"));
        assertThat(newestIncidents()).singleElement().satisfies(incident -> {
            assertThat(incident.service().name()).isEqualTo("clinic-api");
            assertThat(incident.cause().orElseThrow().value()).isEqualTo("migration-conflict");
        });
        assertThat(detected).hasSize(1);
        assertThat(log)
                .as("the figures of the first incident")
                .anyMatch(line -> line.contains("\"TimeToDiagnosis\"") && line.contains("\"DeployGuard\""))
                .anyMatch(line -> line.contains("\"Events\":1.0"))
                .anyMatch(line -> line.contains("\"Deliveries\":1.0"));

        aPoisonMessageIsDeadAfterFiveTriesWhileOthersGoOn(crash);
        aFunctionThatWasKilledIsReplaced(crash);
        aMessageWaitsForItsChannel();
    }

    private void aPoisonMessageIsDeadAfterFiveTriesWhileOthersGoOn(ObjectNode crash) throws IOException {
        attributes("EventQueue", Map.of("VisibilityTimeout", "2"));
        var request = JSON.createObjectNode()
                .put("QueueUrl", stack.path("EventQueue").asText())
                .put("MessageBody", "no event at all");
        var poison =
                aws.call("AmazonSQS.SendMessage", request).path("MessageId").asText();
        var before = countOfHandled();
        putOnBus(another(crash));

        await("the other event", () -> countOfHandled() > before);
        assertThat(messagesIn("FailedEvents"))
                .as("it did not wait for the poison to be gone")
                .isZero();
        await("the dead letter", () -> messagesIn("FailedEvents") == 1);
        assertThat(failures).containsExactly(Map.entry(poison, 5));
    }

    /** What it held in memory is gone, and nothing was kept there: the next environment goes on. */
    private void aFunctionThatWasKilledIsReplaced(ObjectNode crash) throws IOException {
        var before = countOfHandled();
        detect.kill();
        putOnBus(another(crash));

        await("the event after its death", () -> countOfHandled() > before);
        assertThat(newestIncidents()).as("still the one incident").hasSize(1);
    }

    /** Slack is away, and once it is back shows what was to be said meanwhile. */
    private void aMessageWaitsForItsChannel() throws IOException {
        slack.refuse("service_unavailable", 1);
        var incident = newestIncidents().getFirst();
        var shown = slack.messages(CHANNEL).getFirst().revisions().size();
        try (var database = new PostgresDatabase(ConnectionSettings.parse(postgres.jdbcUrl()))) {
            database.transact("want a newer revision", stores -> {
                var next = incident.withUndelivered("pager", "refused", Instant.now());
                stores.incidents().update(next, "changed by the test");
                stores.outbox().want(next.id(), "slack:" + slack.channelId(CHANNEL), next.revision(), Instant.now());
                return next;
            });
        }
        for (var attempt = 0;
                attempt < 60 && slack.messages(CHANNEL).getFirst().revisions().size() == shown;
                attempt++) {
            wake(incident);
            sleep(Duration.ofSeconds(1));
        }
        assertThat(slack.messages(CHANNEL))
                .singleElement()
                .satisfies(message -> assertThat(message.revisions()).hasSizeGreaterThan(shown));
    }

    private void wake(Incident incident) throws IOException {
        aws.call(
                "AmazonSQS.SendMessage",
                JSON.createObjectNode()
                        .put("QueueUrl", stack.path("NotifyQueue").asText())
                        .put("MessageBody", "{\"incident\":\"" + incident.id() + "\"}"));
    }

    private static ObjectNode another(ObjectNode crash) {
        var other = crash.deepCopy();
        other.put("id", UUID.randomUUID().toString());
        var task = crash.path("detail").path("taskArn").asText();
        ((ObjectNode) other.path("detail"))
                .put(
                        "taskArn",
                        task.substring(0, task.length() - 4)
                                + Integer.toHexString(0x1000 + (int) (System.nanoTime() & 0xfff)));
        return other;
    }

    private long countOfHandled() {
        return detected.stream()
                .filter(Invocation.Answered.class::isInstance)
                .filter(answer -> answer.toString().contains("\"batchItemFailures\":[]"))
                .count();
    }

    /** As ECS does it, but that AWS lets nobody else speak for {@code aws.ecs}. */
    private void putOnBus(JsonNode event) throws IOException {
        var request = JSON.createObjectNode();
        request.putArray("Entries")
                .addObject()
                .put("Source", event.path("source").asText())
                .put("DetailType", event.path("detail-type").asText())
                .put("Detail", event.path("detail").toString());
        assertThat(aws.call("AWSEvents.PutEvents", request)
                        .path("FailedEntryCount")
                        .asInt())
                .isZero();
    }

    private void attributes(String queue, Map<String, String> values) throws IOException {
        var request = JSON.createObjectNode().put("QueueUrl", stack.path(queue).asText());
        values.forEach(request.putObject("Attributes")::put);
        aws.call("AmazonSQS.SetQueueAttributes", request);
    }

    private int messagesIn(String queue) {
        try {
            var request =
                    JSON.createObjectNode().put("QueueUrl", stack.path(queue).asText());
            request.putArray("AttributeNames").add("ApproximateNumberOfMessages");
            return aws.call("AmazonSQS.GetQueueAttributes", request)
                    .path("Attributes")
                    .path("ApproximateNumberOfMessages")
                    .asInt();
        } catch (IOException unreadable) {
            throw new UncheckedIOException("count messages in " + queue, unreadable);
        }
    }

    private List<Incident> newestIncidents() {
        try (var database = new PostgresDatabase(ConnectionSettings.parse(postgres.jdbcUrl()))) {
            return database.transact(
                    "read incidents", stores -> stores.incidents().newest(10));
        }
    }

    private static String textOf(SlackMessage message) {
        return message.latest().text()
                + message.latest().blocks()
                + message.latest().attachments();
    }

    private LambdaRuntime function(String name) {
        var type = Character.toUpperCase(name.charAt(0)) + name.substring(1) + "Handler";
        var jar = Project.root().resolve("functions/%s/target/%s.jar".formatted(name, name));
        if (!Project.isCi()) {
            assumeTrue(Files.exists(jar), () -> jar + " is not built; ./mvnw verify builds it");
        }
        var environment = new HashMap<>(ecs.environment());
        environment.put("AWS_ENDPOINT_URL_SQS", aws.endpoint().toString());
        environment.put("DEPLOY_GUARD_EVENT_QUEUE_URL", stack.path("EventQueue").asText());
        environment.put("DEPLOY_GUARD_ACT_QUEUE_URL", stack.path("ActQueue").asText());
        environment.put(
                "DEPLOY_GUARD_NOTIFY_QUEUE_URL", stack.path("NotifyQueue").asText());
        environment.put("DEPLOY_GUARD_DATABASE_URL", postgres.jdbcUrl());
        environment.put("DEPLOY_GUARD_METRICS", "deploy-guard");
        environment.put("DEPLOY_GUARD_SLACK_CHANNEL", slack.channelId(CHANNEL));
        environment.put("DEPLOY_GUARD_SLACK_TOKEN", SlackStandIn.DEFAULT_TOKEN);
        environment.put(
                "DEPLOY_GUARD_SLACK_API_URL", slack.uri().resolve("/api/").toString());
        return keep(new LambdaRuntime(
                LambdaFunction.of(name, "io.deployguard.functions.%s.%s::handleRequest".formatted(name, type), jar)
                        .with(environment)
                        .begun(LambdaFunction.Initialization.SNAP_START),
                log::add));
    }

    private void poll(LambdaRuntime function, String queue, int batchSize) {
        var mapping = new QueuePoller.Mapping(
                aws.endpoint(),
                stack.path(queue).asText(),
                "arn:aws:sqs:%s:000000000000:%s".formatted(MotoAccount.REGION, queue),
                batchSize,
                Duration.ZERO,
                TIMEOUT);
        keep(QueuePoller.start(mapping, function, new QueuePoller.Listener() {
            @Override
            public void batchDone(int messages, Set<String> failed, Invocation invocation) {
                if (queue.equals("EventQueue")) {
                    detected.add(invocation);
                    failed.forEach(message -> failures.merge(message, 1, Integer::sum));
                }
            }

            @Override
            public void pollFailed(IOException fault) {
                log.add("poll " + queue + ": " + fault);
            }
        }));
    }

    private void await(String what, BooleanSupplier condition) {
        var end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError(
                        what + " did not come within " + PATIENCE + "\n" + detected + "\n" + String.join("\n", log));
            }
            sleep(Duration.ofMillis(100));
        }
    }

    private static void sleep(Duration time) {
        try {
            TimeUnit.MILLISECONDS.sleep(time.toMillis());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting", interrupted);
        }
    }

    private <T extends AutoCloseable> T keep(T part) {
        open.push(part);
        return part;
    }
}
