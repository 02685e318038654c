package io.deployguard.ecs;

import java.time.Duration;
import java.util.List;

/** Whether a task serves: running, and healthy by every check that its service has. */
public final class TaskHealth {

    /**
     * A task without load balancer and health check counts as healthy this long after RUNNING.
     *
     * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service_definition_parameters.html">minimumHealthyPercent</a>
     */
    static final Duration WITHOUT_CHECKS = Duration.ofSeconds(40);

    private TaskHealth() {}

    /** The healthy tasks of one revision. */
    public static List<Task> healthyTasksOf(DeploymentId deployment, ServiceSnapshot snapshot) {
        return snapshot.tasksOf(deployment).stream()
                .filter(task -> isHealthy(task, snapshot))
                .toList();
    }

    /**
     * Whether the task is healthy in this look at its service. Container health decides when ECS reports it, target health when the service has
     * target groups and they could be read; else the time since its start.
     */
    public static boolean isHealthy(Task task, ServiceSnapshot snapshot) {
        if (!task.isRunning() || task.health() == Container.Health.UNHEALTHY) {
            return false;
        }
        if (!snapshot.service().loadBalancers().isEmpty() && !snapshot.targets().isEmpty()) {
            return isHealthyTarget(task, snapshot.targets());
        }
        return task.health() == Container.Health.HEALTHY || hasRunLongEnough(task, snapshot);
    }

    private static boolean isHealthyTarget(Task task, List<TargetHealth> targets) {
        var own = targets.stream()
                .filter(target ->
                        target.targetId().isPresent() && target.targetId().equals(task.privateIp()))
                .toList();
        return !own.isEmpty() && own.stream().allMatch(TargetHealth::isHealthy);
    }

    private static boolean hasRunLongEnough(Task task, ServiceSnapshot snapshot) {
        return task.startedAt()
                .filter(started -> !started.plus(WITHOUT_CHECKS).isAfter(snapshot.observedAt()))
                .isPresent();
    }
}
