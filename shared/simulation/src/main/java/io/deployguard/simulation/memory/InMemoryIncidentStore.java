package io.deployguard.simulation.memory;

import io.deployguard.decision.ActionBudget;
import io.deployguard.ecs.DeploymentId;
import io.deployguard.ecs.ServiceRef;
import io.deployguard.incident.Incident;
import io.deployguard.incident.IncidentStore;
import io.deployguard.incident.Progress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;

/** Incidents by id, and beside them the open one of each revision: the unique key. */
final class InMemoryIncidentStore implements IncidentStore {

    private static final Comparator<Incident> NEWEST_FIRST =
            Comparator.comparing(Incident::openedAt).reversed().thenComparing(Incident::id);

    private final Table<UUID, Incident> incidents = new Table<>();
    private final Table<Revision, Incident> open = new Table<>();
    private final Table<UUID, List<Entry>> history = new Table<>();

    @Override
    public boolean insert(Incident incident) {
        if (incidents.find(incident.id()).isPresent()
                || (incident.isOpen() && open.find(revisionOf(incident)).isPresent())) {
            return false;
        }
        keep(incident, "opened: " + incident.signs().getFirst().what());
        return true;
    }

    @Override
    public void update(Incident incident, String happened) {
        var stored = incidents.find(incident.id());
        if (stored.isEmpty() || stored.get().revision() != incident.revision() - 1) {
            throw new ConcurrentChange(incident.id());
        }
        keep(incident, happened);
    }

    private void keep(Incident incident, String happened) {
        incidents.put(incident.id(), incident);
        if (incident.isOpen()) {
            open.put(revisionOf(incident), incident);
        } else if (open.find(revisionOf(incident))
                .filter(other -> other.id().equals(incident.id()))
                .isPresent()) {
            open.remove(revisionOf(incident));
        }
        var more = new ArrayList<>(historyOf(incident.id()));
        more.add(new Entry(incident.changedAt(), incident.revision(), happened));
        history.put(incident.id(), List.copyOf(more));
    }

    @Override
    public Optional<Incident> find(UUID id) {
        return incidents.find(id);
    }

    @Override
    public Optional<Incident> findOpen(ServiceRef service, DeploymentId deployment) {
        return open.find(new Revision(service, deployment));
    }

    @Override
    public List<Incident> openOf(ServiceRef service) {
        return open.rows()
                .filter(incident -> incident.service().equals(service))
                .sorted(Comparator.comparing(Incident::openedAt).thenComparing(Incident::id))
                .toList();
    }

    @Override
    public List<Incident> open(int limit) {
        return open.rows()
                .sorted(Comparator.comparing(Incident::changedAt).thenComparing(Incident::id))
                .limit(limit)
                .toList();
    }

    @Override
    public List<Incident> newest(int limit) {
        return incidents.rows().sorted(NEWEST_FIRST).limit(limit).toList();
    }

    @Override
    public List<Incident> openedSince(Instant since, int limit) {
        return openedSince(since, limit, _ -> true);
    }

    @Override
    public List<Incident> openedSince(ServiceRef service, Instant since, int limit) {
        return openedSince(since, limit, incident -> incident.service().equals(service));
    }

    private List<Incident> openedSince(Instant since, int limit, Predicate<Incident> which) {
        return incidents
                .rows()
                .filter(incident -> !incident.openedAt().isBefore(since))
                .filter(which)
                .sorted(NEWEST_FIRST)
                .limit(limit)
                .toList();
    }

    @Override
    public List<ActionBudget.Failure> failuresSince(Instant since, int limit) {
        return incidents
                .rows()
                .filter(incident -> !incident.openedAt().isBefore(since))
                .filter(incident -> !(incident.progress() instanceof Progress.Dismissed))
                .map(incident -> new ActionBudget.Failure(incident.id(), incident.service(), incident.openedAt()))
                .sorted(Comparator.comparing(ActionBudget.Failure::at)
                        .reversed()
                        .thenComparing(ActionBudget.Failure::incident))
                .limit(limit)
                .toList();
    }

    @Override
    public List<Entry> historyOf(UUID id) {
        return history.find(id).orElse(List.of());
    }

    private static Revision revisionOf(Incident incident) {
        return new Revision(incident.service(), incident.deployment());
    }

    Table<?, ?> table() {
        return incidents;
    }

    Table<?, ?> openTable() {
        return open;
    }

    Table<?, ?> historyTable() {
        return history;
    }
}
