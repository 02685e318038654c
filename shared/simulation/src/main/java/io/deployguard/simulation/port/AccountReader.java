package io.deployguard.simulation.port;

import com.fasterxml.jackson.databind.JsonNode;
import io.deployguard.ecs.Container;
import io.deployguard.ecs.DeploymentId;
import io.deployguard.ecs.ServiceDeployment;
import io.deployguard.ecs.ServiceDescription;
import io.deployguard.ecs.ServiceRef;
import io.deployguard.ecs.ServiceRevision;
import io.deployguard.ecs.Stop;
import io.deployguard.ecs.TargetHealth;
import io.deployguard.ecs.Task;
import io.deployguard.ecs.TaskSet;
import io.deployguard.simulation.account.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The answers of the simulated account as the core's nouns: what the mappers of the AWS module do for the SDK's shapes. */
final class AccountReader {

    private AccountReader() {}

    static ServiceDescription service(ServiceRef ref, JsonNode service) {
        var breaker = service.path("deploymentConfiguration").path("deploymentCircuitBreaker");
        return new ServiceDescription(
                ref,
                service.path("status").asText(),
                service.path("desiredCount").asInt(),
                service.path("runningCount").asInt(),
                service.path("pendingCount").asInt(),
                ServiceDescription.Controller.parse(
                        service.path("deploymentController").path("type").asText("ECS")),
                ServiceDescription.Strategy.parse(
                        service.path("deploymentConfiguration").path("strategy").asText("")),
                service.path("taskDefinition").asText(),
                Json.elements(service, "deployments").stream()
                        .map(AccountReader::rollout)
                        .sorted(Comparator.comparingInt(rollout -> rollout.isPrimary() ? 0 : 1))
                        .toList(),
                Json.elements(service, "events").stream()
                        .map(event -> new ServiceDescription.Message(
                                instant(event, "createdAt").orElseThrow(),
                                event.path("message").asText()))
                        .toList(),
                balancers(service),
                Duration.ofSeconds(service.path("healthCheckGracePeriodSeconds").asLong()),
                breaker.path("enable").asBoolean(),
                breaker.path("rollback").asBoolean(),
                Json.elements(service, "tags").stream()
                        .collect(Collectors.toMap(
                                tag -> tag.path("key").asText(),
                                tag -> tag.path("value").asText())),
                instant(service, "createdAt"));
    }

    private static ServiceDescription.Rollout rollout(JsonNode rollout) {
        return new ServiceDescription.Rollout(
                new DeploymentId(rollout.path("id").asText()),
                rollout.path("status").asText(),
                rollout.path("taskDefinition").asText(),
                rollout.path("desiredCount").asInt(),
                rollout.path("runningCount").asInt(),
                rollout.path("pendingCount").asInt(),
                rollout.path("failedTasks").asInt(),
                Json.text(rollout, "rolloutState"),
                Json.text(rollout, "rolloutStateReason"),
                instant(rollout, "createdAt"),
                instant(rollout, "updatedAt"));
    }

    /** @param service as DescribeServices tells it */
    static List<TaskSet> taskSets(JsonNode service) {
        return Json.elements(service, "taskSets").stream()
                .map(set -> new TaskSet(
                        new DeploymentId(set.path("id").asText()),
                        set.path("status").asText(),
                        set.path("taskDefinition").asText(),
                        set.path("computedDesiredCount").asInt(),
                        set.path("runningCount").asInt(),
                        set.path("pendingCount").asInt(),
                        set.path("stabilityStatus").asText().equals("STEADY_STATE"),
                        Json.text(set, "externalId"),
                        balancers(set),
                        instant(set, "createdAt"),
                        instant(set, "updatedAt")))
                .toList();
    }

    private static List<ServiceDescription.LoadBalancer> balancers(JsonNode node) {
        return Json.elements(node, "loadBalancers").stream()
                .map(balancer -> new ServiceDescription.LoadBalancer(
                        balancer.path("targetGroupArn").asText(),
                        balancer.path("containerName").asText(),
                        balancer.path("containerPort").asInt(),
                        Json.text(balancer.path("advancedConfiguration"), "alternateTargetGroupArn")))
                .toList();
    }

    static ServiceDeployment deployment(JsonNode deployment) {
        var rollback = deployment.path("rollback");
        return new ServiceDeployment(
                deployment.path("serviceDeploymentArn").asText(),
                ServiceDeployment.Status.parse(deployment.path("status").asText()),
                Json.text(deployment, "statusReason"),
                deployment.path("targetServiceRevision").path("arn").asText(),
                Json.elements(deployment, "sourceServiceRevisions").stream()
                        .map(revision -> revision.path("arn").asText())
                        .toList(),
                Json.text(deployment, "lifecycleStage"),
                Json.elements(deployment, "lifecycleHookDetails").stream()
                        .map(hook -> new ServiceDeployment.Hook(
                                hook.path("hookId").asText(),
                                hook.path("status").asText(),
                                instant(hook, "expiresAt"),
                                Json.text(hook, "timeoutAction")))
                        .toList(),
                Json.text(rollback, "serviceRevisionArn"),
                Json.text(rollback, "reason"),
                instant(deployment, "createdAt"),
                instant(deployment, "finishedAt"));
    }

    static ServiceRevision revision(JsonNode revision) {
        return new ServiceRevision(
                revision.path("serviceRevisionArn").asText(),
                revision.path("taskDefinition").asText(),
                Json.elements(revision, "containerImages").stream()
                        .map(image -> new ServiceRevision.ContainerImage(
                                image.path("containerName").asText(),
                                image.path("image").asText(),
                                Json.text(image, "imageDigest")))
                        .toList(),
                instant(revision, "createdAt"));
    }

    static Task task(JsonNode task) {
        return new Task(
                task.path("taskArn").asText(),
                task.path("group").asText(),
                DeploymentId.findInStartedBy(task.path("startedBy").asText("")),
                task.path("taskDefinitionArn").asText(),
                task.path("lastStatus").asText(),
                task.path("desiredStatus").asText(),
                Container.Health.parse(task.path("healthStatus").asText()),
                stop(task),
                Json.elements(task, "containers").stream()
                        .map(AccountReader::container)
                        .toList(),
                Json.elements(task.path("overrides"), "containerOverrides").stream()
                        .map(override -> Json.textsIn(override, "command"))
                        .filter(command -> !command.isEmpty())
                        .findFirst()
                        .orElse(List.of()),
                ofInterface(task, "subnetId"),
                ofInterface(task, "privateIPv4Address"),
                instant(task, "createdAt"),
                instant(task, "startedAt"),
                instant(task, "stoppedAt"),
                task.path("version").asLong());
    }

    private static Optional<String> ofInterface(JsonNode task, String name) {
        return Json.elements(task, "attachments").stream()
                .flatMap(attachment -> Json.elements(attachment, "details").stream())
                .filter(pair -> pair.path("name").asText().equals(name))
                .map(pair -> pair.path("value").asText())
                .findFirst();
    }

    private static Optional<Stop> stop(JsonNode task) {
        return Json.text(task, "stopCode")
                .map(code -> new Stop(
                        Stop.Code.parse(code),
                        task.path("stoppedReason").asText(""),
                        instant(task, "executionStoppedAt")
                                .or(() -> instant(task, "stoppingAt"))
                                .or(() -> instant(task, "stoppedAt"))));
    }

    private static Container container(JsonNode container) {
        return new Container(
                container.path("name").asText(),
                container.path("lastStatus").asText(),
                container.path("exitCode").isInt()
                        ? Optional.of(container.path("exitCode").asInt())
                        : Optional.empty(),
                Json.text(container, "reason").filter(text -> !text.isBlank()),
                Container.Health.parse(container.path("healthStatus").asText()),
                Json.text(container, "image"),
                Json.text(container, "imageDigest"),
                Json.text(container, "runtimeId"));
    }

    static TargetHealth target(String groupArn, JsonNode description) {
        var health = description.path("TargetHealth");
        return new TargetHealth(
                Optional.of(groupArn),
                Json.text(description.path("Target"), "Id"),
                Optional.of(description.path("Target").path("Port").asInt()),
                health.path("State").asText(),
                Json.text(health, "Reason"),
                Json.text(health, "Description"));
    }

    private static Optional<Instant> instant(JsonNode node, String field) {
        return Optional.of(node.path(field))
                .filter(JsonNode::isNumber)
                .map(seconds -> Instant.ofEpochMilli(
                        seconds.decimalValue().movePointRight(3).longValue()));
    }
}
