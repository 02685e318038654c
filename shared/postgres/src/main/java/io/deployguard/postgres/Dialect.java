package io.deployguard.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Pattern;

/** The few places where PostgreSQL and Aurora DSQL want different words. Everything else is written in the part that both understand. */
public enum Dialect {
    /** PostgreSQL 15 or newer: RDS, Aurora, one's own. */
    POSTGRESQL,

    /**
     * Aurora DSQL: indexes are built in the background, and snapshot isolation is the only level there is. The tables lie in a schema of their own,
     * since those in {@code public} are the administrator's alone; functions log in as {@link #ROLE}.
     *
     * @see <a href="https://docs.aws.amazon.com/aurora-dsql/latest/userguide/working-with-create-index-async.html">Asynchronous indexes</a>
     */
    DSQL;

    /** The user of the functions, and the schema that holds the tables. */
    static final String ROLE = "deploy_guard";

    private static final Pattern CREATE_INDEX =
            Pattern.compile("^(\\s*create\\s+(?:unique\\s+)?index)\\b", Pattern.CASE_INSENSITIVE);

    /** The statement of a schema file in this dialect. */
    String adapt(String statement) {
        return switch (this) {
            case POSTGRESQL -> statement;
            case DSQL -> CREATE_INDEX.matcher(statement).replaceFirst("$1 async");
        };
    }

    /** Makes a new connection find the guard's tables. */
    void prepare(Connection connection) throws SQLException {
        if (this == DSQL) {
            connection.setSchema(ROLE);
        }
    }

    /** What the first file of the schema takes for granted. */
    List<String> before() {
        return switch (this) {
            case POSTGRESQL -> List.of();
            case DSQL -> List.of("create schema if not exists " + ROLE);
        };
    }

    /** Whether a session has to ask for snapshot isolation. */
    boolean asksForIsolation() {
        return this == POSTGRESQL;
    }
}
