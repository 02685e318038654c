package io.deployguard.postgres;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL that refuses what Aurora DSQL refuses, and answers as it answers where the guard looks at it: one DDL statement in a transaction and
 * nothing beside it, indexes by {@code async} jobs only, at most 3,000 rows changed, snapshot isolation, conflicts told at the commit, users by IAM.
 *
 * <p>What it cannot show: DSQL's own planner, its limits of size, and the moment at which it sees a conflict (PostgreSQL lets the second writer
 * wait).
 *
 * @see <a href="https://docs.aws.amazon.com/aurora-dsql/latest/userguide/working-with-postgresql-compatibility-unsupported-features.html">What
 *     Aurora DSQL does not support</a>
 * @see <a href="https://docs.aws.amazon.com/aurora-dsql/latest/userguide/CHAP_quotas.html">Its limits</a>
 */
final class DsqlConnections implements ConnectionSource {

    private static final int MOST_ROWS = 3_000;

    private static final Pattern DDL =
            Pattern.compile("(?is)\\s*(create|alter|drop|grant|revoke|aws\\s+iam|comment)\\b.*");
    private static final Pattern DML = Pattern.compile("(?is)\\s*(insert|update|delete|merge)\\b.*");
    private static final Pattern INDEX =
            Pattern.compile("(?is)\\s*create\\s+(unique\\s+)?index\\s+(?<async>async\\s+)?.*");
    private static final Pattern IAM_GRANT =
            Pattern.compile("(?is)\\s*aws\\s+iam\\s+grant\\s+(?<role>\\w+)\\s+to\\s+'(?<arn>[^']+)'\\s*");

    /** Words that it does not know. */
    private static final List<Pattern> UNSUPPORTED = List.of(
            words("truncate|savepoint|vacuum|listen|notify|lock\\s+table|set\\s+transaction|copy"),
            words("references|foreign\\s+key|exclude\\s+using"),
            words("(big|small)?serial|jsonb|hstore|tsvector|xml|money"),
            words("temp|temporary|unlogged|inherits|partition\\s+(by|of)|tablespace"),
            words("nextval|setval|pg_(try_)?advisory\\w*"),
            words("skip\\s+locked|nowait|concurrently"),
            words("create\\s+(or\\s+replace\\s+)?(trigger|sequence|extension|materialized|type|database)"),
            Pattern.compile("(?is)\\bcreate\\s+(unique\\s+)?index\\b.*\\b(where|asc|desc|using)\\b"));

    private final ConnectionSource real;
    private final int conflictEvery;
    private final Duration jobTakes;
    private int commits;

    private DsqlConnections(ConnectionSource real, int conflictEvery, Duration jobTakes) {
        this.real = real;
        this.conflictEvery = conflictEvery;
        this.jobTakes = jobTakes;
    }

    static DsqlConnections over(ConnectionSource real) {
        return new DsqlConnections(real, Integer.MAX_VALUE, Duration.ZERO);
    }

    /** The same, where each {@code nth} transaction that changes something loses at its commit. */
    DsqlConnections conflictingEvery(int nth) {
        return new DsqlConnections(real, nth, jobTakes);
    }

    /** The same, where an index is only there after so long. */
    DsqlConnections building(Duration takes) {
        return new DsqlConnections(real, conflictEvery, takes);
    }

    @Override
    public Connection open() throws SQLException {
        var connection = real.open();
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        try (var statement = connection.createStatement()) {
            statement.execute("set client_min_messages = error");
        }
        Dialect.DSQL.prepare(connection);
        return proxy(Connection.class, new Session(connection));
    }

    /** The views in which DSQL tells of its jobs and users, made once for each database. */
    static void furnish(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("create schema if not exists sys");
            statement.execute(
                    "create table if not exists sys.built (job_id text primary key, done_at timestamptz not null)");
            statement.execute(
                    "create or replace view sys.jobs as select job_id, null::text as details,"
                            + " case when clock_timestamp() < done_at then 'processing' else 'completed' end as status from sys.built");
            statement.execute("create table if not exists sys.iam_pg_role_mappings"
                    + " (pg_role_name text, arn text, primary key (pg_role_name, arn))");
        }
    }

    @Override
    public String describe() {
        return real.describe();
    }

    @Override
    public Dialect dialect() {
        return Dialect.DSQL;
    }

    private synchronized boolean losesNow() {
        commits++;
        return commits % conflictEvery == 0;
    }

    private static Pattern words(String alternatives) {
        return Pattern.compile("(?is)\\b(" + alternatives + ")\\b");
    }

    private static SQLException refused(String message) {
        return new SQLException("ERROR: " + message, "0A000");
    }

    /** One connection and the transaction on it. */
    private final class Session implements Handler {

        private final Connection connection;
        private boolean autoCommit = true;
        private int definitions;
        private int changes;
        private long rows;

        Session(Connection connection) {
            this.connection = connection;
        }

        @Override
        public @Nullable Object handle(Method method, @Nullable Object[] arguments) throws Throwable {
            switch (method.getName()) {
                case "prepareStatement" -> {
                    return prepare(String.valueOf(arguments[0]));
                }
                case "createStatement", "prepareCall", "setSavepoint" ->
                    throw refused(method.getName() + ": the stand-in does not know it");
                case "setTransactionIsolation" -> {
                    if (!arguments[0].equals(Connection.TRANSACTION_REPEATABLE_READ)) {
                        throw refused("isolation level not supported");
                    }
                }
                case "setAutoCommit" -> {
                    autoCommit = (boolean) arguments[0];
                    begin();
                }
                case "commit" -> {
                    var writes = changes > 0;
                    begin();
                    if (writes && losesNow()) {
                        connection.rollback();
                        throw new SQLException(
                                "ERROR: change conflicts with another transaction, please retry: (OC000)", "40001");
                    }
                }
                case "rollback" -> begin();
                default -> {}
            }
            return call(method, connection, arguments);
        }

        private void begin() {
            definitions = 0;
            changes = 0;
            rows = 0;
        }

        private PreparedStatement prepare(String sql) throws SQLException {
            for (var words : UNSUPPORTED) {
                if (words.matcher(sql).find()) {
                    throw refused("unsupported statement: " + words + " in " + sql);
                }
            }
            var index = INDEX.matcher(sql);
            var isIndex = index.matches();
            if (isIndex && index.group("async") == null) {
                throw refused("unsupported mode. please use CREATE INDEX ASYNC");
            }
            var grant = IAM_GRANT.matcher(sql);
            var understood = grant.matches()
                    ? "insert into sys.iam_pg_role_mappings values ('%s', '%s')"
                            .formatted(grant.group("role"), grant.group("arn"))
                    : isIndex ? sql.replaceFirst("(?i)\\s+async\\b", "") : sql;
            var statement = connection.prepareStatement(understood);
            var running = new Running(sql, statement, isIndex);
            return proxy(PreparedStatement.class, running);
        }

        /** One statement. */
        private final class Running implements Handler {

            private final String sql;
            private final PreparedStatement statement;
            private final boolean isIndex;

            Running(String sql, PreparedStatement statement, boolean isIndex) {
                this.sql = sql;
                this.statement = statement;
                this.isIndex = isIndex;
            }

            @Override
            public @Nullable Object handle(Method method, @Nullable Object[] arguments) throws Throwable {
                if (isIndex && method.getName().equals("getResultSet")) {
                    return job();
                }
                if (!method.getName().startsWith("execute")) {
                    return call(method, statement, arguments);
                }
                if (isIndex && method.getName().equals("executeUpdate")) {
                    throw new SQLException("A result was returned when none was expected.", "0100E");
                }
                try {
                    check();
                    return answered(call(method, statement, arguments));
                } catch (SQLException fault) {
                    // PostgreSQL's word for two who change the same row of its catalogue; DSQL has one word for all
                    // conflicts.
                    throw "XX000".equals(fault.getSQLState())
                            ? new SQLException(fault.getMessage(), "40001", fault)
                            : fault;
                } finally {
                    if (autoCommit) {
                        begin();
                    }
                }
            }

            private @Nullable Object answered(@Nullable Object result) throws SQLException {
                if (DML.matcher(sql).matches()) {
                    if (result instanceof Integer count) {
                        count(count);
                    } else if (result instanceof ResultSet returned) {
                        return counted(returned);
                    }
                }
                if (isIndex) {
                    return true;
                }
                return result;
            }

            private void check() throws SQLException {
                if (DDL.matcher(sql).matches()) {
                    definitions++;
                } else if (DML.matcher(sql).matches()) {
                    changes++;
                }
                if (definitions > 1) {
                    throw refused("multiple ddl statements are not supported in a transaction");
                }
                if (definitions > 0 && changes > 0) {
                    throw refused("ddl and dml are not supported in the same transaction");
                }
            }

            private void count(long changed) throws SQLException {
                rows += changed;
                if (rows > MOST_ROWS) {
                    throw new SQLException("ERROR: transaction row limit exceeded", "54000");
                }
            }

            private ResultSet counted(ResultSet returned) {
                return proxy(ResultSet.class, (method, arguments) -> {
                    var result = call(method, returned, arguments);
                    if (method.getName().equals("next") && Boolean.TRUE.equals(result)) {
                        count(1);
                    }
                    return result;
                });
            }

            private ResultSet job() throws SQLException {
                var id = UUID.randomUUID().toString();
                try (var noted = connection.prepareStatement(
                        "insert into sys.built values (?, clock_timestamp() + ? * interval '1 millisecond')")) {
                    noted.setString(1, id);
                    noted.setLong(2, jobTakes.toMillis());
                    noted.execute();
                }
                var answer = connection.prepareStatement("select ? as job_id");
                answer.closeOnCompletion();
                answer.setString(1, id);
                return answer.executeQuery();
            }
        }
    }

    private interface Handler {
        @Nullable
        Object handle(Method method, @Nullable Object[] arguments) throws Throwable;
    }

    private static <T> T proxy(Class<T> type, Handler handler) {
        var none = new Object[0];
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (_, method, arguments) -> handler.handle(method, arguments == null ? none : arguments)));
    }

    private static @Nullable Object call(Method method, Object target, @Nullable Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException failed) {
            throw failed.getCause();
        }
    }
}
