package io.deployguard.pipeline;

import io.deployguard.decision.ActionBudget;
import io.deployguard.ecs.DeploymentId;
import io.deployguard.ecs.ServiceRef;
import io.deployguard.incident.Incident;
import io.deployguard.incident.IncidentStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiConsumer;

/**
 * A store that tells of what is written to it.
 *
 * @param observer of an incident before, absent when it is new, and after
 */
public record ObservedIncidents(IncidentStore store, BiConsumer<Optional<Incident>, Incident> observer)
        implements IncidentStore {

    @Override
    public boolean insert(Incident incident) {
        var inserted = store.insert(incident);
        if (inserted) {
            observer.accept(Optional.empty(), incident);
        }
        return inserted;
    }

    @Override
    public void update(Incident incident, String happened) {
        // One more read; an incident changes a handful of times in its life.
        var before = store.find(incident.id());
        store.update(incident, happened);
        observer.accept(before, incident);
    }

    @Override
    public Optional<Incident> find(UUID id) {
        return store.find(id);
    }

    @Override
    public Optional<Incident> findOpen(ServiceRef service, DeploymentId deployment) {
        return store.findOpen(service, deployment);
    }

    @Override
    public List<Incident> openOf(ServiceRef service) {
        return store.openOf(service);
    }

    @Override
    public List<Incident> open(int limit) {
        return store.open(limit);
    }

    @Override
    public List<Incident> newest(int limit) {
        return store.newest(limit);
    }

    @Override
    public List<ActionBudget.Failure> failuresSince(Instant since, int limit) {
        return store.failuresSince(since, limit);
    }

    @Override
    public List<Incident> openedSince(Instant since, int limit) {
        return store.openedSince(since, limit);
    }

    @Override
    public List<Incident> openedSince(ServiceRef service, Instant since, int limit) {
        return store.openedSince(service, since, limit);
    }

    @Override
    public List<Entry> historyOf(UUID id) {
        return store.historyOf(id);
    }
}
