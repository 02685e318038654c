package io.deployguard.postgres;

import io.deployguard.fault.GuardFault;
import io.deployguard.incident.IncidentStore;
import io.deployguard.pipeline.Database;
import java.sql.SQLException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * The guard's memory in PostgreSQL 15 or newer, or Aurora DSQL.
 *
 * <p>Holds one connection, which is opened at the first use, checked after a pause and replaced when it broke; a function instance needs no
 * more. Transactions see a snapshot ({@code REPEATABLE READ}). One that loses against another runs again after a short random pause, up to
 * twelve times. A connection that breaks before the commit, or leads to a server that has become a read-only one, costs one more try on another
 * connection, as nothing was stored; one that breaks during the commit is reported, since only the caller's own repetition is safe then.
 *
 * <p>May be shared by threads, which then wait for each other: one transaction at a time. Programs that want more open several databases. A
 * transaction inside another one on the same thread is a mistake and refused.
 *
 * <p>Errors: {@link GuardFault.Unavailable} for everything that may pass (away, no login, no schema, endless conflict), with host and database
 * and what to do; {@link GuardFault.Malformed} for a value that the database will never take.
 */
public final class PostgresDatabase implements Database, AutoCloseable {

    private final ConnectionSource source;
    private final HeldConnection held;
    private final Backoff backoff;
    private final ReentrantLock oneAtATime = new ReentrantLock();

    /** Opens nothing yet. */
    public PostgresDatabase(ConnectionSource source) {
        this(source, Backoff.DEFAULT);
    }

    PostgresDatabase(ConnectionSource source, Backoff backoff) {
        this(source, backoff, System::nanoTime);
    }

    PostgresDatabase(ConnectionSource source, Backoff backoff, LongSupplier nanos) {
        this.source = source;
        this.held = new HeldConnection(source, nanos);
        this.backoff = backoff;
    }

    @Override
    public <T> T transact(String what, Function<Stores, T> work) {
        return run(what, sql -> work.apply(storesOn(sql)));
    }

    /** Closes the connection. The next transaction would open another. */
    @Override
    public void close() {
        oneAtATime.lock();
        try {
            held.discard();
        } finally {
            oneAtATime.unlock();
        }
    }

    /** {@link #transact} for those who need no store. */
    <T> T run(String what, Function<Sql, T> work) {
        if (oneAtATime.isHeldByCurrentThread()) {
            throw new IllegalStateException(what + ": expected no transaction inside another one");
        }
        oneAtATime.lock();
        try {
            return runUntilCommitted(what, work);
        } finally {
            oneAtATime.unlock();
        }
    }

    private <T> T runUntilCommitted(String what, Function<Sql, T> work) {
        var lost = 0;
        var reconnected = false;
        while (true) {
            try {
                return runOnce(work);
            } catch (IncidentStore.ConcurrentChange conflict) {
                lost = pauseAfterConflict(what, lost, conflict);
            } catch (SqlFault fault) {
                if (fault.isReadOnlyServer()) {
                    held.discard();
                }
                if (fault.isConflict()) {
                    lost = pauseAfterConflict(what, lost, fault);
                } else if (!reconnected && mayReconnect(fault)) {
                    reconnected = true;
                } else {
                    throw fault.toGuardFault(what, source.describe());
                }
            }
        }
    }

    private <T> T runOnce(Function<Sql, T> work) {
        var moment = SqlFault.Moment.OPENING;
        var committed = false;
        try {
            var connection = held.get();
            moment = SqlFault.Moment.WORKING;
            var result = work.apply(new Sql(connection));
            moment = SqlFault.Moment.COMMITTING;
            connection.commit();
            committed = true;
            held.used();
            return result;
        } catch (SQLException fault) {
            throw new SqlFault(fault, moment);
        } finally {
            if (!committed) {
                held.rollBack();
            }
        }
    }

    /** Before the commit nothing is stored, so that the work may run again on another connection. */
    private static boolean mayReconnect(SqlFault fault) {
        return fault.moment() == SqlFault.Moment.WORKING
                && (fault.isConnectionLost() || fault.isReadOnlyServer())
                && !fault.isTimeout();
    }

    private int pauseAfterConflict(String what, int lostBefore, RuntimeException conflict) {
        var lost = lostBefore + 1;
        if (lost >= backoff.attempts()) {
            throw new GuardFault.Unavailable(
                    "%s: database %s: lost against other writers %d times in a row; nothing was stored, try again later"
                            .formatted(what, source.describe(), lost),
                    conflict);
        }
        backoff.pause(what, lost);
        return lost;
    }

    private static Stores storesOn(Sql sql) {
        return new Stores(
                new PostgresInbox(sql),
                new PostgresTaskLog(sql),
                new PostgresRevisionLedger(sql),
                new PostgresIncidentStore(sql),
                new PostgresCommandJournal(sql),
                new PostgresServiceLease(sql),
                new PostgresOutbox(sql),
                new PostgresApprovalStore(sql),
                new PostgresStormStore(sql),
                new PostgresReportStore(sql));
    }
}
