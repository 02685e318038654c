package io.deployguard.simulation.memory;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Rows by key. A transaction writes beside the committed rows, so that beginning, committing and giving up cost what was written and not what is
 * there. Rows must be immutable.
 */
final class Table<K, V> {

    private final Map<K, V> committed = new LinkedHashMap<>();
    private final Map<K, Optional<V>> written = new LinkedHashMap<>();

    Optional<V> find(K key) {
        var own = written.get(key);
        return own != null ? own : Optional.ofNullable(committed.get(key));
    }

    void put(K key, V row) {
        written.put(key, Optional.of(row));
    }

    void remove(K key) {
        written.put(key, Optional.empty());
    }

    Stream<V> rows() {
        return Stream.concat(
                committed.entrySet().stream()
                        .filter(row -> !written.containsKey(row.getKey()))
                        .map(Map.Entry::getValue),
                written.values().stream().flatMap(Optional::stream));
    }

    void commit() {
        written.forEach(
                (key, row) -> row.ifPresentOrElse(present -> committed.put(key, present), () -> committed.remove(key)));
        written.clear();
    }

    void giveUp() {
        written.clear();
    }
}
