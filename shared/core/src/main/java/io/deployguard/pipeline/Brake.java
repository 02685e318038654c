package io.deployguard.pipeline;

import io.deployguard.decision.ActionBudget;
import io.deployguard.ecs.ServiceRef;
import io.deployguard.incident.Incident;
import io.deployguard.pipeline.Database.Stores;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/** Whether the guard may act by itself right now, whatever the service. */
final class Brake {

    private Brake() {}

    /** More incidents than this are not read; suspicions, which do not count, are among them. */
    private static final int MOST = 500;

    /**
     * Why it may not, in words.
     *
     * @param service that fails, which counts from the first suspicion on
     */
    static Optional<String> find(ActionBudget budget, ServiceRef service, Stores stores, Instant now) {
        var known = stores.incidents().openedSince(now.minus(budget.window()), MOST).stream()
                .filter(Incident::isTold)
                .map(Incident::service);
        var failing = Stream.concat(Stream.of(service), known).distinct().count();
        return budget.brake(stores.journal().begunSince(now.minus(ActionBudget.HOUR)), failing);
    }
}
