package io.deployguard.simulation.demo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deployguard.simulation.account.Behavior;
import io.deployguard.simulation.account.Json;
import io.deployguard.simulation.account.SimulatedAccount;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Sixty services are released at once and none of them reaches the database that they share: one message, and the guard keeps its hands off. */
record StormScenario() implements Scenario {

    private static final int SERVICES = 60;

    @Override
    public String name() {
        return "storm";
    }

    @Override
    public String title() {
        return "Sixty services fail together, since the database that they share is away: one message, no action";
    }

    @Override
    public double speed() {
        return 10;
    }

    @Override
    public Duration patience() {
        return Duration.ofSeconds(110);
    }

    @Override
    public int services() {
        return SERVICES;
    }

    @Override
    public Expectation expected() {
        return new Expectation(
                        "database-unreachable",
                        Optional.of("db.internal:5432"),
                        "none",
                        "storm",
                        "services fail together")
                .finallySaying(
                        "database-unreachable (db.internal:5432) in all 60",
                        "cluster shop (all 60)",
                        "automatic action pauses in this account and region until");
    }

    @Override
    public void prepare(SimulatedAccount account) {
        account.cluster(WebService.CLUSTER);
        account.logs().group("/ecs/" + WebService.CLUSTER);
        names().forEach(name -> {
            account.images().push(name, "1", "good");
            account.images().push(name, "2", "bad");
            account.registerTaskDefinition(definition(account, name, 1));
            account.behavior(name + ":1", Behavior.healthyAfter(Duration.ofSeconds(2), "listening on 8080"));
            account.service(WebService.CLUSTER, name)
                    .desired(1)
                    .tag("deploy-guard:mode", "auto")
                    .create(name + ":1");
        });
    }

    @Override
    public boolean isReady(SimulatedAccount account) {
        return names().map(WebService::of).allMatch(service -> service.isSteady(account));
    }

    @Override
    public void release(SimulatedAccount account) {
        names().forEach(name -> {
            account.registerTaskDefinition(definition(account, name, 2));
            account.behavior(
                    name + ":2",
                    Behavior.crashing(
                            Duration.ofSeconds(90),
                            1,
                            "starting",
                            "psycopg2.OperationalError: connection to server at \"db.internal\" (10.0.9.9), port 5432 failed: Connection refused",
                            "\tIs the server running on that host and accepting TCP/IP connections?"));
            account.ecs().updateService(update(name));
        });
    }

    private static ObjectNode update(String name) {
        return Json.object()
                .put("cluster", WebService.CLUSTER)
                .put("service", name)
                .put("taskDefinition", name + ":2");
    }

    private static Stream<String> names() {
        return IntStream.rangeClosed(1, SERVICES).mapToObj("service-%02d"::formatted);
    }

    private static String definition(SimulatedAccount account, String name, int version) {
        return """
                {"family":"%s","networkMode":"awsvpc","requiresCompatibilities":["FARGATE"],"cpu":"256","memory":"512",
                 "containerDefinitions":[{"name":"web","image":"%s","essential":true,
                   "logConfiguration":{"logDriver":"awslogs","options":{"awslogs-group":"/ecs/%s",
                     "awslogs-region":"eu-central-1","awslogs-stream-prefix":"%s"}}}]}
                """.formatted(name, account.images().uri(name, String.valueOf(version)), WebService.CLUSTER, name);
    }
}
