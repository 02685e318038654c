package io.deployguard.pipeline;

import io.deployguard.detection.StopJudgement;
import io.deployguard.ecs.Task;
import io.deployguard.ecs.TaskDefinition;
import io.deployguard.evidence.Evidence;
import io.deployguard.evidence.EvidenceBundle;
import io.deployguard.evidence.EvidencePlan;
import io.deployguard.evidence.EvidenceRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whether a revision that has failed may still say why: the log of its newest failed task arrives late. A process that never writes would be waited for
 * as long as it goes on ending; the log of an earlier task of the same revision, which has had its time, tells that it writes nothing.
 */
final class FirstLine {

    /** Logs of a container that has ended are there by then, if it wrote any. */
    private static final Duration ARRIVES_WITHIN = Duration.ofMinutes(1);

    private FirstLine() {}

    /**
     * Whether not a line has arrived, or only some have and they were late, and each of the logs that were asked for belongs to a task that ended so
     * short ago that more may still come.
     */
    static boolean isAwaited(EvidencePlan plan, EvidenceBundle evidence, Instant now) {
        var ends = plan.requests().stream().flatMap(FirstLine::endOf).toList();
        return !ends.isEmpty()
                && (evidence.only(Evidence.LogLine.class).isEmpty()
                        || evidence.only(Evidence.UnfinishedLog.class).stream().anyMatch(Evidence.UnfinishedLog::begun))
                && ends.stream().allMatch(at -> at.plus(ARRIVES_WITHIN).isAfter(now));
    }

    private static Stream<Instant> endOf(EvidenceRequest request) {
        return request instanceof EvidenceRequest.ContainerLog log ? log.stoppedAt().stream() : Stream.empty();
    }

    /** The logs of the newest failed task that has had its time; none while there is no such. */
    static List<EvidenceRequest> requests(FailingRevision failing, TaskDefinition definition) {
        var snapshot = failing.snapshot();
        return failing.tasks().stream()
                .filter(StopJudgement::isUnexpected)
                .filter(task -> task.startedAt().isPresent())
                .filter(task -> end(task)
                        .filter(at -> !at.plus(ARRIVES_WITHIN).isAfter(snapshot.observedAt()))
                        .isPresent())
                .max(Comparator.comparing((Task task) -> end(task).orElseThrow())
                        .thenComparing(Task::arn))
                .map(task -> EvidencePlan.logsOf(
                        task, definition, snapshot.service().ref().region()))
                .orElse(List.of());
    }

    private static Optional<Instant> end(Task task) {
        return StopJudgement.stoppedAt(task);
    }

    /** Those that were answered, if only by silence: a stream comes into being with its first line. What could not be read tells nothing. */
    static List<EvidenceRequest> answered(List<EvidenceRequest> asked, List<Evidence> answers) {
        var silent = sources(answers, Evidence.UnfinishedLog.class, Evidence.UnfinishedLog::source);
        var missing = sources(answers, Evidence.Missing.class, Evidence.Missing::source);
        return asked.stream()
                .filter(request -> silent.contains(request.source()) || !missing.contains(request.source()))
                .toList();
    }

    private static <T extends Evidence> Set<String> sources(
            List<Evidence> answers, Class<T> kind, Function<T, String> source) {
        return answers.stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .map(source)
                .collect(Collectors.toSet());
    }
}
