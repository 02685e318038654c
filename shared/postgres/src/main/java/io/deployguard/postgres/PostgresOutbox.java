package io.deployguard.postgres;

import io.deployguard.notification.Outbox;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Table {@code outbox}; what its columns mean stands in {@code V004__outbox.sql} and {@code V006__outbox_claim.sql}. */
final class PostgresOutbox implements Outbox {

    private static final Comparator<Claim> LONGEST_WAITING = Comparator.comparing(
                    (Claim claim) -> claim.item().wantedSince())
            .thenComparing(claim -> claim.item().incident())
            .thenComparing(claim -> claim.item().channel());

    private final Sql sql;

    PostgresOutbox(Sql sql) {
        this.sql = sql;
    }

    /** A row that waits for its time keeps it: the channel asked for that. One that was given up gets another chance. */
    @Override
    public void want(UUID incident, String channel, long revision, Instant now) {
        sql.update("""
                insert into outbox
                    (incident_id, channel, wanted, shown, wanted_since, wanted_at, next_attempt_at, attempts)
                values (?, ?, ?, 0, ?, ?, ?, 0)
                on conflict (incident_id, channel) do update
                set wanted = greatest(outbox.wanted, excluded.wanted),
                    wanted_since = least(outbox.wanted_since, excluded.wanted_since),
                    wanted_at = case when excluded.wanted > outbox.wanted then excluded.wanted_at else outbox.wanted_at end,
                    next_attempt_at = coalesce(outbox.next_attempt_at, excluded.next_attempt_at),
                    given_up_at = null
                where greatest(outbox.wanted, excluded.wanted) > outbox.shown
                """, incident, channel, revision, now, now, now);
    }

    @Override
    public List<Claim> claim(Instant now, int limit, Duration lease) {
        return sql.list("""
                        update outbox
                        set leased_until = now() + ? * interval '1 millisecond',
                            claim = coalesce(claim, 0) + 1
                        where (incident_id, channel) in (
                            select incident_id, channel
                            from outbox
                            where next_attempt_at <= ?
                              and (leased_until is null or leased_until <= now())
                            order by wanted_since, incident_id, channel
                            limit ?)
                        returning incident_id, channel, wanted, wanted_since, reference, attempts, last_failure, claim
                        """, row -> new Claim(item(row), row.number("claim")), lease.toMillis(), now, limit).stream()
                .sorted(LONGEST_WAITING)
                .toList();
    }

    /** A newer revision that was wanted meanwhile is due at once, and has waited since it was wanted. */
    @Override
    public void shown(Claim claim, long revision, Optional<String> reference, Instant now) {
        sql.update(
                """
                update outbox
                set shown = ?,
                    reference = coalesce(?, reference),
                    wanted_since = case when wanted > ? then wanted_at end,
                    next_attempt_at = case when wanted > ? then cast(? as timestamptz) end,
                    leased_until = null,
                    attempts = 0,
                    last_failure = null,
                    given_up_at = null
                where incident_id = ? and channel = ? and claim = ? and shown < ?
                """,
                revision,
                reference,
                revision,
                revision,
                now,
                claim.item().incident(),
                claim.item().channel(),
                claim.number(),
                revision);
    }

    @Override
    public void postpone(Claim claim, Instant until, String reason) {
        sql.update("""
                update outbox
                set next_attempt_at = ?,
                    leased_until = null,
                    attempts = attempts + 1,
                    last_failure = ?
                where incident_id = ? and channel = ? and claim = ? and next_attempt_at is not null
                """, until, reason, claim.item().incident(), claim.item().channel(), claim.number());
    }

    /** A newer revision that was wanted meanwhile gets its chance, as it would if it had been wanted a moment later. */
    @Override
    public void giveUp(Claim claim, String reason, Instant now) {
        var item = claim.item();
        sql.update(
                """
                update outbox
                set next_attempt_at = case when wanted > ? then cast(? as timestamptz) end,
                    given_up_at = case when wanted > ? then null else cast(? as timestamptz) end,
                    leased_until = null,
                    attempts = attempts + 1,
                    last_failure = ?
                where incident_id = ? and channel = ? and claim = ? and next_attempt_at is not null
                """, item.wanted(), now, item.wanted(), now, reason, item.incident(), item.channel(), claim.number());
    }

    @Override
    public List<Item> pending(int limit) {
        return sql.list("""
                select incident_id, channel, wanted, wanted_since, reference, attempts, last_failure
                from outbox
                where next_attempt_at is not null
                order by wanted_since, incident_id, channel
                limit ?
                """, PostgresOutbox::item, limit);
    }

    /** A row that lags behind nothing was last wanted when its newest revision was. */
    @Override
    public List<Item> itemsOf(UUID incident) {
        return sql.list("""
                select incident_id, channel, wanted, coalesce(wanted_since, wanted_at) as wanted_since,
                       reference, attempts, last_failure
                from outbox
                where incident_id = ?
                order by channel
                """, PostgresOutbox::item, incident);
    }

    private static Item item(Row row) throws SQLException {
        return new Item(
                row.uuid("incident_id"),
                row.text("channel"),
                row.number("wanted"),
                row.instant("wanted_since"),
                row.optionalText("reference"),
                (int) row.number("attempts"),
                row.optionalText("last_failure"));
    }
}
