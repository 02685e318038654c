package io.deployguard.postgres;

import java.time.Instant;
import java.util.Optional;

/**
 * Signs of life of the guard's own functions, so that its silence never goes unnoticed. Times are the database's, since the clocks of functions
 * differ. May be shared by threads.
 */
public final class Heartbeat {

    private final PostgresDatabase database;

    public Heartbeat(PostgresDatabase database) {
        this.database = database;
    }

    /**
     * Writes that this function just did its work.
     *
     * @param name of the function, such as {@code watch}
     * @return the time that was written
     */
    public Instant beat(String name) {
        return database.run(
                "beat of " + name,
                sql -> sql.find("""
                        insert into heartbeat (name, beat_at)
                        values (?, now())
                        on conflict (name) do update
                        set beat_at = greatest(heartbeat.beat_at, excluded.beat_at)
                        returning beat_at
                        """, row -> row.instant("beat_at"), name).orElseThrow());
    }

    /** When that function last did its work; absent when it never did. */
    public Optional<Instant> last(String name) {
        return database.run("last beat of " + name, sql -> sql.find("""
                        select beat_at
                        from heartbeat
                        where name = ?
                        """, row -> row.instant("beat_at"), name));
    }
}
