package io.deployguard.simulation.memory;

import io.deployguard.incident.IncidentStore;
import io.deployguard.incident.Storm;
import io.deployguard.incident.StormStore;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Storms by their leader, and beside them the one of each place that is not over: the unique key. */
final class InMemoryStormStore implements StormStore {

    private final Table<UUID, Storm> storms = new Table<>();
    private final Table<String, Storm> current = new Table<>();

    @Override
    public Optional<Storm> findCurrent(String place) {
        return current.find(place);
    }

    @Override
    public Optional<Storm> findLatest(String place) {
        return storms.rows()
                .filter(storm -> storm.place().equals(place))
                .max(Comparator.comparing(Storm::beganAt).thenComparing(Storm::leader));
    }

    @Override
    public Optional<Storm> findLedBy(UUID incident) {
        return storms.find(incident);
    }

    @Override
    public List<Storm> current(int limit) {
        return current.rows()
                .sorted(Comparator.comparing(Storm::beganAt).thenComparing(Storm::leader))
                .limit(limit)
                .toList();
    }

    @Override
    public void save(Storm storm) {
        var known = storms.find(storm.leader()).map(Storm::revision).orElse(0L);
        var other = current.find(storm.place())
                .filter(each -> !each.leader().equals(storm.leader()))
                .isPresent();
        if (known != storm.revision() - 1 || (other && !storm.isOver())) {
            throw new IncidentStore.ConcurrentChange(storm.leader());
        }
        storms.put(storm.leader(), storm);
        if (!storm.isOver()) {
            current.put(storm.place(), storm);
        } else if (!other) {
            current.remove(storm.place());
        }
    }

    Table<?, ?> table() {
        return storms;
    }

    Table<?, ?> currentTable() {
        return current;
    }
}
