package io.deployguard.postgres;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A database of its own for one test class, on the PostgreSQL server that all tests of this JVM share. The build runs all of them once more with
 * {@code -Ddialect=dsql}, where it refuses what Aurora DSQL refuses ({@link DsqlConnections}).
 */
final class TestDatabase implements AutoCloseable {

    static final Dialect DIALECT =
            Dialect.valueOf(System.getProperty("dialect", "postgresql").toUpperCase(Locale.ROOT));

    /** Of the transactions that change something, each third one loses at its commit. */
    private static final int CONFLICT_EVERY = 3;

    private static final String TEMPLATE = "guard_template";
    private static final AtomicInteger COUNTER = new AtomicInteger();

    private final String name;
    private final List<PostgresDatabase> opened = new ArrayList<>();

    private TestDatabase(String name) {
        this.name = name;
    }

    /** With the guard's tables. */
    static TestDatabase fresh() {
        return create(" template " + Server.TEMPLATE_NAME);
    }

    /** Without any table. */
    static TestDatabase empty() {
        return create("");
    }

    private static TestDatabase create(String options) {
        var name = "guard_" + COUNTER.incrementAndGet();
        Server.execute("create database " + name + options);
        Server.furnish(name);
        return new TestDatabase(name);
    }

    ConnectionSource source() {
        return Server.source(settings(Map.of()));
    }

    ConnectionSource source(Map<String, String> options) {
        return Server.source(settings(options));
    }

    /** The server as it is, whatever the dialect. */
    ConnectionSettings settings(Map<String, String> options) {
        var all = new HashMap<>(options);
        if (DIALECT == Dialect.DSQL) {
            all.put("currentSchema", Dialect.ROLE);
        }
        return Server.settings(name, all);
    }

    /** Another writer, with a connection of its own. */
    PostgresDatabase open() {
        var source = source();
        var database = new PostgresDatabase(
                source instanceof DsqlConnections dsql ? dsql.conflictingEvery(CONFLICT_EVERY) : source);
        opened.add(database);
        return database;
    }

    /** Ends the sessions of all who are connected to it, as a restart would. */
    void endAllSessions() {
        Server.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = '" + name + "'");
    }

    /** Every row of a table as text, sorted, without the columns that the database's clock fills. */
    List<String> rowsOf(String table, List<String> clockColumns) {
        try (var connection = settings(Map.of()).open();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("select * from " + table)) {
            var found = new ArrayList<String>();
            while (rows.next()) {
                var row = new StringBuilder(table);
                for (var i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                    var column = rows.getMetaData().getColumnName(i);
                    if (!clockColumns.contains(column)) {
                        row.append(' ').append(column).append('=').append(rows.getString(i));
                    }
                }
                found.add(row.toString());
            }
            return found.stream().sorted().toList();
        } catch (SQLException fault) {
            throw new IllegalStateException(fault);
        }
    }

    long count(String table) {
        return rowsOf(table, List.of()).size();
    }

    void execute(String sql) {
        try (var connection = settings(Map.of()).open()) {
            execute(connection, sql);
        } catch (SQLException fault) {
            throw new IllegalStateException(fault);
        }
    }

    @Override
    public void close() {
        opened.forEach(PostgresDatabase::close);
        // Hundreds of files each, which would all be deleted at the very end, one by one.
        Server.execute("drop database " + name + " with (force)");
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The server, started at first use; its data is worth nothing, so it never waits for the disk. */
    private static final class Server {

        static final String TEMPLATE_NAME = TEMPLATE;
        private static final EmbeddedPostgres POSTGRES = start();

        static {
            execute("create database " + TEMPLATE);
            furnish(TEMPLATE);
            new SchemaMigrator(source(settings(TEMPLATE, Map.of()))).migrate();
        }

        static ConnectionSource source(ConnectionSettings settings) {
            return DIALECT == Dialect.DSQL ? DsqlConnections.over(settings) : settings;
        }

        static void furnish(String database) {
            if (DIALECT == Dialect.DSQL) {
                try (var connection = settings(database, Map.of()).open()) {
                    DsqlConnections.furnish(connection);
                } catch (SQLException fault) {
                    throw new IllegalStateException(fault);
                }
            }
        }

        static ConnectionSettings settings(String database, Map<String, String> options) {
            return new ConnectionSettings(
                    "localhost", POSTGRES.getPort(), database, Optional.of("postgres"), Optional.empty(), options);
        }

        static synchronized void execute(String sql) {
            try (var connection = settings("postgres", Map.of()).open()) {
                TestDatabase.execute(connection, sql);
            } catch (SQLException fault) {
                throw new IllegalStateException(fault);
            }
        }

        private static EmbeddedPostgres start() {
            try {
                return EmbeddedPostgres.builder()
                        .setServerConfig("fsync", "off")
                        .setServerConfig("synchronous_commit", "off")
                        .setServerConfig("full_page_writes", "off")
                        .setServerConfig("deadlock_timeout", "20ms")
                        .setServerConfig("max_connections", "200")
                        .start();
            } catch (IOException fault) {
                throw new UncheckedIOException(fault);
            }
        }
    }
}
