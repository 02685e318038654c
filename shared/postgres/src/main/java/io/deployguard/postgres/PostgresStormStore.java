package io.deployguard.postgres;

import io.deployguard.incident.IncidentStore;
import io.deployguard.incident.Storm;
import io.deployguard.incident.StormStore;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Table {@code storm}. The open key is the place while the storm is not over and null afterwards: at most one in a place. */
final class PostgresStormStore implements StormStore {

    private final Sql sql;

    PostgresStormStore(Sql sql) {
        this.sql = sql;
    }

    @Override
    public Optional<Storm> findCurrent(String place) {
        return sql.find("""
                select document
                from storm
                where open_key = ?
                """, PostgresStormStore::storm, place);
    }

    @Override
    public Optional<Storm> findLatest(String place) {
        return sql.find("""
                select document
                from storm
                where place = ?
                order by began_at desc
                limit 1
                """, PostgresStormStore::storm, place);
    }

    @Override
    public Optional<Storm> findLedBy(UUID incident) {
        return sql.find("""
                select document
                from storm
                where leader_id = ?
                """, PostgresStormStore::storm, incident);
    }

    @Override
    public List<Storm> current(int limit) {
        return sql.list("""
                select document
                from storm
                where open_since is not null
                order by open_since, leader_id
                limit ?
                """, PostgresStormStore::storm, limit);
    }

    @Override
    public void save(Storm storm) {
        var place = storm.isOver() ? Optional.<String>empty() : Optional.of(storm.place());
        var since = place.map(_ -> storm.beganAt());
        var document = Documents.write(storm, Storm.class);
        var saved = storm.revision() == 1
                ? sql.update(
                        """
                        insert into storm (leader_id, place, began_at, open_key, open_since, revision, document)
                        values (?, ?, ?, ?, ?, ?, ?)
                        on conflict do nothing
                        """, storm.leader(), storm.place(), storm.beganAt(), place, since, storm.revision(), document)
                : sql.update("""
                        update storm
                        set open_key = ?, open_since = ?, revision = ?, document = ?
                        where leader_id = ? and revision = ?
                        """, place, since, storm.revision(), document, storm.leader(), storm.revision() - 1);
        if (saved == 0) {
            throw new IncidentStore.ConcurrentChange(storm.leader());
        }
    }

    private static Storm storm(Row row) throws SQLException {
        return Documents.read(row.text("document"), Storm.class);
    }
}
