package io.deployguard.simulation.memory;

import static java.util.Comparator.comparing;
import static java.util.Comparator.reverseOrder;

import io.deployguard.ecs.DeploymentId;
import io.deployguard.ecs.ServiceRef;
import io.deployguard.ecs.Stop;
import io.deployguard.ecs.Task;
import io.deployguard.ecs.TaskLog;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

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
    private final Table<Revision, Seen> ofRevision = new Table<>();

    @Override
    public void record(ServiceRef service, Task task, Instant seenAt) {
        task.deployment().map(deployment -> new Revision(service, deployment)).ifPresent(revision -> {
            var key = new Key(task.arn(), task.version() > 0);
            var next = new View(task, seenAt);
            if (views.find(key).map(view -> isNewer(next, view)).orElse(true)) {
                views.put(key, next);
                ofRevision.put(revision, Seen.with(ofRevision.find(revision), task.arn(), seenAt));
            }
        });
    }

    @Override
    public List<Task> tasksOf(ServiceRef service, DeploymentId deployment, Instant since) {
        var seenSince = new HashSet<String>();
        for (var seen = ofRevision.find(new Revision(service, deployment));
                seen.isPresent() && !seen.get().at().isBefore(since);
                seen = seen.get().earlier()) {
            seenSince.add(seen.get().arn());
        }
        return seenSince.stream()
                .map(this::viewsOf)
                .filter(known -> known.stream().anyMatch(view -> !view.seenAt().isBefore(since)))
                .map(known -> known.stream().max(PREFERENCE).orElseThrow())
                .sorted(RUNNING_THEN_NEWEST_STOP)
                .map(View::task)
                .toList();
    }

    private List<View> viewsOf(String arn) {
        return Stream.of(new Key(arn, true), new Key(arn, false))
                .flatMap(key -> views.find(key).stream())
                .toList();
    }

    private static boolean isNewer(View next, View present) {
        return present.task().version() > 0
                ? next.task().version() > present.task().version()
                : PREFERENCE.compare(next, present) > 0;
    }

    Table<?, ?> table() {
        return views;
    }

    Table<?, ?> revisionTable() {
        return ofRevision;
    }

    private record Key(String arn, boolean versioned) {}

    /** Which tasks of a revision were seen when, the latest first: adding one copies only those that were seen after it. */
    private record Seen(String arn, Instant at, Optional<Seen> earlier) {

        static Seen with(Optional<Seen> known, String arn, Instant at) {
            var later = new ArrayDeque<Seen>();
            var rest = known;
            while (rest.isPresent() && rest.get().at().isAfter(at)) {
                later.push(rest.get());
                rest = rest.get().earlier();
            }
            var seen = new Seen(arn, at, rest);
            for (var after : later) {
                seen = new Seen(after.arn(), after.at(), Optional.of(seen));
            }
            return seen;
        }
    }

    private record View(Task task, Instant seenAt) {

        Instant endedOrBegan() {
            return task.isStopping()
                    ? task.stop().flatMap(Stop::at).or(task::stoppedAt).orElse(seenAt)
                    : task.createdAt().orElse(seenAt);
        }
    }
}
