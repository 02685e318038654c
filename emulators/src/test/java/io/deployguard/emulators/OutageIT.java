package io.deployguard.emulators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.deployguard.decision.Mode;
import io.deployguard.postgres.ConnectionSettings;
import io.deployguard.simulation.account.Behavior;
import io.deployguard.simulation.account.SimulatedAccount;
import io.deployguard.simulation.account.SimulatedClock;
import io.deployguard.simulation.account.SimulatedQueue;
import io.deployguard.simulation.account.wire.AwsEndpoint;
import io.deployguard.simulation.lab.Invocation;
import io.deployguard.simulation.lab.LambdaFunction;
import io.deployguard.simulation.lab.LambdaRuntime;
import io.deployguard.simulation.lab.LocalPostgres;
import io.deployguard.simulation.lab.QueuePoller;
import io.deployguard.simulation.lab.SchedulePoller;
import io.deployguard.simulation.lab.SlackStandIn;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * PostgreSQL away for five minutes, Slack for two, ECS throttled for three, a function killed in the middle, and a message that nobody can read: with
 * the shipped functions, a real PostgreSQL, and queues that behave as {@code template.yaml} says. Nothing is lost, and each failing release is told of
 * within a minute of the return.
 *
 * <p>In the build all of it runs at a speed, the queues' delays and the schedule included; what the machine itself needs for it does not run faster,
 * and is allowed for. {@code -Doutage=full} takes the whole time on the clock and allows nothing.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Order(1)
class OutageIT {

    private static final boolean FULL = "full".equals(System.getProperty("outage"));
    private static final double SPEED = FULL ? 1 : 20;
    private static final Duration BOUND = Duration.ofSeconds(60);

    /** Of the wall, for starting a server and for processes that share a busy machine; only where time is short otherwise. */
    private static final Duration OF_THE_MACHINE = FULL ? Duration.ZERO : Duration.ofSeconds(20);

    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final String CLUSTER = "shop";
    private static final String CHANNEL = "deployments";
    private static final String NOBODY = "{\"incident\":\"00000000-0000-0000-0000-000000000000\"}";
    private static final String POISON = "no event at all";

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final ConcurrentLinkedQueue<String> log = new ConcurrentLinkedQueue<>();
    private final Map<String, Integer> tries = new ConcurrentHashMap<>();
    private final Map<String, Instant> crashedAt = new ConcurrentHashMap<>();
    private final List<String> results = new ArrayList<>();
    private final Template template = Template.withDefaults();

    private SimulatedClock.Running clock;
    private SimulatedAccount account;
    private AwsEndpoint aws;
    private LocalPostgres postgres;
    private SlackStandIn slack;
    private SimulatedQueue events;
    private SimulatedQueue deadEvents;
    private LambdaRuntime detect;

    @BeforeAll
    void setUp() throws SQLException {
        clock = SimulatedClock.startingAt(Instant.now(), SPEED);
        account = keep(SimulatedAccount.in("eu-central-1", "123456789012", clock));
        aws = keep(AwsEndpoint.start(account));
        slack = keep(SlackStandIn.start(List.of(CHANNEL), clock));
        postgres = keep(LocalPostgres.start());
        keepCommitsThroughACrash();
        assertThat(function("migrate").invoke("{}", Duration.ofMinutes(1))).isInstanceOf(Invocation.Answered.class);

        deadEvents = account.queues().create("FailedEvents");
        events = queue("EventQueue", deadEvents);
        var act = queue("ActQueue", account.queues().create("FailedActions"));
        var notices = queue("NotifyQueue", account.queues().create("FailedNotices"));
        io.deployguard.simulation.demo.Template.read(Project.root().resolve("template.yaml"))
                .eventPatterns()
                .entrySet()
                .stream()
                .filter(rule -> !rule.getKey().equals("ClusterRule"))
                .forEach(rule -> account.bus().rule(rule.getKey(), rule.getValue(), events));
        account.onEvent(this::noteCrash);

        detect = function("detect");
        var actor = function("act");
        var messenger = function("notify");
        var watch = function("watch");
        warm(Map.of(
                detect, "{\"detail-type\":\"Warm-up\",\"detail\":{}}", actor, NOBODY, messenger, NOBODY, watch, "{}"));
        poll(detect, "DetectFunction", events);
        poll(actor, "ActFunction", act);
        poll(messenger, "NotifyFunction", notices);
        keep(SchedulePoller.start(
                new SchedulePoller.Schedule("watch", Duration.ofMinutes(1), timeout("WatchFunction")),
                clock,
                watch,
                _ -> {}));
        account.cluster(CLUSTER);
        for (var name : List.of("before", "database-1", "database-2", "slack-1", "ecs-1", "killed-1")) {
            create(name);
        }
        await("the first releases", () -> steady("killed-1") && steady("before"));
    }

    /** A first invocation each, as a function that has run before would have had: its start does not run faster with the clock. */
    private static void warm(Map<LambdaRuntime, String> inputs) {
        assertThat(inputs.entrySet().parallelStream()
                        .map(input -> input.getKey().invoke(input.getValue(), Duration.ofMinutes(1))))
                .allMatch(Invocation.Answered.class::isInstance);
    }

    @AfterAll
    void tearDown() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }

    /** One test, since each outage finds the functions as the one before has left them. */
    @Test
    void nothingIsLostAndWhatFailedMeanwhileIsToldWithinAMinuteOfTheReturn() {
        var poison = events.send(POISON, Duration.ZERO);
        deploy("before");
        told("before", Instant.MIN, "with everything there");

        postgres.goAway();
        deploy("database-1");
        pass(Duration.ofMinutes(3));
        deploy("database-2");
        pass(Duration.ofMinutes(2));
        assertThat(List.of("database-1", "database-2")).noneMatch(this::isTold);
        postgres.comeBack();
        var databaseIsBack = clock.instant();
        told("database-1", databaseIsBack, "PostgreSQL away for 5 min, failed at its beginning");
        told("database-2", databaseIsBack, "PostgreSQL away for 5 min, failed towards its end");

        slack.goDown(Duration.ofMinutes(2));
        var slackIsBack = clock.instant().plus(Duration.ofMinutes(2));
        deploy("slack-1");
        pass(Duration.between(clock.instant(), slackIsBack));
        told("slack-1", slackIsBack, "Slack away for 2 min");

        aws.faults().throttle("ecs:*", 1);
        deploy("ecs-1");
        pass(Duration.ofMinutes(3));
        assertThat(isTold("ecs-1")).isFalse();
        aws.faults().clear();
        told("ecs-1", clock.instant(), "ECS throttled for 3 min");

        aws.faults().delay("ecs:DescribeServices", Duration.ofMillis(1_500));
        deploy("killed-1");
        await(
                "detect to look at the service",
                () -> aws.calls("DescribeServices").stream()
                        .anyMatch(call -> call.request().toString().contains("killed-1")
                                && Optional.ofNullable(crashedAt.get("killed-1"))
                                        .filter(call.at()::isAfter)
                                        .isPresent()));
        detect.kill();
        aws.faults().clear();
        told("killed-1", clock.instant(), "detect killed in the middle");

        await("the poison among the dead letters", () -> deadEvents.visible() == 1);
        assertThat(tries).as("messages that failed, and how often").containsEntry(poison, 5);
        await("every service to be well again", () -> services().allMatch(this::steady));
        services()
                .forEach(service -> assertThat(rollbacks(service))
                        .as("rollbacks of " + service)
                        .isEqualTo(1));
        assertThat(deadEvents.visible()).as("dead letters beside the poison").isEqualTo(1);
        System.out.printf("outages at %.0f times the speed of the clock: %s%n", SPEED, String.join("; ", results));
    }

    private Stream<String> services() {
        return crashedAt.keySet().stream().sorted();
    }

    /** What the guard does to the service is asked of ECS, whatever the guard says. */
    private long rollbacks(String service) {
        return aws.acceptedChanges().stream()
                .filter(call -> call.action().equals("StopServiceDeployment")
                        && call.request().toString().contains("/" + service + "/"))
                .count();
    }

    private void told(String service, Instant back, String what) {
        await("the message about " + service, () -> isTold(service));
        var crashed = Optional.ofNullable(crashedAt.get(service)).orElseThrow();
        var took = Duration.between(crashed.isAfter(back) ? crashed : back, clock.instant());
        results.add("%s: told after %.1f s".formatted(what, took.toMillis() / 1_000.0));
        var allowed = BOUND.plus(Duration.ofMillis((long) (OF_THE_MACHINE.toMillis() * SPEED)));
        assertThat(took).as(what + "\n" + String.join("\n", log)).isLessThanOrEqualTo(allowed);
    }

    private boolean isTold(String service) {
        return slack.messages(CHANNEL).stream()
                .map(message -> message.latest().text()
                        + message.latest().blocks()
                        + message.latest().attachments())
                .anyMatch(text -> text.contains(service));
    }

    private void create(String name) {
        account.logs().group("/ecs/" + name);
        register(name, 1, Behavior.healthyAfter(Duration.ofSeconds(5), "ready"));
        account.service(CLUSTER, name).desired(2).tag(Mode.TAG, "auto").create(name + ":1");
    }

    /** A release that crashes as it starts. */
    private void deploy(String name) {
        register(
                name,
                2,
                Behavior.crashing(
                        Duration.ofSeconds(3),
                        134,
                        "[10:02:10 INF] Applying migration '20250101000000_Baseline'",
                        "Npgsql.PostgresException (0x80004005): 42P07: relation \"%s\" already exists"
                                .formatted(name)));
        account.ecs()
                .updateService(JsonNodeFactory.instance
                        .objectNode()
                        .put("cluster", CLUSTER)
                        .put("service", name)
                        .put("taskDefinition", name + ":2"));
    }

    private void register(String name, int revision, Behavior behavior) {
        account.images().push(name, "v" + revision, "content " + revision);
        account.registerTaskDefinition("""
                {"family":"%1$s","networkMode":"awsvpc","requiresCompatibilities":["FARGATE"],"cpu":"256","memory":"512",
                 "containerDefinitions":[{"name":"web","image":"%2$s","essential":true,
                   "logConfiguration":{"logDriver":"awslogs","options":{"awslogs-group":"/ecs/%1$s",
                     "awslogs-region":"eu-central-1","awslogs-stream-prefix":"web"}}}]}
                """.formatted(name, account.images().uri(name, "v" + revision)));
        account.behavior(name + ":" + revision, behavior);
    }

    private boolean steady(String name) {
        var request = JsonNodeFactory.instance.objectNode().put("cluster", CLUSTER);
        request.putArray("services").add(name);
        return account.inventory()
                .describeServices(request)
                .at("/services/0/deployments/0/rolloutState")
                .asText()
                .equals("COMPLETED");
    }

    private void noteCrash(JsonNode event) {
        var detail = event.path("detail");
        if (detail.path("stopCode").asText().equals("EssentialContainerExited")) {
            crashedAt.putIfAbsent(detail.path("group").asText().replace("service:", ""), clock.instant());
        }
    }

    /** The server of the tests forgets what it had no time to write; a real one does not. */
    private void keepCommitsThroughACrash() throws SQLException {
        try (var connection = ConnectionSettings.parse(postgres.jdbcUrl()).open();
                var statement = connection.createStatement()) {
            statement.execute("alter database postgres set synchronous_commit = on");
        }
    }

    private SimulatedQueue queue(String name, SimulatedQueue dead) {
        var queue = template.resource(name);
        return account.queues()
                .create(
                        name,
                        Duration.ofSeconds(queue.path("VisibilityTimeout").asInt()),
                        Optional.of(new SimulatedQueue.Redrive(
                                dead,
                                queue.path("RedrivePolicy")
                                        .path("maxReceiveCount")
                                        .asInt())),
                        SPEED);
    }

    private Duration timeout(String function) {
        return Duration.ofSeconds(template.resource(function).path("Timeout").asInt());
    }

    private LambdaRuntime function(String name) {
        var type = Character.toUpperCase(name.charAt(0)) + name.substring(1) + "Handler";
        var jar = Project.root().resolve("functions/%s/target/%s.jar".formatted(name, name));
        if (!Project.isCi()) {
            assumeTrue(Files.exists(jar), () -> jar + " is not built; ./mvnw verify builds it");
        }
        var environment = new HashMap<String, String>();
        environment.put("AWS_ENDPOINT_URL", aws.uri().toString());
        environment.put("AWS_REGION", "eu-central-1");
        environment.put("DEPLOY_GUARD_CLOCK", clock.describe());
        environment.put("DEPLOY_GUARD_DATABASE_URL", postgres.jdbcUrl());
        environment.put("DEPLOY_GUARD_EVENT_QUEUE_URL", url("EventQueue"));
        environment.put("DEPLOY_GUARD_ACT_QUEUE_URL", url("ActQueue"));
        environment.put("DEPLOY_GUARD_NOTIFY_QUEUE_URL", url("NotifyQueue"));
        environment.put("DEPLOY_GUARD_SLACK_CHANNEL", slack.channelId(CHANNEL));
        environment.put("DEPLOY_GUARD_SLACK_TOKEN", SlackStandIn.DEFAULT_TOKEN);
        environment.put(
                "DEPLOY_GUARD_SLACK_API_URL", slack.uri().resolve("/api/").toString());
        return keep(new LambdaRuntime(
                LambdaFunction.of(name, "io.deployguard.functions.%s.%s::handleRequest".formatted(name, type), jar)
                        .with(environment),
                line -> log.add(name + ": " + line)));
    }

    private String url(String queue) {
        return aws.uri() + "/123456789012/" + queue;
    }

    private void poll(LambdaRuntime function, String described, SimulatedQueue queue) {
        var batch = Template.elements(template.resource(described).path("Events"))
                .map(event -> event.path("Properties").path("BatchSize").asInt())
                .filter(size -> size > 0)
                .findFirst()
                .orElseThrow();
        var mapping = new QueuePoller.Mapping(
                aws.uri(), url(queue.name()), queue.arn(), batch, Duration.ZERO, timeout(described));
        keep(QueuePoller.start(mapping, function, new QueuePoller.Listener() {
            @Override
            public void batchDone(int messages, Set<String> failed, Invocation invocation) {
                failed.forEach(message -> tries.merge(message, 1, Integer::sum));
            }

            @Override
            public void pollFailed(IOException fault) {
                log.add("poll " + queue.name() + ": " + fault);
            }
        }));
    }

    /** Lets time pass, in the clock of the account. */
    private void pass(Duration time) {
        sleep(clock.wallTimeUntil(clock.instant().plus(time)));
    }

    private void await(String what, BooleanSupplier condition) {
        var end = clock.instant().plus(PATIENCE).plus(Duration.ofMillis((long) (OF_THE_MACHINE.toMillis() * SPEED)));
        while (!condition.getAsBoolean()) {
            if (clock.instant().isAfter(end)) {
                throw new AssertionError(what + " did not come within " + PATIENCE + "\n" + String.join("\n", log));
            }
            sleep(Duration.ofMillis(20));
        }
    }

    private static void sleep(Duration time) {
        try {
            TimeUnit.NANOSECONDS.sleep(time.toNanos());
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
