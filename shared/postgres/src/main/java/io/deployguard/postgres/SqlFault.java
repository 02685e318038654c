package io.deployguard.postgres;

import io.deployguard.fault.GuardFault;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An {@link SQLException} on its way from a store to {@link PostgresDatabase}, with the moment at which it happened.
 *
 * @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">PostgreSQL error codes</a>
 */
final class SqlFault extends RuntimeException {

    /** 40001 and 40P01, and the two codes DSQL writes into its messages (data and schema conflict), which some versions sent as the state. */
    private static final Set<String> CONFLICTS = Set.of("40001", "40P01", "OC000", "OC001");

    /** The server ended the session: shutdown, crash, idle too long. */
    private static final Set<String> ENDED_SESSIONS = Set.of("57P01", "57P02", "57P03", "57P05", "25P03");

    private final SQLException cause;
    private final Moment moment;

    SqlFault(SQLException cause, Moment moment) {
        super(cause.getMessage(), cause);
        this.cause = cause;
        this.moment = moment;
    }

    /** When it happened, which decides what may be repeated. */
    enum Moment {
        /** There was no connection yet. */
        OPENING,
        /** Nothing was committed: the work may run again. */
        WORKING,
        /** Whether the commit took effect is not known when the connection broke. */
        COMMITTING
    }

    Moment moment() {
        return moment;
    }

    /** Whether another transaction won. The database has undone this one, even at commit. */
    boolean isConflict() {
        return CONFLICTS.contains(state());
    }

    boolean isConnectionLost() {
        return state().startsWith("08") || ENDED_SESSIONS.contains(state());
    }

    /** Whether the server takes no changes, as the former writer does after a fail-over: a new connection finds the present one. */
    boolean isReadOnlyServer() {
        return state().equals("25006");
    }

    /** Whether the time for an answer ran out; asking again at once would take as long again. */
    boolean isTimeout() {
        for (@Nullable Throwable inner = cause; inner != null; inner = inner.getCause()) {
            if (inner instanceof SocketTimeoutException) {
                return true;
            }
        }
        return false;
    }

    /** For callers of the module: what was tried, where, what happened, what to do. */
    GuardFault toGuardFault(String what, String where) {
        var happened = "%s: database %s: %s (SQLSTATE %s); %s"
                .formatted(what, where, firstLine(), state().isEmpty() ? "none" : state(), advice());
        return isRefusedData()
                ? new GuardFault.Malformed(happened, cause)
                : new GuardFault.Unavailable(happened, cause);
    }

    /** The database cannot store what it was given, and never will: class 22 (data) and 23 (integrity). */
    private boolean isRefusedData() {
        return state().startsWith("22") || state().startsWith("23");
    }

    private String advice() {
        if (moment == Moment.COMMITTING && isConnectionLost()) {
            return "it is not known whether the change was stored; repeat it, which is harmless";
        }
        return switch (state()) {
            case "28000", "28P01" -> "check user and password of the database URL, or the IAM rights of the role";
            case "3D000" -> "create that database or correct the database URL";
            case "42P01", "42703", "3F000" -> "bring the schema up to date: deploy-guard migrate";
            case "42501" -> "grant the database user select, insert, update and delete on the guard's tables";
            case "25006" -> "the database is read-only: point the database URL at the writer";
            case "53300", "53400" ->
                "the database has no connection left: raise its limit or lower the functions' concurrency";
            default ->
                isConnectionLost() || moment == Moment.OPENING
                        ? "check that the database runs and that network, security group and sslmode let this program reach it"
                        : "see the server's log";
        };
    }

    private String firstLine() {
        var message = cause.getMessage();
        return message == null
                ? cause.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
    }

    String state() {
        var state = cause.getSQLState();
        return state == null ? "" : state;
    }
}
