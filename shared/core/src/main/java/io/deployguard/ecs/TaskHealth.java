package io.deployguard.ecs;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Whether a task serves: running, and healthy by every check that its service has. */
public final class TaskHealth {

    /**
     * A task without load balancer and health check counts as healthy this long after RUNNING.
     *
     * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service_definition_parameters.html">minimumHealthyPercent</a>
     */
    public static final Duration WITHOUT_CHECKS = Duration.ofSeconds(40);

    private TaskHealth() {}

    /** The healthy tasks of one revision. */
    public static List<Task> healthyTasksOf(DeploymentId deployment, ServiceSnapshot snapshot) {
        return snapshot.tasksOf(deployment).stream()
                .filter(task -> isHealthy(task, snapshot))
                .toList();
    }

    /**
     * Whether the task is healthy in this look at its service: every check that it has must have passed. A container check exists where ECS has
     * reported a result for any task of the same definition; target groups count unless they could not be read. Without any check the time
     * since its start decides.
     */
    public static boolean isHealthy(Task task, ServiceSnapshot snapshot) {
        if (!task.isRunning() || task.health() == Container.Health.UNHEALTHY) {
            return false;
        }
        if (task.health() == Container.Health.UNKNOWN && awaitsContainerCheck(task, snapshot)) {
            return false;
        }
        if (hasReadableTargets(snapshot) && !isInIdleGroup(task, snapshot)) {
            return task.privateIp()
                    .map(address -> isHealthyTarget(address, snapshot.targets()))
                    .orElseGet(() -> isAmongHealthyInstances(task, snapshot));
        }
        return task.health() == Container.Health.HEALTHY || hasRunLongEnough(task, snapshot);
    }

    /** Whether passing took a check, rather than mere time. */
    public static boolean isChecked(Task task, ServiceSnapshot snapshot) {
        return task.health() != Container.Health.UNKNOWN
                || (hasReadableTargets(snapshot) && !isInIdleGroup(task, snapshot));
    }

    /** ECS says UNKNOWN both for a task without a check and for one whose check has no result yet. */
    private static boolean awaitsContainerCheck(Task task, ServiceSnapshot snapshot) {
        return snapshot.tasks().stream()
                .filter(other -> other.taskDefinitionArn().equals(task.taskDefinitionArn()))
                .anyMatch(other -> other.health() != Container.Health.UNKNOWN);
    }

    /** No target and no gap means that nothing is registered, which is not the same as not knowing. */
    private static boolean hasReadableTargets(ServiceSnapshot snapshot) {
        return !snapshot.service().loadBalancers().isEmpty()
                && (!snapshot.targets().isEmpty() || snapshot.gaps().isEmpty());
    }

    /** Of a pair of groups one waits for its turn, and no listener checks its targets meanwhile. */
    private static boolean isInIdleGroup(Task task, ServiceSnapshot snapshot) {
        var paired = snapshot.service().loadBalancers().stream()
                .flatMap(balancer -> balancer.alternateTargetGroupArn().stream()
                        .flatMap(other -> Stream.of(other, balancer.targetGroupArn())))
                .collect(Collectors.toSet());
        var own = snapshot.targets().stream()
                .filter(target -> target.targetId().equals(task.privateIp())
                        && task.privateIp().isPresent())
                .toList();
        return !own.isEmpty()
                && own.stream()
                        .allMatch(target -> target.isUnchecked()
                                && target.targetGroupArn()
                                        .filter(paired::contains)
                                        .isPresent());
    }

    private static boolean isHealthyTarget(String address, List<TargetHealth> targets) {
        var own = targets.stream()
                .filter(target -> target.targetId().filter(address::equals).isPresent())
                .toList();
        return !own.isEmpty() && own.stream().allMatch(TargetHealth::isHealthy);
    }

    /**
     * A task without an address of its own (bridge or host network) is behind its instance, and nothing says which target is whose. So many tasks
     * count as healthy as there are healthy targets, the longest running ones first.
     */
    private static boolean isAmongHealthyInstances(Task task, ServiceSnapshot snapshot) {
        var healthy = snapshot.targets().stream()
                .filter(TargetHealth::isHealthy)
                .collect(Collectors.groupingBy(TargetHealth::targetGroupArn, Collectors.counting()));
        // A task is in one group of a pair, and in each of several load balancers.
        var least = snapshot.service().loadBalancers().stream()
                .mapToLong(balancer -> Stream.concat(
                                Stream.of(balancer.targetGroupArn()), balancer.alternateTargetGroupArn().stream())
                        .mapToLong(group -> healthy.getOrDefault(Optional.of(group), 0L))
                        .sum())
                .min()
                .orElse(0);
        return snapshot.tasks().stream()
                .filter(Task::isRunning)
                .sorted(Comparator.comparing((Task other) -> other.startedAt().orElse(Instant.MAX))
                        .thenComparing(Task::arn))
                .limit(least)
                .anyMatch(task::equals);
    }

    private static boolean hasRunLongEnough(Task task, ServiceSnapshot snapshot) {
        return task.startedAt()
                .filter(started -> !started.plus(WITHOUT_CHECKS).isAfter(snapshot.observedAt()))
                .isPresent();
    }
}
