package io.deployguard.simulation.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.deployguard.simulation.account.Behavior;
import io.deployguard.simulation.account.SimulatedAccount;
import io.deployguard.simulation.account.SimulatedClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a day without trouble costs: which share of ECS's events passes the template's rules and wakes a function. */
class HealthyDayTest {

    private static final int SERVICES = 20;
    private static final int TASKS = 4;
    private static final Duration RELEASE_EVERY = Duration.ofHours(3);

    @Test
    void healthyChurnPassesNoRule() {
        var events = new ArrayList<JsonNode>();
        try (var account = SimulatedAccount.in(
                "eu-central-1", "123456789012", SimulatedClock.manual(Instant.parse("2026-02-03T00:00:00Z")))) {
            var queue = account.queues().create("events");
            // The rule for one cluster exists only where the parameter Cluster is set, and then instead of the others.
            Template.read(Path.of("../../template.yaml")).eventPatterns().entrySet().stream()
                    .filter(rule -> !rule.getKey().equals("ClusterRule"))
                    .forEach(rule -> account.bus().rule(rule.getKey(), rule.getValue(), queue));
            account.onEvent(events::add);
            liveThroughADay(account);

            var rules = account.bus().rules();
            var matched =
                    rules.stream().mapToLong(rule -> rule.traffic().matched()).sum();
            var share = (double) matched / events.size();
            System.out.printf(
                    "A healthy day of %d services with %d tasks, %d releases: %d events, %d of them pass (%.1f %%)%n",
                    SERVICES, TASKS, SERVICES * 24 / RELEASE_EVERY.toHours(), events.size(), matched, 100 * share);
            rules.stream()
                    .filter(rule -> rule.traffic().matched() > 0)
                    .forEach(rule -> System.out.printf(
                            "  %-20s %d%n", rule.name(), rule.traffic().matched()));
            assertThat(events).as("events of the day").hasSizeGreaterThan(6_000);
            assertThat(share).as("share that passes").isLessThan(0.08);
            // Two per deployment, its beginning and its end, and up to four for a stop that only its reason tells apart
            // from a crash: one on Spot and one by hand in each hour.
            assertThat(matched).isLessThanOrEqualTo(SERVICES * (24 / RELEASE_EVERY.toHours() + 1) * 2 + 24 * 2 * 4);
            assertThat(passed("Scaling activity", events)).isPositive();
            assertThat(passed("maintenance", events)).as("stops by a person").isPositive();
            assertThat(passed("Your Spot Task", events))
                    .as("Spot interruptions")
                    .isPositive();
        }
    }

    private static long passed(String reason, List<JsonNode> events) {
        return events.stream()
                .filter(event ->
                        event.path("detail").path("stoppedReason").asText().startsWith(reason))
                .count();
    }

    /** Somebody wants a task to start afresh. */
    private static void stopByHand(SimulatedAccount account, String service) {
        account.ecs()
                .stopTask(JsonNodeFactory.instance
                        .objectNode()
                        .put("cluster", "shop")
                        .put("task", account.tasksOf("shop", service).getFirst())
                        .put("reason", "maintenance"));
    }

    /** Releases that succeed, scaling out at day and in at night, tasks that people stop, and Spot capacity that is taken back. */
    private static void liveThroughADay(SimulatedAccount account) {
        account.cluster("shop");
        for (var service = 0; service < SERVICES; service++) {
            var name = "service-" + service;
            account.logs().group("/ecs/" + name);
            account.behavior(name, Behavior.healthyAfter(Duration.ofSeconds(5), "listening on 8080"));
            define(account, name);
            account.service("shop", name).desired(TASKS).create(name + ":1");
        }
        var revision = 1;
        for (var hour = 0; hour < 24; hour++) {
            account.advance(Duration.ofMinutes(30));
            for (var service = 0; service < SERVICES; service++) {
                var change = JsonNodeFactory.instance
                        .objectNode()
                        .put("cluster", "shop")
                        .put("service", "service-" + service)
                        .put("desiredCount", hour % 2 == 0 ? TASKS + 2 : TASKS);
                account.ecs().updateService(change);
            }
            account.interruptSpot("shop", "service-" + hour % SERVICES);
            stopByHand(account, "service-" + (hour + 1) % SERVICES);
            account.advance(Duration.ofMinutes(30));
            if (hour % RELEASE_EVERY.toHours() == 0) {
                revision++;
                for (var service = 0; service < SERVICES; service++) {
                    var name = "service-" + service;
                    define(account, name);
                    account.ecs()
                            .updateService(JsonNodeFactory.instance
                                    .objectNode()
                                    .put("cluster", "shop")
                                    .put("service", name)
                                    .put("taskDefinition", name + ":" + revision));
                }
            }
        }
    }

    private static void define(SimulatedAccount account, String family) {
        account.registerTaskDefinition("""
                {"family":"%s","networkMode":"awsvpc","requiresCompatibilities":["FARGATE"],"cpu":"256","memory":"512",
                 "containerDefinitions":[{"name":"web","image":"shop/%s:1","essential":true,
                   "portMappings":[{"containerPort":8080,"protocol":"tcp"}]}]}
                """.formatted(family, family));
    }
}
