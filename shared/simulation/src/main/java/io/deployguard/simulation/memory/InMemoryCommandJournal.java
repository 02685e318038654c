package io.deployguard.simulation.memory;

import io.deployguard.action.CommandJournal;
import io.deployguard.ecs.DeploymentId;
import io.deployguard.ecs.Place;
import io.deployguard.ecs.ServiceRef;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** Commands by id, their order per incident, and who claimed the one action of a revision: the unique key. */
final class InMemoryCommandJournal implements CommandJournal {

    private final Table<UUID, Entry> entries = new Table<>();
    private final Table<UUID, List<UUID>> ofIncident = new Table<>();
    private final Table<Revision, UUID> claims = new Table<>();

    @Override
    public boolean claim(ServiceRef service, DeploymentId failing, UUID incident, Instant at) {
        var key = new Revision(service, failing);
        if (claims.find(key).isEmpty()) {
            claims.put(key, incident);
        }
        return claims.find(key).filter(incident::equals).isPresent();
    }

    @Override
    public void begin(Entry entry) {
        if (entries.find(entry.id()).isEmpty()) {
            entries.put(entry.id(), entry);
            var known = ofIncident.find(entry.incident()).orElse(List.of());
            ofIncident.put(
                    entry.incident(),
                    Stream.concat(known.stream(), Stream.of(entry.id())).toList());
        }
    }

    @Override
    public void finish(UUID entry, String outcome, String detail, Instant at) {
        var begun = entries.find(entry)
                .orElseThrow(() -> new IllegalArgumentException(
                        "command journal: expected an entry that was begun, got " + entry));
        entries.put(
                entry,
                new Entry(
                        begun.id(),
                        begun.incident(),
                        begun.command(),
                        begun.fence(),
                        begun.begunAt(),
                        begun.outcome().or(() -> Optional.of(outcome)),
                        begun.detail().or(() -> Optional.of(detail)),
                        begun.finishedAt().or(() -> Optional.of(at))));
    }

    @Override
    public List<Entry> entriesOf(UUID incident) {
        return ofIncident.find(incident).orElse(List.of()).stream()
                .flatMap(id -> entries.find(id).stream())
                .toList();
    }

    @Override
    public long begunSince(Place place, Instant since) {
        return entries.rows()
                .filter(entry -> !entry.begunAt().isBefore(since))
                .filter(entry -> entry.command().service().place().equals(place))
                .count();
    }

    Table<?, ?> table() {
        return entries;
    }

    Table<?, ?> incidentTable() {
        return ofIncident;
    }

    Table<?, ?> claimTable() {
        return claims;
    }
}
