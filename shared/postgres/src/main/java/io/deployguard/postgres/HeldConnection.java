package io.deployguard.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The one connection of a function instance: opened when first needed, kept, and replaced when it broke while the function slept or when it is
 * old: Aurora DSQL ends one after an hour, and after a fail-over an old one may still lead to the former writer.
 *
 * <p>Not safe for several threads; {@link PostgresDatabase} lets one in at a time.
 */
final class HeldConnection {

    /** Within this time after its last use a connection is trusted unasked. */
    private static final long TRUSTED_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long OLD_NANOS = TimeUnit.MINUTES.toNanos(45);

    private static final int VALIDATION_SECONDS = 3;

    private final ConnectionSource source;
    private @Nullable Connection connection;
    private final LongSupplier nanos;
    private long openedAt;
    private long usedAt;

    /** @param nanos as {@link System#nanoTime} counts them */
    HeldConnection(ConnectionSource source, LongSupplier nanos) {
        this.source = source;
        this.nanos = nanos;
    }

    /** A connection that works as far as can be told, outside any transaction. */
    Connection get() throws SQLException {
        var held = connection;
        if (held != null && isUsable(held)) {
            return held;
        }
        discard();
        var opened = open();
        connection = opened;
        openedAt = nanos.getAsLong();
        usedAt = openedAt;
        return opened;
    }

    /** To be called after a commit. */
    void used() {
        usedAt = nanos.getAsLong();
    }

    /** Ends a failed transaction; a connection that cannot even do that is given up. */
    void rollBack() {
        var held = connection;
        if (held == null) {
            return;
        }
        try {
            held.rollback();
        } catch (SQLException broken) {
            discard();
        }
    }

    /** Closes it; the next {@link #get} opens another. */
    void discard() {
        var held = connection;
        connection = null;
        if (held == null) {
            return;
        }
        try {
            held.close();
        } catch (SQLException alreadyGone) {
            // that it is gone is all that is wanted
        }
    }

    private boolean isUsable(Connection held) throws SQLException {
        var now = nanos.getAsLong();
        if (now - openedAt >= OLD_NANOS) {
            return false;
        }
        return now - usedAt < TRUSTED_NANOS ? !held.isClosed() : held.isValid(VALIDATION_SECONDS);
    }

    private Connection open() throws SQLException {
        var opened = source.open();
        try {
            if (source.dialect().asksForIsolation()) {
                opened.setAutoCommit(true);
                opened.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            }
            opened.setAutoCommit(false);
            return opened;
        } catch (SQLException | RuntimeException fault) {
            opened.close();
            throw fault;
        }
    }
}
