package io.deployguard.aws.ecs;

import static java.util.Objects.requireNonNull;

import io.deployguard.ecs.Container;
import io.deployguard.ecs.DeploymentId;
import io.deployguard.ecs.ServiceDeployment;
import io.deployguard.ecs.ServiceDescription;
import io.deployguard.ecs.ServiceRef;
import io.deployguard.ecs.ServiceRevision;
import io.deployguard.ecs.Stop;
import io.deployguard.ecs.Task;
import io.deployguard.ecs.TaskSet;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.KeyValuePair;
import software.amazon.awssdk.services.ecs.model.LoadBalancer;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.StabilityStatus;
import software.amazon.awssdk.services.ecs.model.Tag;

/** The SDK's shapes as the core's nouns. Enum texts are read as text, so that one AWS adds later is kept. */
final class EcsMapper {

    private EcsMapper() {}

    static ServiceDescription service(ServiceRef ref, Service service) {
        var breaker = service.deploymentConfiguration() == null
                ? null
                : service.deploymentConfiguration().deploymentCircuitBreaker();
        return new ServiceDescription(
                ref,
                requireNonNull(service.status(), "service.status"),
                number(service.desiredCount()),
                number(service.runningCount()),
                number(service.pendingCount()),
                ServiceDescription.Controller.parse(
                        service.deploymentController() == null
                                ? "ECS"
                                : text(service.deploymentController().typeAsString())),
                ServiceDescription.Strategy.parse(
                        service.deploymentConfiguration() == null
                                ? ""
                                : text(service.deploymentConfiguration().strategyAsString())),
                text(service.taskDefinition()),
                service.deployments().stream()
                        .map(EcsMapper::rollout)
                        .sorted(java.util.Comparator.comparingInt(
                                rollout -> rollout.status().equals("PRIMARY") ? 0 : 1))
                        .toList(),
                service.events().stream()
                        .filter(event -> event.createdAt() != null)
                        .map(event -> new ServiceDescription.Message(event.createdAt(), text(event.message())))
                        .toList(),
                balancers(service.loadBalancers()),
                Duration.ofSeconds(number(service.healthCheckGracePeriodSeconds())),
                breaker != null && Boolean.TRUE.equals(breaker.enable()),
                breaker != null && Boolean.TRUE.equals(breaker.rollback()),
                tags(service.tags()),
                Optional.ofNullable(service.createdAt()));
    }

    /** Of a service whose deployments belong to another controller. */
    static List<TaskSet> taskSets(Service service) {
        return service.taskSets().stream()
                .map(set -> new TaskSet(
                        new DeploymentId(requireNonNull(set.id(), "taskSet.id")),
                        text(set.status()),
                        text(set.taskDefinition()),
                        number(set.computedDesiredCount()),
                        number(set.runningCount()),
                        number(set.pendingCount()),
                        set.stabilityStatus() == StabilityStatus.STEADY_STATE,
                        Optional.ofNullable(set.externalId()).filter(id -> !id.isBlank()),
                        balancers(set.loadBalancers()),
                        Optional.ofNullable(set.createdAt()),
                        Optional.ofNullable(set.updatedAt())))
                .toList();
    }

    private static List<ServiceDescription.LoadBalancer> balancers(List<LoadBalancer> balancers) {
        return balancers.stream()
                .filter(balancer -> balancer.targetGroupArn() != null)
                .map(balancer -> new ServiceDescription.LoadBalancer(
                        balancer.targetGroupArn(),
                        text(balancer.containerName()),
                        number(balancer.containerPort()),
                        Optional.ofNullable(balancer.advancedConfiguration())
                                .map(pair -> pair.alternateTargetGroupArn())))
                .toList();
    }

    static Map<String, String> tags(List<Tag> tags) {
        return tags.stream()
                .filter(tag -> tag.key() != null && tag.value() != null)
                .collect(Collectors.toMap(Tag::key, Tag::value, (first, _) -> first));
    }

    private static ServiceDescription.Rollout rollout(Deployment deployment) {
        return new ServiceDescription.Rollout(
                new DeploymentId(requireNonNull(deployment.id(), "deployment.id")),
                text(deployment.status()),
                text(deployment.taskDefinition()),
                number(deployment.desiredCount()),
                number(deployment.runningCount()),
                number(deployment.pendingCount()),
                number(deployment.failedTasks()),
                Optional.ofNullable(deployment.rolloutStateAsString()),
                Optional.ofNullable(deployment.rolloutStateReason()),
                Optional.ofNullable(deployment.createdAt()),
                Optional.ofNullable(deployment.updatedAt()));
    }

    /** Whether hooks may hold it: one that goes on, of a service that has any. */
    static boolean mayWaitAtAHook(software.amazon.awssdk.services.ecs.model.ServiceDeployment deployment) {
        return ServiceDeployment.Status.parse(text(deployment.statusAsString())).canBeRolledBack()
                && deployment.deploymentConfiguration() != null
                && !deployment.deploymentConfiguration().lifecycleHooks().isEmpty();
    }

    static ServiceDeployment deployment(
            software.amazon.awssdk.services.ecs.model.ServiceDeployment deployment,
            List<ServiceDeployment.Hook> hooks) {
        var rollback = Optional.ofNullable(deployment.rollback());
        return new ServiceDeployment(
                requireNonNull(deployment.serviceDeploymentArn(), "serviceDeploymentArn"),
                ServiceDeployment.Status.parse(text(deployment.statusAsString())),
                Optional.ofNullable(deployment.statusReason()),
                requireNonNull(
                        requireNonNull(deployment.targetServiceRevision(), "targetServiceRevision")
                                .arn(),
                        "targetServiceRevision.arn"),
                deployment.sourceServiceRevisions().stream()
                        .map(revision -> text(revision.arn()))
                        .filter(arn -> !arn.isEmpty())
                        .toList(),
                Optional.ofNullable(deployment.lifecycleStageAsString()),
                hooks,
                rollback.map(back -> back.serviceRevisionArn()),
                rollback.map(back -> back.reason()),
                Optional.ofNullable(deployment.createdAt()),
                Optional.ofNullable(deployment.finishedAt()));
    }

    static ServiceRevision revision(software.amazon.awssdk.services.ecs.model.ServiceRevision revision) {
        return new ServiceRevision(
                requireNonNull(revision.serviceRevisionArn(), "serviceRevisionArn"),
                requireNonNull(revision.taskDefinition(), "taskDefinition"),
                revision.containerImages().stream()
                        .map(image -> new ServiceRevision.ContainerImage(
                                text(image.containerName()),
                                text(image.image()),
                                Optional.ofNullable(image.imageDigest())))
                        .toList(),
                Optional.ofNullable(revision.createdAt()));
    }

    static Task task(software.amazon.awssdk.services.ecs.model.Task task) {
        return new Task(
                requireNonNull(task.taskArn(), "taskArn"),
                text(task.group()),
                DeploymentId.findInStartedBy(text(task.startedBy())),
                text(task.taskDefinitionArn()),
                text(task.lastStatus()),
                text(task.desiredStatus()),
                Container.Health.parse(text(task.healthStatusAsString())),
                stop(task),
                task.containers().stream().map(EcsMapper::container).toList(),
                command(task),
                ofInterface(task, "subnetId"),
                ofInterface(task, "privateIPv4Address"),
                Optional.ofNullable(task.createdAt()),
                Optional.ofNullable(task.startedAt()),
                Optional.ofNullable(task.stoppedAt()),
                task.version() == null ? 0 : task.version());
    }

    private static Optional<Stop> stop(software.amazon.awssdk.services.ecs.model.Task task) {
        var code = text(task.stopCodeAsString());
        var reason = text(task.stoppedReason());
        return code.isEmpty() && reason.isEmpty()
                ? Optional.empty()
                : Optional.of(new Stop(
                        Stop.Code.parse(code),
                        reason,
                        Optional.ofNullable(task.executionStoppedAt())
                                .or(() -> Optional.ofNullable(task.stoppingAt()))
                                .or(() -> Optional.ofNullable(task.stoppedAt()))));
    }

    private static Container container(software.amazon.awssdk.services.ecs.model.Container container) {
        return new Container(
                text(container.name()),
                text(container.lastStatus()),
                Optional.ofNullable(container.exitCode()),
                Optional.ofNullable(container.reason()).filter(text -> !text.isBlank()),
                Container.Health.parse(text(container.healthStatusAsString())),
                Optional.ofNullable(container.image()),
                Optional.ofNullable(container.imageDigest()),
                Optional.ofNullable(container.runtimeId()));
    }

    private static List<String> command(software.amazon.awssdk.services.ecs.model.Task task) {
        return task.overrides() == null
                ? List.of()
                : task.overrides().containerOverrides().stream()
                        .map(override -> override.command())
                        .filter(command -> !command.isEmpty())
                        .findFirst()
                        .orElse(List.of());
    }

    private static Optional<String> ofInterface(software.amazon.awssdk.services.ecs.model.Task task, String name) {
        return task.attachments().stream()
                .flatMap(attachment -> attachment.details().stream())
                .filter(pair -> name.equals(pair.name()))
                .map(KeyValuePair::value)
                .filter(java.util.Objects::nonNull)
                .findFirst();
    }

    static String text(@Nullable String value) {
        return value == null ? "" : value;
    }

    static int number(@Nullable Integer value) {
        return value == null ? 0 : value;
    }
}
