package io.deployguard.ecs;

import java.time.Instant;
import java.util.List;

/**
 * The guard's own memory of tasks, since ECS lists a stopped task for about one hour only.
 *
 * @see <a href="https://github.com/aws/containers-roadmap/issues/1246">keep stopped tasks longer</a>
 */
public interface TaskLog {

    /**
     * Remembers the newest view of a task. A view with a smaller or equal {@link Task#version()} changes nothing, so the order and number of
     * deliveries do not matter.
     *
     * @param seenAt time of the event
     */
    void record(ServiceRef service, Task task, Instant seenAt);

    /** Tasks of one deployment that were seen since then, newest stop first, running ones first of all. */
    List<Task> tasksOf(ServiceRef service, DeploymentId deployment, Instant since);
}
