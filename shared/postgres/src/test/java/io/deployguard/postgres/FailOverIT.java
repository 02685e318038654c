package io.deployguard.postgres;

import static io.deployguard.postgres.Samples.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deployguard.event.EventKey;
import io.deployguard.fault.GuardFault;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The server that is written to ends, becomes another, or becomes a read-only one. */
class FailOverIT {

    private static final TestDatabase DATABASE = TestDatabase.fresh();

    @AfterAll
    static void close() {
        DATABASE.close();
    }

    @Test
    void runsTheWorkAgainWhenTheServerEndsInTheMiddleOfAStatement() {
        try (var database = new PostgresDatabase(DATABASE.source())) {
            var tries = new AtomicInteger();
            var accepted = database.<Boolean>run("take in event", sql -> {
                if (tries.incrementAndGet() == 1) {
                    var end = CompletableFuture.runAsync(FailOverIT::endTheSleepers);
                    sql.list("select pg_sleep(20)", _ -> true);
                    end.join();
                }
                return new PostgresInbox(sql).accept(new EventKey("mid-statement"), NOON);
            });

            assertThat(accepted).isTrue();
            assertThat(tries).hasValue(2);
        }
    }

    /** As RDS leaves it: the connection lives, and its server has become the standby. */
    @Test
    void leavesAServerThatHasBecomeReadOnly() {
        var servers = new Servers();
        try (var database = new PostgresDatabase(servers)) {
            accept(database, "before");
            assertThat(servers.opened).isEqualTo(1);
            servers.makePresentOneReadOnly();

            assertThat(accept(database, "after")).isTrue();
            assertThat(servers.opened).isEqualTo(2);
        }
    }

    @Test
    void saysSoWhileEveryServerIsReadOnlyAndGoesOnOnceOneIsNot() {
        var servers = new Servers();
        servers.readOnly = true;
        try (var database = new PostgresDatabase(servers)) {
            assertThatThrownBy(() -> accept(database, "read-only"))
                    .isInstanceOf(GuardFault.Unavailable.class)
                    .hasMessageContaining("SQLSTATE 25006")
                    .hasMessageContaining("point the database URL at the writer");
            assertThat(servers.opened).as("one more try, on another connection").isEqualTo(2);

            servers.readOnly = false;
            assertThat(accept(database, "read-only")).isTrue();
            assertThat(servers.opened).as("none is kept that leads there").isEqualTo(3);
        }
    }

    /** Aurora DSQL ends a connection after an hour, in the middle of whatever it does. */
    @Test
    void replacesAConnectionBeforeItIsTooOld() {
        var now = new AtomicLong();
        var servers = new Servers();
        try (var database = new PostgresDatabase(servers, Backoff.DEFAULT, now::get)) {
            accept(database, "young");
            now.addAndGet(Duration.ofMinutes(44).toNanos());
            accept(database, "still young");
            assertThat(servers.opened).isEqualTo(1);

            now.addAndGet(Duration.ofMinutes(1).toNanos());
            accept(database, "old");
            assertThat(servers.opened).isEqualTo(2);
            accept(database, "young again");
            assertThat(servers.opened).isEqualTo(2);
        }
    }

    private static boolean accept(PostgresDatabase database, String key) {
        return database.transact("take in event", stores -> stores.inbox().accept(new EventKey(key), NOON));
    }

    private static void endTheSleepers() {
        for (var left = 200; left > 0; left--) {
            var ended = DATABASE.rowsOf(
                    "(select pg_terminate_backend(pid) from pg_stat_activity where query like 'select pg_sleep%') ended",
                    List.of());
            if (!ended.isEmpty()) {
                return;
            }
            try {
                Thread.sleep(20);
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** What the same name leads to, one connection after the other. */
    private static final class Servers implements ConnectionSource {

        private boolean readOnly;
        private int opened;
        private @Nullable Connection present;

        @Override
        public Connection open() throws SQLException {
            opened++;
            var connection = DATABASE.settings(Map.of()).open();
            if (readOnly) {
                makeReadOnly(connection);
            }
            present = connection;
            return connection;
        }

        void makePresentOneReadOnly() {
            makeReadOnly(Objects.requireNonNull(present));
        }

        private static void makeReadOnly(Connection connection) {
            try (var statement = connection.createStatement()) {
                statement.execute("set session characteristics as transaction read only");
                if (!connection.getAutoCommit()) {
                    connection.commit();
                }
            } catch (SQLException fault) {
                throw new IllegalStateException(fault);
            }
        }

        @Override
        public String describe() {
            return DATABASE.source().describe();
        }
    }
}
