package io.deployguard.postgres;

import java.util.regex.Pattern;

/** The few places where PostgreSQL and Aurora DSQL want different words. Everything else is written in the part that both understand. */
public enum Dialect {
    /** PostgreSQL 15 or newer: RDS, Aurora, one's own. */
    POSTGRESQL,

    /**
     * Aurora DSQL: indexes are built in the background, and snapshot isolation is the only level there is.
     *
     * @see <a href="https://docs.aws.amazon.com/aurora-dsql/latest/userguide/working-with-create-index-async.html">Asynchronous indexes</a>
     */
    DSQL;

    private static final Pattern CREATE_INDEX =
            Pattern.compile("^(\\s*create\\s+(?:unique\\s+)?index)\\b", Pattern.CASE_INSENSITIVE);

    /** The statement of a schema file in this dialect. */
    String adapt(String statement) {
        return switch (this) {
            case POSTGRESQL -> statement;
            case DSQL -> CREATE_INDEX.matcher(statement).replaceFirst("$1 async");
        };
    }

    /** Whether a session has to ask for snapshot isolation. */
    boolean asksForIsolation() {
        return this == POSTGRESQL;
    }
}
