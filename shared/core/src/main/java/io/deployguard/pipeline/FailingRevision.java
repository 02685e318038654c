package io.deployguard.pipeline;

import io.deployguard.ecs.DeploymentId;
import io.deployguard.ecs.ServiceDeployment;
import io.deployguard.ecs.ServiceDescription;
import io.deployguard.ecs.ServiceSnapshot;
import io.deployguard.ecs.Task;
import io.deployguard.ecs.TaskHealth;
import io.deployguard.evidence.Evidence;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A revision that is suspected, in its live service.
 *
 * @param tasks of the revision, from ECS and from the guard's own memory
 */
record FailingRevision(ServiceSnapshot snapshot, DeploymentId id, List<Task> tasks) {

    /** A deployment whose beginning nobody knows any more began at the latest so long ago. */
    private static final Duration BEGAN_BEFORE = Duration.ofHours(1);

    static FailingRevision of(ServiceSnapshot snapshot, DeploymentId id, List<Task> remembered) {
        return new FailingRevision(snapshot, id, merge(remembered, snapshot.tasksOf(id)));
    }

    /** One view per task, the one with the higher version; ECS's present view wins a tie, as it carries the health. */
    private static List<Task> merge(List<Task> remembered, List<Task> live) {
        var byArn = new LinkedHashMap<String, Task>();
        live.forEach(task -> byArn.put(task.arn(), task));
        remembered.forEach(task -> byArn.merge(
                task.arn(), task, (present, earlier) -> earlier.version() > present.version() ? earlier : present));
        return List.copyOf(byArn.values());
    }

    Instant startedAt() {
        return startOf(snapshot, id);
    }

    /** When that deployment began. */
    static Instant startOf(ServiceSnapshot snapshot, DeploymentId id) {
        return snapshot.service()
                .findRollout(id)
                .flatMap(ServiceDescription.Rollout::createdAt)
                .or(() -> find(snapshot, id).flatMap(ServiceDeployment::createdAt))
                .orElse(snapshot.observedAt().minus(BEGAN_BEFORE));
    }

    /** The newest attempt to bring it. */
    Optional<ServiceDeployment> deployment() {
        return find(snapshot, id);
    }

    /** Whether that attempt has not ended yet. */
    boolean isUnderWay() {
        return deployment()
                .filter(deployment -> !deployment.status().isFinished())
                .isPresent();
    }

    private static Optional<ServiceDeployment> find(ServiceSnapshot snapshot, DeploymentId id) {
        return snapshot.deployments().stream()
                .filter(deployment -> deployment.deploymentId().equals(id))
                .findFirst();
    }

    String taskDefinitionArn() {
        return tasks.stream()
                .findFirst()
                .map(Task::taskDefinitionArn)
                .or(() -> snapshot.service().findRollout(id).map(ServiceDescription.Rollout::taskDefinitionArn))
                .or(() -> snapshot.findRevision(id).map(revision -> revision.taskDefinitionArn()))
                .orElse(snapshot.service().taskDefinitionArn());
    }

    /** Those of earlier revisions that run. */
    List<Task> earlierTasks() {
        return snapshot.tasks().stream()
                .filter(Task::isRunning)
                .filter(task ->
                        task.deployment().filter(other -> !other.equals(id)).isPresent())
                .toList();
    }

    int healthyEarlierTasks() {
        return (int) earlierTasks().stream()
                .filter(task -> TaskHealth.isHealthy(task, snapshot))
                .count();
    }

    /** Ids of the service's tasks that are not its own. */
    Set<String> idsOfOthers() {
        return snapshot.tasks().stream()
                .filter(task -> task.deployment().filter(id::equals).isEmpty())
                .map(Task::id)
                .collect(Collectors.toSet());
    }

    Evidence.Serving serving() {
        return new Evidence.Serving(
                healthyEarlierTasks(),
                TaskHealth.healthyTasksOf(id, snapshot).size(),
                snapshot.service().desired());
    }
}
