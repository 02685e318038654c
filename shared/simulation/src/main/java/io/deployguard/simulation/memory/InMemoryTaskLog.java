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
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

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

    private final Table<Key, View> views = new Table<>();
    private final Table<Revision, Known> ofRevision = new Table<>();

    @Override
    public void record(ServiceRef service, Task task, Instant seenAt) {
        task.deployment().map(deployment -> new Revision(service, deployment)).ifPresent(revision -> {
            var key = new Key(task.arn(), task.version() > 0);
            var next = new View(task, seenAt);
            var present = views.find(key);
            views.put(key, present.map(view -> newer(view, next)).orElse(next));
            if (present.isEmpty()) {
                ofRevision.put(revision, new Known(key, ofRevision.find(revision)));
            }
        });
    }

    @Override
    public List<Task> tasksOf(ServiceRef service, DeploymentId deployment, Instant since) {
        var best = new LinkedHashMap<String, View>();
        var seenSince = new HashSet<String>();
        for (var known = ofRevision.find(new Revision(service, deployment));
                known.isPresent();
                known = known.get().rest()) {
            var view = views.find(known.get().key()).orElseThrow();
            best.merge(view.task().arn(), view, (one, other) -> PREFERENCE.compare(one, other) >= 0 ? one : other);
            if (!view.seenAt().isBefore(since)) {
                seenSince.add(view.task().arn());
            }
        }
        return best.values().stream()
                .filter(view -> seenSince.contains(view.task().arn()))
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

    Table<?, ?> revisionTable() {
        return ofRevision;
    }

    private record Key(String arn, boolean versioned) {}

    /** The keys of a revision, the newest first: adding one copies none of the others. */
    private record Known(Key key, Optional<Known> rest) {}

    private record View(Task task, Instant seenAt) {

        Instant endedOrBegan() {
            return task.isStopping()
                    ? task.stop().flatMap(Stop::at).or(task::stoppedAt).orElse(seenAt)
                    : task.createdAt().orElse(seenAt);
        }
    }
}
