package io.deployguard.pipeline;

import io.deployguard.decision.ActionBudget;
import io.deployguard.incident.Incident;
import io.deployguard.pipeline.Database.Stores;
import java.time.Instant;
import java.util.Optional;

/** Whether the guard may act by itself right now, whatever the service. */
final class Brake {

    private Brake() {}

    /** Why it may not, in words. */
    static Optional<String> find(ActionBudget budget, Stores stores, Instant now) {
        // Suspicions count neither as failures nor against the limit; a few hundred of them would be a storm as well.
        var failing = stores.incidents().openedSince(now.minus(budget.window()), 20 * (budget.services() + 1)).stream()
                .filter(Incident::isTold)
                .map(Incident::service)
                .distinct()
                .count();
        return budget.brake(stores.journal().begunSince(now.minus(ActionBudget.HOUR)), failing);
    }
}
