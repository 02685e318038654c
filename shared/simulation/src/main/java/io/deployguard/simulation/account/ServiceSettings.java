package io.deployguard.simulation.account;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What CreateService and UpdateService say about a service; immutable, the JSON in it is never changed. */
record ServiceSettings(
        TaskDefinition definition,
        int desiredCount,
        ObjectNode deploymentConfiguration,
        List<JsonNode> loadBalancers,
        JsonNode networkConfiguration,
        Duration gracePeriod,
        String controller) {

    static ServiceSettings parse(ObjectNode request, TaskDefinition definition) {
        return new ServiceSettings(
                definition,
                request.path("desiredCount").asInt(1),
                deploymentConfiguration(request.path("deploymentConfiguration")),
                Json.elements(request, "loadBalancers"),
                request.path("networkConfiguration").isObject() ? request.get("networkConfiguration") : Json.object(),
                Duration.ofSeconds(request.path("healthCheckGracePeriodSeconds").asLong(0)),
                request.path("deploymentController").path("type").asText("ECS"));
    }

    /** These settings with what {@code request} mentions replaced. */
    ServiceSettings updated(ObjectNode request, TaskDefinition newDefinition) {
        return new ServiceSettings(
                newDefinition,
                request.path("desiredCount").asInt(desiredCount),
                request.has("deploymentConfiguration")
                        ? deploymentConfiguration(request.get("deploymentConfiguration"))
                        : deploymentConfiguration,
                request.has("loadBalancers") ? Json.elements(request, "loadBalancers") : loadBalancers,
                request.has("networkConfiguration") ? request.get("networkConfiguration") : networkConfiguration,
                request.has("healthCheckGracePeriodSeconds")
                        ? Duration.ofSeconds(
                                request.get("healthCheckGracePeriodSeconds").asLong())
                        : gracePeriod,
                controller);
    }

    /** Those of a task set beside: another definition behind another target group. */
    ServiceSettings ofTaskSet(TaskDefinition newDefinition, String targetGroupArn) {
        return new ServiceSettings(
                newDefinition,
                desiredCount,
                deploymentConfiguration,
                loadBalancers.stream()
                        .<JsonNode>map(
                                balancer -> ((ObjectNode) balancer.deepCopy()).put("targetGroupArn", targetGroupArn))
                        .toList(),
                networkConfiguration,
                gracePeriod,
                controller);
    }

    boolean hasTaskSets() {
        return controller.equals("CODE_DEPLOY");
    }

    ServiceSettings withDesiredCount(int count) {
        return new ServiceSettings(
                definition,
                count,
                deploymentConfiguration,
                loadBalancers,
                networkConfiguration,
                gracePeriod,
                controller);
    }

    /** Whether ECS starts a deployment for the difference, without being forced to. */
    boolean needsDeployment(ServiceSettings earlier) {
        return !definition.arn().equals(earlier.definition.arn())
                || !loadBalancers.equals(earlier.loadBalancers)
                || !networkConfiguration.equals(earlier.networkConfiguration);
    }

    boolean breaker() {
        return deploymentConfiguration
                .path("deploymentCircuitBreaker")
                .path("enable")
                .asBoolean(false);
    }

    boolean breakerRollsBack() {
        return deploymentConfiguration
                .path("deploymentCircuitBreaker")
                .path("rollback")
                .asBoolean(false);
    }

    /** How traffic goes over to a new revision; absent for a rolling update. */
    Optional<ShiftStrategy> shift() {
        return ShiftStrategy.find(deploymentConfiguration);
    }

    /** How long both revisions run after all traffic has gone over. */
    Duration bakeTime() {
        return Duration.ofMinutes(
                deploymentConfiguration.path("bakeTimeInMinutes").asLong());
    }

    /** The fewest healthy tasks that a deployment may leave, rounded up. */
    int fewestHealthy() {
        return Math.ceilDiv(
                desiredCount
                        * deploymentConfiguration.path("minimumHealthyPercent").asInt(),
                100);
    }

    /** The most tasks that may be wanted at once, rounded down. */
    int mostTasks() {
        return Math.floorDiv(
                desiredCount * deploymentConfiguration.path("maximumPercent").asInt(), 100);
    }

    private static ObjectNode deploymentConfiguration(JsonNode requested) {
        var configuration = Json.object().put("maximumPercent", 200).put("minimumHealthyPercent", 100);
        configuration.putObject("deploymentCircuitBreaker").put("enable", false).put("rollback", false);
        configuration.put("strategy", "ROLLING").put("bakeTimeInMinutes", 0);
        if (requested instanceof ObjectNode given) {
            configuration.setAll(given);
        }
        return configuration;
    }
}
