package io.deployguard.ecs;

import io.deployguard.ecs.ServiceDeployment.Status;
import io.deployguard.ecs.ServiceDescription.LoadBalancer;
import io.deployguard.ecs.ServiceDescription.Rollout;
import io.deployguard.ecs.ServiceRevision.ContainerImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A service whose deployments belong to CodeDeploy, told as ECS tells one of its own: its task sets are rollouts, CodeDeploy's deployments are
 * service deployments, and the primary rollout is the one that is being brought into service. ECS calls another one primary meanwhile, the one that
 * production traffic goes to.
 *
 * @param sets as ECS lists them
 * @param known deployments of its deployment group, newest first
 * @param gone task sets that ECS does not list any more, by the id of the deployment that made them
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-bluegreen.html">CodeDeploy blue/green</a>
 */
public record TaskSets(List<TaskSet> sets, List<CodeDeployment> known, Map<String, DeploymentId> gone) {

    public TaskSets {
        sets = List.copyOf(sets);
        known = List.copyOf(known);
        gone = Map.copyOf(gone);
    }

    /** The service with the target groups of its task sets, which take turns. */
    public static ServiceDescription withTargetGroups(ServiceDescription service, List<TaskSet> sets) {
        var serving = sets.stream()
                .filter(TaskSet::isPrimary)
                .findFirst()
                .map(TaskSet::loadBalancers)
                .filter(balancers -> !balancers.isEmpty())
                .orElse(service.loadBalancers());
        var others = sets.stream()
                .filter(set -> !set.isPrimary())
                .flatMap(set -> set.loadBalancers().stream())
                .toList();
        return service.with(
                service.rollouts(),
                serving.stream()
                        .map(balancer -> new LoadBalancer(
                                balancer.targetGroupArn(),
                                balancer.container(),
                                balancer.port(),
                                others.stream()
                                        .filter(other -> other.container().equals(balancer.container())
                                                && other.port() == balancer.port())
                                        .map(LoadBalancer::targetGroupArn)
                                        .filter(group -> !group.equals(balancer.targetGroupArn()))
                                        .findFirst()))
                        .toList());
    }

    /** The look with rollouts, deployments and revisions, which ECS does not tell of such a service. */
    public ServiceSnapshot in(ServiceSnapshot look) {
        var service = look.service();
        var current = current();
        return new ServiceSnapshot(
                service.with(
                        sets.stream()
                                .map(set ->
                                        rollout(set, current.filter(set::equals).isPresent()))
                                .sorted((one, other) -> Boolean.compare(other.isPrimary(), one.isPrimary()))
                                .toList(),
                        service.loadBalancers()),
                attempts()
                        .flatMap(attempt -> deployment(attempt, service.ref()).stream())
                        .toList(),
                revisions(look),
                look.tasks(),
                look.targets(),
                look.gaps(),
                look.observedAt());
    }

    /** What takes another one back is part of that one. */
    private Stream<CodeDeployment> attempts() {
        return known.stream().filter(deployment -> deployment.rollbackOf().isEmpty());
    }

    private Optional<CodeDeployment> rollbackOf(CodeDeployment attempt) {
        return known.stream()
                .filter(deployment ->
                        deployment.rollbackOf().equals(Optional.of(attempt.ref().id()))
                                || attempt.rolledBackBy()
                                        .equals(Optional.of(deployment.ref().id())))
                .findFirst();
    }

    private Optional<TaskSet> setOf(CodeDeployment deployment) {
        return sets.stream()
                .filter(set ->
                        set.codeDeployId().equals(Optional.of(deployment.ref().id())))
                .findFirst();
    }

    private Optional<DeploymentId> idOf(CodeDeployment deployment) {
        return setOf(deployment)
                .map(TaskSet::id)
                .or(() -> Optional.ofNullable(gone.get(deployment.ref().id())));
    }

    private Optional<TaskSet> serving() {
        return sets.stream().filter(TaskSet::isPrimary).findFirst();
    }

    /** The task set that is being brought into service; where none is, the one that serves. */
    private Optional<TaskSet> current() {
        var newest = attempts().findFirst();
        return newest.filter(attempt -> attempt.status().canBeStopped())
                .flatMap(this::setOf)
                .or(() -> newest.filter(attempt -> status(attempt) == Status.ROLLBACK_IN_PROGRESS)
                        .flatMap(this::takenBackTo))
                .or(this::serving);
    }

    /** Where CodeDeploy goes back to: what it deploys once more, else the task set that was there before. */
    private Optional<TaskSet> takenBackTo(CodeDeployment attempt) {
        var left = idOf(attempt);
        return rollbackOf(attempt)
                .flatMap(this::setOf)
                .or(() -> Stream.concat(serving().stream(), sets.stream())
                        .filter(set -> !left.equals(Optional.of(set.id())))
                        .filter(set -> !set.status().equals("DRAINING"))
                        .findFirst());
    }

    private Rollout rollout(TaskSet set, boolean current) {
        var attempt = attempts()
                .filter(deployment -> setOf(deployment).filter(set::equals).isPresent())
                .findFirst();
        return new Rollout(
                set.id(),
                current ? "PRIMARY" : "ACTIVE",
                set.taskDefinitionArn(),
                set.desired(),
                set.running(),
                set.pending(),
                0,
                Optional.of(state(set, attempt, current)),
                attempt.flatMap(CodeDeployment::reason),
                set.createdAt(),
                set.updatedAt());
    }

    private String state(TaskSet set, Optional<CodeDeployment> attempt, boolean current) {
        var status = attempt.map(CodeDeployment::status);
        if (status.filter(CodeDeployment.Status::canBeStopped).isPresent()) {
            return "IN_PROGRESS";
        }
        if (current
                && attempts()
                        .findFirst()
                        .filter(newest -> status(newest) == Status.ROLLBACK_IN_PROGRESS)
                        .isPresent()) {
            return "IN_PROGRESS";
        }
        if (status.filter(CodeDeployment.Status::isGivenUp).isPresent() && !set.isPrimary()) {
            return status.filter(CodeDeployment.Status.FAILED::equals).isPresent() ? "FAILED" : "STOPPED";
        }
        return attempt.isPresent() || set.steady() || attempts().findFirst().isPresent() ? "COMPLETED" : "IN_PROGRESS";
    }

    private Status status(CodeDeployment attempt) {
        return switch (attempt.status()) {
            case CREATED, QUEUED -> Status.PENDING;
            case IN_PROGRESS, BAKING, READY -> Status.IN_PROGRESS;
            case SUCCEEDED -> Status.SUCCESSFUL;
            case UNKNOWN -> Status.UNKNOWN;
            case FAILED, STOPPED ->
                rollbackOf(attempt)
                        .map(rollback -> statusOfRollback(rollback.status()))
                        .orElseGet(() -> serving()
                                .filter(set -> !idOf(attempt).equals(Optional.of(set.id())))
                                .map(_ -> Status.ROLLBACK_SUCCESSFUL)
                                .orElse(Status.STOPPED));
        };
    }

    private static Status statusOfRollback(CodeDeployment.Status status) {
        if (status == CodeDeployment.Status.SUCCEEDED) {
            return Status.ROLLBACK_SUCCESSFUL;
        }
        return status.isGivenUp() ? Status.ROLLBACK_FAILED : Status.ROLLBACK_IN_PROGRESS;
    }

    /** One of which no task set was made yet brings nothing that could be judged. */
    private Optional<ServiceDeployment> deployment(CodeDeployment attempt, ServiceRef service) {
        var status = status(attempt);
        var back = attempt.status().isGivenUp() && status != Status.STOPPED
                ? takenBackTo(attempt)
                : Optional.<TaskSet>empty();
        return idOf(attempt)
                .map(id -> new ServiceDeployment(
                        attempt.ref().arn(),
                        status,
                        attempt.reason(),
                        id.revisionOf(service),
                        sets.stream()
                                .filter(set -> !set.id().equals(id))
                                .filter(set -> set.createdAt().isEmpty()
                                        || attempt.createdAt().isEmpty()
                                        || set.createdAt()
                                                .get()
                                                .isBefore(attempt.createdAt().get()))
                                .map(set -> set.id().revisionOf(service))
                                .toList(),
                        Optional.empty(),
                        List.of(),
                        back.map(set -> set.id().revisionOf(service)),
                        back.map(_ -> "CodeDeploy ended deployment %s%s"
                                .formatted(
                                        attempt.ref(),
                                        attempt.reason()
                                                .map(reason -> ": " + reason)
                                                .orElse(""))),
                        attempt.createdAt(),
                        // A success ends after the wait for the earlier tasks: it does not tell since when the new ones
                        // serve.
                        attempt.finishedAt().filter(_ -> attempt.status() != CodeDeployment.Status.SUCCEEDED)));
    }

    /** Of task sets that are gone, their tasks still tell. */
    private List<ServiceRevision> revisions(ServiceSnapshot look) {
        var revisions = new ArrayList<ServiceRevision>();
        Stream.concat(sets.stream().map(TaskSet::id), gone.values().stream())
                .distinct()
                .forEach(id -> definitionOf(id, look)
                        .map(definition -> new ServiceRevision(
                                id.revisionOf(look.service().ref()), definition, images(id, look), Optional.empty()))
                        .ifPresent(revisions::add));
        return revisions;
    }

    private Optional<String> definitionOf(DeploymentId id, ServiceSnapshot look) {
        return sets.stream()
                .filter(set -> set.id().equals(id))
                .map(TaskSet::taskDefinitionArn)
                .findFirst()
                .or(() -> look.tasksOf(id).stream().map(Task::taskDefinitionArn).findFirst());
    }

    private static List<ContainerImage> images(DeploymentId id, ServiceSnapshot look) {
        return look.tasksOf(id).stream()
                .filter(task -> task.containers().stream()
                        .anyMatch(container -> container.imageDigest().isPresent()))
                .findFirst()
                .map(task -> task.containers().stream()
                        .flatMap(container -> container.image().stream()
                                .map(image -> new ContainerImage(container.name(), image, container.imageDigest())))
                        .toList())
                .orElse(List.of());
    }
}
