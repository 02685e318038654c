package io.deployguard.simulation.memory;

import io.deployguard.ecs.DeploymentId;
import io.deployguard.ecs.ServiceRef;
import io.deployguard.incident.RevisionLedger;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Fates of revisions per service, and beside them those that have no end yet. The latest time of each kind stays. */
final class InMemoryRevisionLedger implements RevisionLedger {

    private static final int MOST_ENTRIES = 100;

    private final Table<ServiceRef, Map<DeploymentId, Entry>> entries = new Table<>();
    private final Table<Revision, Entry> unfinished = new Table<>();

    @Override
    public void started(ServiceRef service, DeploymentId deployment, Instant at) {
        change(
                service,
                deployment,
                entry -> new Entry(
                        service, deployment, later(entry.startedAt(), at), entry.completedAt(), entry.condemnedAt()));
    }

    @Override
    public void completed(ServiceRef service, DeploymentId deployment, Instant at) {
        change(
                service,
                deployment,
                entry -> new Entry(
                        service, deployment, entry.startedAt(), later(entry.completedAt(), at), entry.condemnedAt()));
    }

    @Override
    public void condemned(ServiceRef service, DeploymentId deployment, Instant at) {
        change(
                service,
                deployment,
                entry -> new Entry(
                        service, deployment, entry.startedAt(), entry.completedAt(), later(entry.condemnedAt(), at)));
    }

    @Override
    public void forget(ServiceRef service, DeploymentId deployment) {
        var known = new LinkedHashMap<>(entries.find(service).orElse(Map.of()));
        known.remove(deployment);
        entries.put(service, Map.copyOf(known));
        unfinished.remove(new Revision(service, deployment));
    }

    @Override
    public Optional<Entry> find(ServiceRef service, DeploymentId deployment) {
        return entries.find(service).map(known -> known.get(deployment));
    }

    @Override
    public List<Entry> entriesOf(ServiceRef service) {
        return entries.find(service).orElse(Map.of()).values().stream()
                .sorted(Comparator.comparing((Entry entry) -> entry.startedAt().orElse(Instant.MIN))
                        .reversed()
                        .thenComparing(entry -> entry.deployment().value()))
                .limit(MOST_ENTRIES)
                .toList();
    }

    @Override
    public List<Entry> unfinished(Instant startedAfter, int limit) {
        return unfinished
                .rows()
                .filter(entry ->
                        entry.startedAt().filter(startedAfter::isBefore).isPresent())
                .sorted(Comparator.comparing((Entry entry) -> entry.startedAt().orElse(Instant.MIN))
                        .thenComparing(entry -> entry.service().arn())
                        .thenComparing(entry -> entry.deployment().value()))
                .limit(limit)
                .toList();
    }

    @Override
    public List<ServiceRef> deployedSince(Instant startedAfter, int limit) {
        return entries.rows()
                .map(revisions -> revisions.values().stream()
                        .filter(entry -> entry.startedAt().isPresent())
                        .max(Comparator.comparing(entry -> entry.startedAt().orElse(Instant.MIN))))
                .flatMap(Optional::stream)
                .filter(newest ->
                        newest.startedAt().filter(startedAfter::isBefore).isPresent())
                .sorted(Comparator.comparing(
                                (Entry newest) -> newest.startedAt().orElse(Instant.MIN))
                        .reversed()
                        .thenComparing(newest -> newest.service().arn()))
                .map(Entry::service)
                .limit(limit)
                .toList();
    }

    @Override
    public List<Entry> startedSince(Instant since, int limit) {
        return entries.rows()
                .flatMap(ofService -> ofService.values().stream())
                .filter(entry ->
                        entry.startedAt().filter(at -> !at.isBefore(since)).isPresent())
                .sorted(Comparator.comparing((Entry entry) -> entry.startedAt().orElse(Instant.MIN))
                        .reversed()
                        .thenComparing(entry -> entry.service().arn())
                        .thenComparing(entry -> entry.deployment().value()))
                .limit(limit)
                .toList();
    }

    private void change(ServiceRef service, DeploymentId deployment, UnaryOperator<Entry> how) {
        var known = new LinkedHashMap<>(entries.find(service).orElse(Map.of()));
        var entry = how.apply(known.getOrDefault(
                deployment, new Entry(service, deployment, Optional.empty(), Optional.empty(), Optional.empty())));
        known.put(deployment, entry);
        entries.put(service, Map.copyOf(known));
        if (isUnfinished(entry)) {
            unfinished.put(new Revision(service, deployment), entry);
        } else {
            unfinished.remove(new Revision(service, deployment));
        }
    }

    private static boolean isUnfinished(Entry entry) {
        return entry.startedAt()
                .filter(started ->
                        entry.completedAt().filter(at -> !at.isBefore(started)).isEmpty())
                .filter(started ->
                        entry.condemnedAt().filter(at -> !at.isBefore(started)).isEmpty())
                .isPresent();
    }

    private static Optional<Instant> later(Optional<Instant> known, Instant at) {
        return Optional.of(known.filter(at::isBefore).orElse(at));
    }

    Table<?, ?> table() {
        return entries;
    }

    Table<?, ?> unfinishedTable() {
        return unfinished;
    }
}
