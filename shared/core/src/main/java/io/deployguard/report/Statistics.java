package io.deployguard.report;

import static java.util.Comparator.comparing;
import static java.util.Comparator.reverseOrder;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import io.deployguard.classification.CauseId;
import io.deployguard.ecs.DeploymentId;
import io.deployguard.ecs.ServiceRef;
import io.deployguard.incident.Incident;
import io.deployguard.incident.RevisionLedger;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A period in numbers. Only incidents that people heard of count.
 *
 * @param detect from the first sign until the guard could say what is wrong
 * @param mitigate from the first sign until the guard's command; only where it acted
 * @param recover from the first sign until the service was well, by whomever
 * @param services worst first
 * @param causes most frequent first
 */
public record Statistics(
        Instant since,
        Instant until,
        int incidents,
        Spread detect,
        Spread mitigate,
        Spread recover,
        List<Service> services,
        List<CauseCount> causes) {

    public Statistics {
        services = List.copyOf(services);
        causes = List.copyOf(causes);
    }

    /**
     * Durations in short.
     *
     * @param count how many there were
     * @param median absent for none, and so are the others
     * @param ninth nine of ten took no longer
     */
    public record Spread(int count, Optional<Duration> median, Optional<Duration> ninth, Optional<Duration> longest) {

        static Spread of(List<Duration> durations) {
            var sorted = durations.stream().sorted().toList();
            return new Spread(sorted.size(), at(sorted, 0.5), at(sorted, 0.9), at(sorted, 1));
        }

        /** The smallest that so large a share does not exceed. */
        private static Optional<Duration> at(List<Duration> sorted, double share) {
            return sorted.isEmpty()
                    ? Optional.empty()
                    : Optional.of(sorted.get((int) Math.ceil(share * sorted.size()) - 1));
        }
    }

    /**
     * A service.
     *
     * @param deployments that began in the period, or failed in it
     * @param failed of these, with an incident
     */
    public record Service(ServiceRef service, int deployments, int failed) {

        /** Change-failure rate, 0 to 1. */
        public double rate() {
            return (double) failed / deployments;
        }
    }

    /** Deployments of all services. */
    public int deployments() {
        return services.stream().mapToInt(Service::deployments).sum();
    }

    /** Deployments with an incident. */
    public int failed() {
        return services.stream().mapToInt(Service::failed).sum();
    }

    /** A cause, and how often it was found; {@code unknown} among them. */
    public record CauseCount(CauseId cause, int incidents) {}

    /**
     * The numbers.
     *
     * @param dossiers of the period; those nobody heard of are passed over
     * @param revisions whose deployments began in the period
     */
    public static Statistics of(
            List<Dossier> dossiers, List<RevisionLedger.Entry> revisions, Instant since, Instant until) {
        var told =
                dossiers.stream().filter(dossier -> dossier.incident().isTold()).toList();
        var incidents = told.stream().map(Dossier::incident).toList();
        return new Statistics(
                since,
                until,
                told.size(),
                Spread.of(incidents.stream()
                        .flatMap(incident -> Course.toDetect(incident).stream())
                        .toList()),
                Spread.of(told.stream()
                        .flatMap(dossier -> Course.toMitigate(dossier).stream())
                        .toList()),
                Spread.of(incidents.stream()
                        .flatMap(incident -> Course.toRecover(incident).stream())
                        .toList()),
                services(incidents, revisions),
                causes(incidents));
    }

    private static List<Service> services(List<Incident> incidents, List<RevisionLedger.Entry> revisions) {
        Map<ServiceRef, Set<DeploymentId>> failed = new HashMap<>();
        incidents.forEach(incident ->
                failed.computeIfAbsent(incident.service(), _ -> new HashSet<>()).add(incident.deployment()));
        Map<ServiceRef, Set<DeploymentId>> all = new HashMap<>();
        failed.forEach((service, deployments) -> all.put(service, new HashSet<>(deployments)));
        revisions.forEach(entry ->
                all.computeIfAbsent(entry.service(), _ -> new HashSet<>()).add(entry.deployment()));
        return all.entrySet().stream()
                .map(service -> new Service(
                        service.getKey(),
                        service.getValue().size(),
                        failed.getOrDefault(service.getKey(), Set.of()).size()))
                .sorted(comparing(Service::rate, reverseOrder())
                        .thenComparing(Service::failed, reverseOrder())
                        .thenComparing(service -> service.service().arn()))
                .toList();
    }

    private static List<CauseCount> causes(List<Incident> incidents) {
        return incidents.stream()
                .collect(groupingBy(incident -> incident.cause().orElse(CauseId.UNKNOWN), counting()))
                .entrySet()
                .stream()
                .map(cause -> new CauseCount(cause.getKey(), cause.getValue().intValue()))
                .sorted(comparing(CauseCount::incidents, reverseOrder())
                        .thenComparing(cause -> cause.cause().value()))
                .toList();
    }
}
