package io.deployguard.simulation.demo;

import io.deployguard.postgres.ConnectionSettings;
import io.deployguard.postgres.SchemaMigrator;
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
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Everything an incident needs on one machine: PostgreSQL, a simulated account behind HTTP, the shipped event rules, the real functions behind
 * Lambda's runtime interface, and a stand-in for Slack.
 */
final class Stage implements AutoCloseable {

    static final String CHANNEL = "deployments";
    private static final String REGION = "eu-central-1";
    private static final String ACCOUNT = "123456789012";
    private static final Duration FUNCTION_TIMEOUT = Duration.ofSeconds(60);
    private static final int MAX_RECEIVES = 5;

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final Map<String, LambdaRuntime> functions = new HashMap<>();
    private final SimulatedAccount account;
    private final AwsEndpoint endpoint;
    private final SlackStandIn slack;
    private final LocalPostgres postgres;
    private final Timeline timeline;
    private final Map<String, String> settings;

    private Stage(Scenario scenario, Consumer<Timeline.Entry> listener) {
        var clock = SimulatedClock.startingAt(Instant.now(), scenario.speed());
        this.settings = scenario.settings();
        this.timeline = new Timeline(clock, listener);
        this.postgres = keep(LocalPostgres.start());
        this.account = keep(SimulatedAccount.in(REGION, ACCOUNT, clock));
        this.endpoint = keep(AwsEndpoint.start(account));
        this.slack = keep(SlackStandIn.start(List.of(CHANNEL), clock));
    }

    /**
     * Sets the stage; the functions are started and idle.
     *
     * @param lookUp from a function's name to its jar and handler
     */
    static Stage set(
            Scenario scenario,
            Path template,
            Function<String, LambdaFunction> lookUp,
            Consumer<String> progress,
            Consumer<Timeline.Entry> listener) {
        progress.accept("starting PostgreSQL, the simulated account and Slack");
        var stage = new Stage(scenario, listener);
        try {
            stage.open(template, lookUp, progress);
            return stage;
        } catch (RuntimeException failure) {
            stage.close();
            throw failure;
        }
    }

    private void open(Path template, Function<String, LambdaFunction> lookUp, Consumer<String> progress) {
        new SchemaMigrator(ConnectionSettings.parse(postgres.jdbcUrl())).migrate();
        var events = queue("events");
        var act = queue("act");
        var notify = queue("notify");
        Template.read(template)
                .eventPatterns()
                .forEach((name, pattern) -> account.bus().rule(name, pattern, events));
        account.onEvent(timeline::event);
        progress.accept("starting the functions detect, watch, act and notify");
        start(
                lookUp.apply("detect"),
                Map.of("DEPLOY_GUARD_ACT_QUEUE_URL", url(act), "DEPLOY_GUARD_NOTIFY_QUEUE_URL", url(notify)));
        start(
                lookUp.apply("watch"),
                Map.of("DEPLOY_GUARD_ACT_QUEUE_URL", url(act), "DEPLOY_GUARD_NOTIFY_QUEUE_URL", url(notify)));
        start(lookUp.apply("act"), Map.of("DEPLOY_GUARD_NOTIFY_QUEUE_URL", url(notify)));
        start(
                lookUp.apply("notify"),
                Map.of(
                        "DEPLOY_GUARD_SLACK_TOKEN",
                        SlackStandIn.DEFAULT_TOKEN,
                        "DEPLOY_GUARD_SLACK_API_URL",
                        slack.uri().resolve("/api/").toString()));
        warm();
        poll("detect", events);
        poll("act", act);
        poll("notify", notify);
        keep(SchedulePoller.start(
                new SchedulePoller.Schedule("deploy-guard-watch", Duration.ofMinutes(1), FUNCTION_TIMEOUT),
                account.clock(),
                function("watch"),
                invocation -> tell("watch", invocation)));
    }

    /** A first invocation each, as a function that has run before would have had; nothing comes of it. */
    private void warm() {
        var nobody = "{\"incident\":\"00000000-0000-0000-0000-000000000000\"}";
        var inputs = Map.of(
                "detect",
                "{\"detail-type\":\"Warm-up\",\"detail\":{}}",
                "watch",
                "{}",
                "act",
                nobody,
                "notify",
                nobody);
        var failures = inputs.entrySet().parallelStream()
                .map(input -> function(input.getKey()).invoke(input.getValue(), FUNCTION_TIMEOUT))
                .filter(invocation -> !(invocation instanceof Invocation.Answered))
                .map(Invocation::describe)
                .toList();
        if (!failures.isEmpty()) {
            throw new IllegalStateException("a function did not start: " + failures);
        }
    }

    private void start(LambdaFunction function, Map<String, String> own) {
        var environment = new HashMap<>(own);
        environment.putAll(settings);
        environment.put("AWS_ENDPOINT_URL", endpoint.uri().toString());
        environment.put("AWS_REGION", REGION);
        environment.put("DEPLOY_GUARD_DATABASE_URL", postgres.jdbcUrl());
        environment.put("DEPLOY_GUARD_ENDPOINT_NETWORKS", "127.0.0.0/8");
        environment.put("DEPLOY_GUARD_CLOCK", account.clock().describe());
        environment.put("DEPLOY_GUARD_SLACK_CHANNEL", slack.channelId(CHANNEL));
        functions.put(
                function.name(),
                keep(new LambdaRuntime(function.with(environment), line -> timeline.log(function.name(), line))));
    }

    private LambdaRuntime function(String name) {
        return Optional.ofNullable(functions.get(name)).orElseThrow();
    }

    private SimulatedQueue queue(String name) {
        var dead = account.queues().create(name + "-dead");
        return account.queues()
                .create(name, Duration.ofSeconds(20), Optional.of(new SimulatedQueue.Redrive(dead, MAX_RECEIVES)));
    }

    private String url(SimulatedQueue queue) {
        return endpoint.uri().resolve("/" + ACCOUNT + "/" + queue.name()).toString();
    }

    private void poll(String function, SimulatedQueue queue) {
        var mapping = QueuePoller.Mapping.of(endpoint.uri(), url(queue), queue.arn(), FUNCTION_TIMEOUT);
        keep(QueuePoller.start(mapping, function(function), new QueuePoller.Listener() {
            @Override
            public void batchDone(int messages, Set<String> failed, Invocation invocation) {
                tell(function, invocation);
            }

            @Override
            public void pollFailed(IOException fault) {
                timeline.add(function, "could not poll its queue", String.valueOf(fault.getMessage()));
            }
        }));
    }

    private void tell(String function, Invocation invocation) {
        if (!(invocation instanceof Invocation.Answered)) {
            timeline.add(function, "failed", invocation.describe());
        }
    }

    private <T extends AutoCloseable> T keep(T part) {
        open.push(part);
        return part;
    }

    SimulatedAccount account() {
        return account;
    }

    AwsEndpoint endpoint() {
        return endpoint;
    }

    SlackStandIn slack() {
        return slack;
    }

    Timeline timeline() {
        return timeline;
    }

    ConnectionSettings database() {
        return ConnectionSettings.parse(postgres.jdbcUrl());
    }

    /** Ends everything, the newest first. */
    @Override
    public void close() {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception leftover) {
                timeline.add("demo", "could not end a part", String.valueOf(leftover.getMessage()));
            }
        }
    }
}
