package io.deployguard.ecs;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One look at a service: everything a detection, a decision or a recovery check reads, taken at one time.
 *
 * @param deployments newest first, at most 20
 * @param revisions the revisions that {@code deployments} name, as far as ECS still knows them
 * @param tasks running tasks and the stopped ones ECS still lists (about one hour)
 * @param targets health of all targets of the service's target groups
 * @param gaps what could not be read, in words ({@code describe target health: denied; allow …}); never silently empty
 */
public record ServiceSnapshot(
        ServiceDescription service,
        List<ServiceDeployment> deployments,
        List<ServiceRevision> revisions,
        List<Task> tasks,
        List<TargetHealth> targets,
        List<String> gaps,
        Instant observedAt) {

    public ServiceSnapshot {
        deployments = List.copyOf(deployments);
        revisions = List.copyOf(revisions);
        tasks = List.copyOf(tasks);
        targets = List.copyOf(targets);
        gaps = List.copyOf(gaps);
    }

    /** The newest attempt. */
    public Optional<ServiceDeployment> currentDeployment() {
        return deployments.stream().findFirst();
    }

    /** The attempt with that ARN. */
    public Optional<ServiceDeployment> findDeployment(String arn) {
        return deployments.stream()
                .filter(deployment -> deployment.arn().equals(arn))
                .findFirst();
    }

    public Optional<ServiceRevision> findRevision(DeploymentId id) {
        return revisions.stream()
                .filter(revision -> revision.deploymentId().equals(id))
                .findFirst();
    }

    public Optional<ServiceRevision> findRevision(String arn) {
        return revisions.stream().filter(revision -> revision.arn().equals(arn)).findFirst();
    }

    public List<Task> tasksOf(DeploymentId id) {
        return tasks.stream()
                .filter(task -> task.deployment().filter(id::equals).isPresent())
                .toList();
    }
}
