package io.deployguard.postgres;

import io.deployguard.event.EventKey;
import io.deployguard.event.Inbox;
import java.time.Instant;

/** Table {@code inbox}. */
final class PostgresInbox implements Inbox {

    private final Sql sql;

    PostgresInbox(Sql sql) {
        this.sql = sql;
    }

    @Override
    public boolean accept(EventKey key, Instant at) {
        return sql.update("""
                insert into inbox (event_key, happened_at)
                values (?, ?)
                on conflict (event_key) do nothing
                """, key.value(), at) == 1;
    }
}
