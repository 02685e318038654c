package io.deployguard.postgres;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * Forgets what is old, in small transactions that leave room for the others. Stopped half-way it simply goes on next time.
 *
 * <p>Stays for ever, being small and promised: which revision had its one automatic action, the fencing numbers, and of each service the last
 * 100 revisions. Open incidents stay whatever their age. May be shared by threads.
 */
public final class Retention {

    /** Aurora DSQL changes at most 3,000 rows in one transaction; this stays well below. */
    public static final int MAX_BATCH = 999;

    /** Incidents that are looked at together. */
    private static final int MAX_INCIDENTS = 100;

    /** Rows that age by themselves; the values are the moment and the size of a batch. */
    private static final List<Sweep> BY_AGE = List.of(
            new Sweep("inbox", """
                    delete from inbox
                    where event_key in (select event_key from inbox where taken_at < ? limit ?)
                    """),
            new Sweep("task_log", """
                    delete from task_log
                    where (task_arn, versioned) in (select task_arn, versioned from task_log where seen_at < ? limit ?)
                    """),
            new Sweep("revision_ledger", """
                    delete from revision_ledger
                    where (service_arn, deployment_id) in (
                        select old.service_arn, old.deployment_id
                        from revision_ledger old
                        where old.started_at < ?
                          and (select count(*)
                               from revision_ledger newer
                               where newer.service_arn = old.service_arn and newer.started_at > old.started_at) >= 100
                        limit ?)
                    """),
            new Sweep("outbox", """
                    delete from outbox
                    where (incident_id, channel) in (
                        select item.incident_id, item.channel
                        from weekly_report week
                        join outbox item on item.incident_id = week.id
                        where week.until_at < ?
                        limit ?)
                    """),
            new Sweep("weekly_report", """
                    delete from weekly_report
                    where id in (select id from weekly_report where until_at < ? limit ?)
                    """));

    /** Rows that go with their incident, which goes last; the values are the incidents and the size of a batch. */
    private static final List<Sweep> BY_INCIDENT = List.of(
            new Sweep("incident_event", """
                    delete from incident_event
                    where (incident_id, revision) in (
                        select incident_id, revision from incident_event where incident_id in (%s) limit ?)
                    """),
            new Sweep("command_journal", """
                    delete from command_journal
                    where id in (select id from command_journal where incident_id in (%s) limit ?)
                    """),
            new Sweep("outbox", """
                    delete from outbox
                    where (incident_id, channel) in (
                        select incident_id, channel from outbox where incident_id in (%s) limit ?)
                    """),
            new Sweep("approval", """
                    delete from approval
                    where incident_id in (select incident_id from approval where incident_id in (%s) limit ?)
                    """),
            new Sweep("storm", """
                    delete from storm
                    where leader_id in (select leader_id from storm where open_key is null and leader_id in (%s) limit ?)
                    """),
            new Sweep("incident", """
                    delete from incident
                    where id in (select id from incident where id in (%s) limit ?)
                    """));

    private final PostgresDatabase database;

    public Retention(PostgresDatabase database) {
        this.database = database;
    }

    /**
     * Deletes closed incidents with all that belongs to them, events and tasks that were last touched before that moment.
     *
     * @param olderThan exclusive. For the inbox choose more than the 14 days for which SQS can keep an event, or one could count twice
     * @param batch rows per transaction, 1 to {@value #MAX_BATCH}
     * @return rows deleted, by table
     * @throws io.deployguard.fault.GuardFault.Unavailable when the database is away; what was deleted before stays deleted
     */
    public Map<String, Long> sweep(Instant olderThan, int batch) {
        return sweep(olderThan, batch, () -> true);
    }

    /**
     * The same for somebody who has little time.
     *
     * @param goOn asked before each transaction; what is left is for the next time
     */
    public Map<String, Long> sweep(Instant olderThan, int batch, BooleanSupplier goOn) {
        if (batch < 1 || batch > MAX_BATCH) {
            throw new IllegalArgumentException("batch: expected 1 to %d, got %d".formatted(MAX_BATCH, batch));
        }
        var deleted = new LinkedHashMap<String, Long>();
        for (var sweep : BY_AGE) {
            deleted.put(sweep.table(), deleteAll(sweep, batch, goOn, olderThan, batch));
        }
        BY_INCIDENT.forEach(sweep -> deleted.putIfAbsent(sweep.table(), 0L));
        for (var ids = closed(olderThan, batch);
                !ids.isEmpty() && goOn.getAsBoolean();
                ids = closed(olderThan, batch)) {
            for (var sweep : BY_INCIDENT) {
                deleted.merge(
                        sweep.table(), deleteAll(sweep.of(ids.size()), batch, goOn, values(ids, batch)), Long::sum);
            }
        }
        return Collections.unmodifiableMap(deleted);
    }

    private List<UUID> closed(Instant olderThan, int batch) {
        return database.run(
                "find old incidents",
                sql -> sql.list("""
                        select id
                        from incident
                        where open_key is null and changed_at < ?
                        order by changed_at
                        limit ?
                        """, row -> row.uuid("id"), olderThan, Math.min(batch, MAX_INCIDENTS)));
    }

    /** Runs the sweep until it finds no full batch any more. */
    private long deleteAll(Sweep sweep, int batch, BooleanSupplier goOn, Object... values) {
        var total = 0L;
        var last = batch;
        while (last == batch && goOn.getAsBoolean()) {
            last = database.run("forget old rows of " + sweep.table(), sql -> sql.update(sweep.sql(), values));
            total += last;
        }
        return total;
    }

    private static Object[] values(List<UUID> ids, int batch) {
        return Stream.concat(ids.stream(), Stream.of(batch)).toArray();
    }

    private record Sweep(String table, String sql) {

        /** With room for so many incidents. */
        Sweep of(int incidents) {
            return new Sweep(table, sql.formatted(String.join(", ", Collections.nCopies(incidents, "?"))));
        }
    }
}
