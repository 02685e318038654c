package io.deployguard.simulation.memory;

import static java.util.Comparator.comparing;
import static java.util.Comparator.reverseOrder;

import io.deployguard.ecs.DeploymentId;
import io.deployguard.ecs.ServiceRef;
import io.deployguard.ecs.Stop;
import io.deployguard.ecs.Task;
import io.deployguard.ecs.TaskLog;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Views of tasks per revision. Views with a number and views without are kept beside each other, since they cannot be compared one by one without
 * letting the order of arrival decide.
 */
final class InMemoryTaskLog implements TaskLog {

    private static final Comparator<View> PREFERENCE = comparing(
                    (View view) -> view.task().stop().isPresent())
            .thenComparing(View::seenAt)
            .thenComparingLong(view -> view.task().version());

    private static final Comparator<View> RUNNING_THEN_NEWEST_STOP = comparing(
                    (View view) -> view.task().isStopping())
            .thenComparing(View::endedOrBegan, reverseOrder())
            .thenComparing(view -> view.task().arn());

    private final Table<Revision, Map<Key, View>> views = new Table<>();

    @Override
    public void record(ServiceRef service, Task task, Instant seenAt) {
        task.deployment().map(deployment -> new Revision(service, deployment)).ifPresent(revision -> {
            var present = views.find(revision).orElse(Map.of());
            var more = new HashMap<>(present);
            more.merge(new Key(task.arn(), task.version() > 0), new View(task, seenAt), InMemoryTaskLog::newer);
            views.put(revision, Map.copyOf(more));
        });
    }

    @Override
    public List<Task> tasksOf(ServiceRef service, DeploymentId deployment, Instant since) {
        var best = new LinkedHashMap<String, View>();
        var seenSince = new LinkedHashMap<String, Boolean>();
        views.find(new Revision(service, deployment)).orElse(Map.of()).values().forEach(view -> {
            best.merge(view.task().arn(), view, (one, other) -> PREFERENCE.compare(one, other) >= 0 ? one : other);
            seenSince.merge(view.task().arn(), !view.seenAt().isBefore(since), Boolean::logicalOr);
        });
        return best.values().stream()
                .filter(view -> seenSince.getOrDefault(view.task().arn(), false))
                .sorted(RUNNING_THEN_NEWEST_STOP)
                .map(View::task)
                .toList();
    }

    private static View newer(View present, View next) {
        if (present.task().version() > 0) {
            return next.task().version() > present.task().version() ? next : present;
        }
        return PREFERENCE.compare(next, present) > 0 ? next : present;
    }

    Table<?, ?> table() {
        return views;
    }

    private record Key(String arn, boolean versioned) {}

    private record View(Task task, Instant seenAt) {

        Instant endedOrBegan() {
            return task.isStopping()
                    ? task.stop().flatMap(Stop::at).or(task::stoppedAt).orElse(seenAt)
                    : task.createdAt().orElse(seenAt);
        }
    }
}
