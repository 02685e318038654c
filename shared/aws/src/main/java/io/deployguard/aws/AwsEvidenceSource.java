package io.deployguard.aws;

import io.deployguard.aws.ecs.OneOffTasks;
import io.deployguard.aws.elb.ListenerRules;
import io.deployguard.aws.endpoint.EndpointProbe;
import io.deployguard.aws.logs.CloudWatchLogs;
import io.deployguard.ecs.ServiceRef;
import io.deployguard.evidence.Evidence;
import io.deployguard.evidence.EvidenceRequest;
import io.deployguard.evidence.EvidenceSource;
import io.deployguard.fault.GuardFault;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** Answers evidence requests from CloudWatch Logs, ELB, ECS and the services' own endpoints, all at once. Thread-safe. */
public final class AwsEvidenceSource implements EvidenceSource {

    /** A log is asked for again until it has settled; with a call's own limit this is the longest an answer may take. */
    private static final Duration LONGEST = Duration.ofSeconds(25);

    private final CloudWatchLogs logs;
    private final ListenerRules listeners;
    private final OneOffTasks tasks;
    private final EndpointProbe endpoints;
    private final InstantSource clock;

    public AwsEvidenceSource(
            CloudWatchLogs logs,
            ListenerRules listeners,
            OneOffTasks tasks,
            EndpointProbe endpoints,
            InstantSource clock) {
        this.logs = logs;
        this.listeners = listeners;
        this.tasks = tasks;
        this.endpoints = endpoints;
        this.clock = clock;
    }

    @Override
    public List<Evidence> gather(ServiceRef service, List<EvidenceRequest> requests, Instant deadline) {
        var left = Duration.between(clock.instant(), deadline);
        var questions = requests.stream()
                .<Callable<List<Evidence>>>map(request -> () -> answer(request, deadline))
                .toList();
        var answers = Parallel.ask(questions, left.compareTo(LONGEST) < 0 ? left : LONGEST);
        var evidence = new ArrayList<Evidence>();
        for (var index = 0; index < answers.size(); index++) {
            switch (answers.get(index)) {
                case Parallel.Answer.Given<List<Evidence>>(var found) -> evidence.addAll(found);
                case Parallel.Answer.Refused<List<Evidence>>(var fault) ->
                    evidence.addAll(refused(requests.get(index), fault));
            }
        }
        return evidence;
    }

    /** The stream of a container that has ended comes into being with its first line. */
    private static List<Evidence> refused(EvidenceRequest request, GuardFault fault) {
        var missing = new Evidence.Missing(request.source(), String.valueOf(fault.getMessage()));
        return fault instanceof GuardFault.NotFound
                        && request instanceof EvidenceRequest.ContainerLog log
                        && log.stoppedAt().isPresent()
                ? List.of(missing, new Evidence.UnfinishedLog(request.source(), false))
                : List.of(missing);
    }

    private List<Evidence> answer(EvidenceRequest request, Instant deadline) {
        return switch (request) {
            case EvidenceRequest.ContainerLog log -> logs.read(log, deadline);
            case EvidenceRequest.RecentLog log -> logs.read(log, deadline);
            case EvidenceRequest.UsualLog log -> logs.read(log);
            case EvidenceRequest.ListenerRules wanted -> listeners.read(wanted);
            case EvidenceRequest.EndpointCheck check -> endpoints.read(check);
            case EvidenceRequest.TaskRuns wanted -> tasks.read(wanted);
        };
    }
}
