package io.deployguard.simulation.port;

import io.deployguard.ecs.Container;
import io.deployguard.ecs.ServiceRef;
import io.deployguard.evidence.Evidence;
import io.deployguard.evidence.EvidenceRequest;
import io.deployguard.evidence.EvidenceSource;
import io.deployguard.simulation.account.AwsError;
import io.deployguard.simulation.account.Json;
import io.deployguard.simulation.account.LogStore;
import io.deployguard.simulation.account.SimulatedAccount;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Answers evidence requests from a simulated account. For one thread. */
public final class AccountEvidence implements EvidenceSource {

    /** So long after a stop its log is waited for; the simulated clock stands still meanwhile. */
    private static final Duration SETTLING = Duration.ofSeconds(10);

    private final SimulatedAccount account;

    public AccountEvidence(SimulatedAccount account) {
        this.account = account;
    }

    @Override
    public List<Evidence> gather(ServiceRef service, List<EvidenceRequest> requests, Instant deadline) {
        return requests.stream().flatMap(this::answer).toList();
    }

    private Stream<Evidence> answer(EvidenceRequest request) {
        try {
            return switch (request) {
                case EvidenceRequest.ContainerLog log -> read(log);
                case EvidenceRequest.RecentLog log -> read(log);
                case EvidenceRequest.UsualLog log -> read(log);
                case EvidenceRequest.EndpointCheck check ->
                    Stream.of(new Evidence.Missing(check.source(), "the simulated account serves no requests"));
                case EvidenceRequest.ListenerRules wanted -> read(wanted);
                case EvidenceRequest.TaskRuns wanted -> read(wanted);
            };
        } catch (AwsError refused) {
            var missing = new Evidence.Missing(request.source(), String.valueOf(refused.getMessage()));
            return request instanceof EvidenceRequest.ContainerLog log
                            && log.stoppedAt().isPresent()
                    ? Stream.of(missing, new Evidence.UnfinishedLog(request.source(), false))
                    : Stream.of(missing);
        }
    }

    private Stream<Evidence> read(EvidenceRequest.ContainerLog log) {
        var now = account.agenda().now();
        var settled = log.stoppedAt()
                .map(at -> at.plus(SETTLING))
                .filter(now::isBefore)
                .orElse(now);
        var events = account.logs().eventsBy(settled, log.group(), log.stream());
        var lines = newest(events, log.limit()).map(event -> line(log.task(), log.container(), event));
        var isLate = events.stream()
                .map(event -> Duration.between(event.writtenAt(), event.arrivedAt()))
                .filter(lag -> lag.compareTo(SETTLING) > 0)
                .anyMatch(lag -> log.stoppedAt()
                        .filter(stopped -> stopped.plus(lag).isAfter(now))
                        .isPresent());
        return isLate ? Stream.concat(lines, Stream.of(new Evidence.UnfinishedLog(log.source(), true))) : lines;
    }

    private Stream<Evidence> read(EvidenceRequest.RecentLog log) {
        return account.logs().streams(log.group()).stream()
                .filter(stream -> stream.name().startsWith(log.streamPrefix()))
                .filter(stream -> !log.others().contains(taskOf(stream, log)))
                .filter(stream -> !stream.events().getLast().writtenAt().isBefore(log.since()))
                .max(Comparator.comparing((LogStore.Stream stream) ->
                                stream.events().getLast().writtenAt())
                        .thenComparing(LogStore.Stream::name))
                .stream()
                .flatMap(stream -> newest(stream.events(), log.limit())
                        .map(event -> line(taskOf(stream, log), log.container(), event)));
    }

    private Stream<Evidence> read(EvidenceRequest.UsualLog log) {
        return account.logs().events(log.group(), log.stream()).stream()
                .limit(log.limit())
                .map(event -> new Evidence.UsualLine(log.container(), event.message()));
    }

    private static String taskOf(LogStore.Stream stream, EvidenceRequest.RecentLog log) {
        return stream.name().substring(log.streamPrefix().length());
    }

    private static Stream<LogStore.Event> newest(List<LogStore.Event> events, int limit) {
        return events.stream().skip(Math.max(0, events.size() - limit));
    }

    private static Evidence line(String task, String container, LogStore.Event event) {
        return new Evidence.LogLine(task, container, Optional.of(event.writtenAt()), event.message());
    }

    private Stream<Evidence> read(EvidenceRequest.ListenerRules wanted) {
        var balancing = account.loadBalancing();
        return balancing.describeTargetGroups(wanted.targetGroupArns(), List.of(), Optional.empty()).stream()
                .flatMap(group -> Json.textsIn(group, "LoadBalancerArns").stream())
                .distinct()
                .flatMap(balancer -> balancing.describeListeners(balancer).stream())
                .flatMap(listener -> balancing
                        .describeRules(listener.path("ListenerArn").asText())
                        .stream()
                        .map(rule -> AccountRules.read(listener, rule)));
    }

    private Stream<Evidence> read(EvidenceRequest.TaskRuns wanted) {
        return new AccountSnapshots(account)
                .oneOffTasks(wanted.clusterArn(), wanted.family(), "STOPPED")
                .filter(task -> task.createdAt()
                        .filter(at -> at.isBefore(wanted.since()))
                        .isEmpty())
                .map(task -> new Evidence.TaskRun(
                        task.id(),
                        task.command(),
                        task.containers().stream()
                                .map(Container::exitCode)
                                .flatMap(Optional::stream)
                                .findFirst(),
                        task.stoppedAt()));
    }
}
