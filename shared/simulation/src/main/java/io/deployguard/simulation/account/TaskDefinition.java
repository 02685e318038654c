package io.deployguard.simulation.account;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A registered task definition: the request of RegisterTaskDefinition under a family and revision.
 *
 * @param request as it was registered; never changed
 * @param deregisteredAt when it became INACTIVE
 */
record TaskDefinition(
        String arn,
        String family,
        int revision,
        ObjectNode request,
        Instant registeredAt,
        Optional<Instant> deregisteredAt) {

    /** A container of the definition, as far as its running depends on it. */
    record Container(
            String name, String image, boolean essential, Optional<HealthCheck> healthCheck, Optional<LogTarget> log) {}

    /** The command health check of a container, with the defaults of ECS. */
    record HealthCheck(Duration interval, int retries, Duration startPeriod) {}

    /** Where the awslogs driver writes: the stream is {@code prefix/container/task}. */
    record LogTarget(String group, String prefix) {}

    String name() {
        return family + ":" + revision;
    }

    boolean isActive() {
        return deregisteredAt.isEmpty();
    }

    TaskDefinition deregistered(Instant at) {
        return new TaskDefinition(arn, family, revision, request, registeredAt, Optional.of(at));
    }

    List<Container> containers() {
        return Json.elements(request, "containerDefinitions").stream()
                .map(node -> new Container(
                        node.path("name").asText(),
                        node.path("image").asText(),
                        node.path("essential").asBoolean(true),
                        healthCheck(node.path("healthCheck")),
                        logTarget(node.path("logConfiguration"))))
                .toList();
    }

    /** The first essential container: the one that {@link Behavior} speaks about. */
    Container mainContainer() {
        return containers().stream()
                .filter(Container::essential)
                .findFirst()
                .orElseGet(() -> containers().getFirst());
    }

    /** As DescribeTaskDefinition tells it. */
    ObjectNode describe() {
        var described = request.deepCopy();
        described.remove("tags");
        described.put("taskDefinitionArn", arn);
        described.put("revision", revision);
        described.put("status", isActive() ? "ACTIVE" : "INACTIVE");
        described.put("registeredAt", Json.epochSeconds(registeredAt));
        deregisteredAt.ifPresent(at -> described.put("deregisteredAt", Json.epochSeconds(at)));
        return described;
    }

    private static Optional<HealthCheck> healthCheck(JsonNode node) {
        if (!node.isObject() || node.path("command").path(0).asText().equals("NONE")) {
            return Optional.empty();
        }
        return Optional.of(new HealthCheck(
                Duration.ofSeconds(node.path("interval").asLong(30)),
                node.path("retries").asInt(3),
                Duration.ofSeconds(node.path("startPeriod").asLong(0))));
    }

    private static Optional<LogTarget> logTarget(JsonNode node) {
        var options = node.path("options");
        return node.path("logDriver").asText().equals("awslogs")
                ? Optional.of(new LogTarget(
                        options.path("awslogs-group").asText(),
                        options.path("awslogs-stream-prefix").asText()))
                : Optional.empty();
    }
}
