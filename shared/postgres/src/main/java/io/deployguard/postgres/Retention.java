package io.deployguard.postgres;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Forgets what is old, in small transactions that leave room for the others. Stopped half-way it simply goes on next time.
 *
 * <p>Stays for ever, being small and promised: which revision had its one automatic action, the fencing numbers, and of each service the last
 * 100 revisions. Open incidents stay whatever their age. May be shared by threads.
 */
public final class Retention {

    /** Aurora DSQL changes at most 3,000 rows in one transaction, index entries not counted; this stays well below. */
    public static final int MAX_BATCH = 999;

    /** In this order, so that no row of a closed incident outlives it. */
    private static final List<Sweep> SWEEPS = List.of(
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
            new Sweep("incident_event", """
                    delete from incident_event
                    where (incident_id, revision) in (
                        select e.incident_id, e.revision
                        from incident i
                        join incident_event e on e.incident_id = i.id
                        where i.open_key is null and i.changed_at < ?
                        limit ?)
                    """),
            new Sweep("command_journal", """
                    delete from command_journal
                    where id in (
                        select j.id
                        from incident i
                        join command_journal j on j.incident_id = i.id
                        where i.open_key is null and i.changed_at < ?
                        limit ?)
                    """),
            new Sweep("outbox", """
                    delete from outbox
                    where (incident_id, channel) in (
                        select o.incident_id, o.channel
                        from incident i
                        join outbox o on o.incident_id = i.id
                        where i.open_key is null and i.changed_at < ?
                        limit ?)
                    """),
            new Sweep("incident", """
                    delete from incident
                    where id in (select id from incident where open_key is null and changed_at < ? limit ?)
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
     * @return rows deleted, by table, in the order of deletion
     * @throws io.deployguard.fault.GuardFault.Unavailable when the database is away; what was deleted before stays deleted
     */
    public Map<String, Long> sweep(Instant olderThan, int batch) {
        if (batch < 1 || batch > MAX_BATCH) {
            throw new IllegalArgumentException("batch: expected 1 to %d, got %d".formatted(MAX_BATCH, batch));
        }
        var deleted = new LinkedHashMap<String, Long>();
        for (var sweep : SWEEPS) {
            deleted.put(sweep.table(), sweep(sweep, olderThan, batch));
        }
        return Collections.unmodifiableMap(deleted);
    }

    private long sweep(Sweep sweep, Instant olderThan, int batch) {
        var total = 0L;
        int last;
        do {
            last = database.run(
                    "forget old rows of " + sweep.table(), sql -> sql.update(sweep.sql(), olderThan, batch));
            total += last;
        } while (last == batch);
        return total;
    }

    /** @param sql with the moment and the size of a batch as its values */
    private record Sweep(String table, String sql) {}
}
