package io.deployguard.evidence;

import io.deployguard.detection.StopJudgement;
import io.deployguard.ecs.Endpoint;
import io.deployguard.ecs.Task;
import io.deployguard.ecs.TaskDefinition;
import io.deployguard.ecs.TaskDefinition.ContainerDefinition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which questions are worth asking about a failing revision: whose logs, which listeners, which one-off tasks.
 *
 * @param subject the task that tells most: the newest that stopped unexpectedly, else the newest that runs or waits; absent when ECS knows none
 * @param requests to be answered
 * @param missing what is known to be unanswerable, and why
 */
public record EvidencePlan(Optional<Task> subject, List<EvidenceRequest> requests, List<Evidence.Missing> missing) {

    /** Lines asked for per container: some runtimes print the cause first and 600 lines of dump after it. */
    static final int LINES = 1_000;

    public EvidencePlan {
        requests = List.copyOf(requests);
        missing = List.copyOf(missing);
    }

    /**
     * The plan for a revision.
     *
     * @param tasks of the failing revision, in any order
     * @param others ids of tasks of other revisions
     * @param endpoint to be asked from outside
     * @param region of the cluster, for log groups that name none
     * @param runsSince from when on one-off tasks are of interest
     * @param logsSince from when on a log is of interest whose task is not known
     */
    public static EvidencePlan of(
            List<Task> tasks,
            Set<String> others,
            TaskDefinition definition,
            List<String> targetGroupArns,
            Optional<Endpoint> endpoint,
            String clusterArn,
            String region,
            Instant runsSince,
            Instant logsSince) {
        var subject = mostTelling(tasks);
        var requests = new ArrayList<EvidenceRequest>();
        var missing = new ArrayList<Evidence.Missing>();
        for (var container : definition.containers()) {
            var source = "log of container " + container.name();
            whyUnreadable(container)
                    .map(why -> new Evidence.Missing(source, why))
                    .ifPresentOrElse(
                            missing::add,
                            () -> log(subject, container, others, region, logsSince)
                                    .ifPresentOrElse(
                                            requests::add,
                                            () -> missing.add(
                                                    new Evidence.Missing(
                                                            source,
                                                            "its log stream cannot be derived: neither a stream prefix nor a runtime id"))));
        }
        if (!targetGroupArns.isEmpty()) {
            requests.add(new EvidenceRequest.ListenerRules(targetGroupArns));
        }
        endpoint.map(EvidenceRequest.EndpointCheck::new).ifPresent(requests::add);
        requests.add(new EvidenceRequest.TaskRuns(clusterArn, definition.family(), runsSince));
        return new EvidencePlan(subject, requests, missing);
    }

    /** The plan with these questions asked too. */
    public EvidencePlan plus(List<? extends EvidenceRequest> more) {
        return new EvidencePlan(
                subject, Stream.concat(requests.stream(), more.stream()).toList(), missing);
    }

    /** The containers' logs of another failed task of the revision, where they can be read. */
    public static List<EvidenceRequest> logsOf(Task failed, TaskDefinition definition, String region) {
        return definition.containers().stream()
                .filter(container -> whyUnreadable(container).isEmpty())
                .flatMap(container -> log(Optional.of(failed), container, Set.of(), region, Instant.MAX).stream())
                .toList();
    }

    /** How the containers' logs of a healthy task begin, to be compared with those of one that failed. */
    public static List<EvidenceRequest> usualLogs(Task healthy, TaskDefinition definition, String region) {
        var requests = new ArrayList<EvidenceRequest>();
        for (var container : definition.containers()) {
            container
                    .logConfiguration()
                    .filter(_ -> whyUnreadable(container).isEmpty())
                    .ifPresent(log -> streamOf(
                                    healthy,
                                    container.name(),
                                    Optional.ofNullable(log.options().get("awslogs-stream-prefix")))
                            .map(stream -> new EvidenceRequest.UsualLog(
                                    container.name(),
                                    log.options().getOrDefault("awslogs-group", ""),
                                    stream,
                                    log.options().getOrDefault("awslogs-region", region),
                                    LINES))
                            .ifPresent(requests::add));
        }
        return requests;
    }

    /** The newest task that stopped unexpectedly, else the newest of all. */
    static Optional<Task> mostTelling(List<Task> tasks) {
        return tasks.stream()
                .filter(StopJudgement::isUnexpected)
                .max(Comparator.comparing(EvidencePlan::stoppedAt).thenComparing(Task::arn))
                .or(() -> tasks.stream()
                        .filter(task -> !task.isStopping())
                        .max(Comparator.comparing(
                                        (Task task) -> task.createdAt().orElse(Instant.MIN))
                                .thenComparing(Task::arn)));
    }

    private static Instant stoppedAt(Task task) {
        return StopJudgement.stoppedAt(task).orElse(Instant.MIN);
    }

    private static Optional<String> whyUnreadable(ContainerDefinition container) {
        var log = container.logConfiguration();
        if (log.isEmpty()) {
            return Optional.of("the task definition sets no log configuration for it");
        }
        if (!log.get().driver().equals("awslogs")) {
            return Optional.of("it goes through the log driver " + log.get().driver() + ", not to CloudWatch Logs");
        }
        return log.get().options().containsKey("awslogs-group")
                ? Optional.empty()
                : Optional.of("its log stream cannot be derived: no awslogs-group");
    }

    private static Optional<EvidenceRequest> log(
            Optional<Task> subject, ContainerDefinition container, Set<String> others, String region, Instant since) {
        var options = container.logConfiguration().orElseThrow().options();
        var group = options.getOrDefault("awslogs-group", "");
        var where = options.getOrDefault("awslogs-region", region);
        var prefix = Optional.ofNullable(options.get("awslogs-stream-prefix"));
        return subject.isPresent()
                ? streamOf(subject.get(), container.name(), prefix)
                        .map(stream -> new EvidenceRequest.ContainerLog(
                                subject.get().id(),
                                container.name(),
                                group,
                                stream,
                                where,
                                awaitedFrom(subject.get(), container.name()),
                                LINES))
                : prefix.map(given -> new EvidenceRequest.RecentLog(
                        container.name(), group, given + "/" + container.name() + "/", where, since, others, LINES));
    }

    /** A container that never ran writes nothing, so nothing is waited for. */
    private static Optional<Instant> awaitedFrom(Task task, String container) {
        var neverRan = task.startedAt().isEmpty()
                && task.containers().stream()
                        .filter(known -> known.name().equals(container))
                        .anyMatch(known ->
                                known.exitCode().isEmpty() && known.runtimeId().isEmpty());
        return neverRan ? Optional.empty() : StopJudgement.stoppedAt(task);
    }

    /** {@code prefix/container/task}; on EC2 without a prefix the docker id names the stream. */
    private static Optional<String> streamOf(Task task, String container, Optional<String> prefix) {
        return prefix.map(given -> given + "/" + container + "/" + task.id())
                .or(() -> task.containers().stream()
                        .filter(known -> known.name().equals(container))
                        .flatMap(known -> known.runtimeId().stream())
                        .findFirst());
    }

    /** What the tasks themselves say, the subject first. */
    public static List<Evidence> describe(Optional<Task> subject) {
        var evidence = new ArrayList<Evidence>();
        subject.ifPresent(task -> {
            task.stop().ifPresent(stop -> evidence.add(new Evidence.TaskStop(task.id(), stop, task.startedAt())));
            for (var container : task.containers()) {
                evidence.add(new Evidence.ContainerExit(
                        task.id(), container.name(), container.exitCode(), container.reason(), container.health()));
            }
        });
        return evidence;
    }
}
