package io.deployguard.ecs;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One task as an event or DescribeTasks shows it.
 *
 * @param arn full ARN; the id is its last segment
 * @param deployment absent for tasks that no service started
 * @param group {@code service:NAME} for service tasks
 * @param version grows by one with each change that ECS emits; 0 when unknown. Decides between two views of the same task
 * @param startedAt absent when the task never ran
 * @param command the override's command of its first container, empty when none; one-off migration tasks are recognized by it
 * @param subnet of its network interface
 * @param privateIp address of its network interface; reused by later tasks, so only compare within the task's life
 */
public record Task(
        String arn,
        String group,
        Optional<DeploymentId> deployment,
        String taskDefinitionArn,
        String lastStatus,
        String desiredStatus,
        Container.Health health,
        Optional<Stop> stop,
        List<Container> containers,
        List<String> command,
        Optional<String> subnet,
        Optional<String> privateIp,
        Optional<Instant> createdAt,
        Optional<Instant> startedAt,
        Optional<Instant> stoppedAt,
        long version) {

    public Task {
        containers = List.copyOf(containers);
        command = List.copyOf(command);
    }

    public String id() {
        return arn.substring(arn.lastIndexOf('/') + 1);
    }

    public boolean isRunning() {
        return lastStatus.equals("RUNNING") && desiredStatus.equals("RUNNING");
    }

    /** Whether ECS is ending or has ended it. */
    public boolean isStopping() {
        return stop.isPresent() || desiredStatus.equals("STOPPED");
    }
}
