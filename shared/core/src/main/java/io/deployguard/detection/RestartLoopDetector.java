package io.deployguard.detection;

import io.deployguard.ecs.Task;
import io.deployguard.event.GuardEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Counts unexpected stops of one revision. ECS's circuit breaker forgets tasks that reached RUNNING and is off once a deployment has completed
 * (<a href="https://github.com/aws/containers-roadmap/issues/1206">containers-roadmap 1206</a>); this one counts both.
 */
final class RestartLoopDetector implements Detector {

    private record Stopped(Task task, Instant at) {}

    private static final Comparator<Stopped> BY_STOP = Comparator.comparing(Stopped::at)
            .thenComparing(stopped -> stopped.task().arn());

    @Override
    public Optional<Detection> detect(Observation observation, DetectionSettings settings) {
        return observation
                .event()
                .filter(GuardEvent.TaskStateChange.class::isInstance)
                .map(GuardEvent.TaskStateChange.class::cast)
                .filter(event -> StopJudgement.isUnexpected(event.task()))
                .map(event -> judge(event, observation, settings));
    }

    private static Detection judge(
            GuardEvent.TaskStateChange event, Observation observation, DetectionSettings settings) {
        var stops = observation.tasks().stream()
                .filter(StopJudgement::isUnexpected)
                .flatMap(task -> StopJudgement.stoppedAt(task).stream().map(stopped -> new Stopped(task, stopped)))
                .sorted(BY_STOP)
                .toList();
        var worst =
                mostWithin(settings.window(), stops.stream().map(Stopped::at).toList());
        var limit = observation.completedBefore() ? settings.stopsOfProven() : settings.stopsOfNew();
        // The stop's own moment: a task is reported again minutes later, when its network interface is gone.
        var at = StopJudgement.stoppedAt(event.task()).orElse(event.at());
        if (worst >= limit) {
            var last = stops.isEmpty() ? event.task() : stops.getLast().task();
            return new Detection.RestartLoop(
                    observation.service(),
                    observation.deployment(),
                    at,
                    worst,
                    settings.window(),
                    "%d tasks stopped unexpectedly within %d minutes, the last one because %s"
                            .formatted(worst, settings.window().toMinutes(), reason(last)));
        }
        return new Detection.SuspiciousStop(
                observation.service(),
                observation.deployment(),
                at,
                event.task().id(),
                "task " + event.task().id() + " stopped unexpectedly because " + reason(event.task()));
    }

    private static String reason(Task task) {
        return task.stop().map(StopJudgement::of).map(StopJudgement::because).orElse("it stopped");
    }

    /** The largest number of moments in any stretch of that length, so that the order of delivery does not matter. */
    private static int mostWithin(Duration window, List<Instant> moments) {
        var most = 0;
        var first = 0;
        for (var last = 0; last < moments.size(); last++) {
            while (moments.get(first).plus(window).isBefore(moments.get(last))) {
                first++;
            }
            most = Math.max(most, last - first + 1);
        }
        return Math.max(most, 1);
    }
}
