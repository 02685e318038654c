package io.deployguard.pipeline;

import io.deployguard.decision.ActionBudget;
import io.deployguard.decision.ActionBudget.Failure;
import io.deployguard.ecs.ServiceRef;
import io.deployguard.incident.Incident;
import io.deployguard.incident.Progress;
import io.deployguard.incident.Storm;
import io.deployguard.pipeline.Database.Stores;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Whether the guard may act by itself right now, whatever is wrong with the service. */
final class Brake {

    private Brake() {}

    /** More of them are not read. */
    private static final int MOST_FAILURES = 1_000;

    private static final int MOST_INCIDENTS = 20;

    /** Incidents of a service that are older than this have no action of just now. */
    private static final Duration LONG_AGO = Duration.ofDays(1);

    /**
     * Why it may not, in words.
     *
     * @param service that fails, which counts from the first suspicion on
     */
    static Optional<String> find(ActionBudget budget, ServiceRef service, Stores stores, Instant now) {
        var failures =
                failuresOf(Storm.placeOf(service), now.minus(budget.window()).minus(ActionBudget.STORM_PAUSE), stores);
        return budget.brake(
                        stores.journal().begunSince(service.place(), now.minus(ActionBudget.HOUR)),
                        failing(budget, service, failures, now))
                .or(() -> cooldown(service, stores, now));
    }

    /** Services that began to fail in an account and region since then; a suspicion counts as long as it is one. */
    static List<Failure> failuresOf(String place, Instant since, Stores stores) {
        return stores.incidents().failuresSince(since, MOST_FAILURES).stream()
                .filter(failure -> Storm.placeOf(failure.service()).equals(place))
                .toList();
    }

    private static long failing(ActionBudget budget, ServiceRef service, List<Failure> failures, Instant now) {
        return budget.findStorm(failures)
                .filter(storm -> storm.lastAt().plus(ActionBudget.STORM_PAUSE).isAfter(now))
                .map(ActionBudget.Storm::services)
                .orElseGet(() -> Stream.concat(
                                Stream.of(service),
                                failures.stream()
                                        .filter(failure -> !failure.at().isBefore(now.minus(budget.window())))
                                        .map(Failure::service))
                        .distinct()
                        .count());
    }

    private static Optional<String> cooldown(ServiceRef service, Stores stores, Instant now) {
        return stores.incidents().openedSince(service, now.minus(LONG_AGO), MOST_INCIDENTS).stream()
                .flatMap(incident -> actedAt(incident).stream())
                .filter(at -> at.plus(ActionBudget.COOLDOWN).isAfter(now))
                .findFirst()
                .map(_ -> "the guard has just acted on this service, and rests for %d minutes"
                        .formatted(ActionBudget.COOLDOWN.toMinutes()));
    }

    /** When it acted, as far as the incident still says; its end, when it has ended. */
    private static Optional<Instant> actedAt(Incident incident) {
        return switch (incident.progress()) {
            case Progress.Verifying verifying -> Optional.of(verifying.actedAt());
            case Progress.Closed closed ->
                switch (closed.outcome()) {
                    case HEALED, NOT_HEALED -> Optional.of(closed.at());
                    case RECOVERED, SUPERSEDED -> Optional.empty();
                };
            case Progress.Suspected _,
                    Progress.Dismissed _,
                    Progress.Investigating _,
                    Progress.Advised _,
                    Progress.Planned _ -> Optional.empty();
        };
    }
}
