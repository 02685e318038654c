package io.deployguard.postgres;

import static io.deployguard.postgres.Samples.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deployguard.event.EventKey;
import io.deployguard.fault.GuardFault;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class BrokenConnectionIT {

    private static final TestDatabase DATABASE = TestDatabase.fresh();
    private final FaultyConnections connections = new FaultyConnections(DATABASE.source());

    @AfterAll
    static void close() {
        DATABASE.close();
    }

    @Test
    void opensOneConnectionAndKeepsIt() {
        try (var database = new PostgresDatabase(connections)) {
            assertThat(connections.opened()).isZero();
            accept(database, "kept-1");
            accept(database, "kept-2");
            assertThat(connections.opened()).isEqualTo(1);
        }
    }

    @Test
    void replacesAConnectionThatWasEndedBetweenTwoTransactions() {
        try (var database = new PostgresDatabase(connections)) {
            accept(database, "between-1");
            DATABASE.endAllSessions();

            assertThat(accept(database, "between-2")).isTrue();
            assertThat(connections.opened()).isEqualTo(2);
        }
    }

    @Test
    void runsTheWorkAgainWhenTheConnectionBreaksBeforeTheCommit() {
        try (var database = new PostgresDatabase(connections)) {
            var tries = new AtomicInteger();
            var accepted = database.<Boolean>transact("take in event", stores -> {
                var first = stores.inbox().accept(new EventKey("within"), NOON);
                if (tries.incrementAndGet() == 1) {
                    DATABASE.endAllSessions();
                }
                stores.inbox().accept(new EventKey("within, second statement"), NOON);
                return first;
            });

            assertThat(accepted).isTrue();
            assertThat(tries).hasValue(2);
        }
    }

    @Test
    void saysSoWhenTheConnectionBreaksAgain() {
        try (var database = new PostgresDatabase(connections)) {
            connections.failAtStatement(1, 9, "08006");

            assertThatThrownBy(() -> accept(database, "twice"))
                    .isInstanceOf(GuardFault.Unavailable.class)
                    .hasMessageContaining("SQLSTATE 08006")
                    .hasMessageContaining("check that the database runs");
            assertThat(connections.injected()).isEqualTo(2);
        }
    }

    @Test
    void doesNotRepeatACommitWhoseOutcomeIsNotKnown() {
        try (var database = new PostgresDatabase(connections)) {
            connections.failAtCommit(1, "08006");

            assertThatThrownBy(() -> accept(database, "commit"))
                    .isInstanceOf(GuardFault.Unavailable.class)
                    .hasMessageContaining("it is not known whether the change was stored");
            assertThat(connections.injected()).isEqualTo(1);
        }
    }

    @Test
    void leavesNothingOfWorkThatFailed() {
        try (var database = new PostgresDatabase(connections)) {
            assertThatThrownBy(() -> database.transact("take in event", stores -> {
                        stores.inbox().accept(new EventKey("failed"), NOON);
                        throw new IllegalStateException("a mistake");
                    }))
                    .hasMessage("a mistake");

            assertThat(accept(database, "failed")).isTrue();
            assertThat(connections.opened()).isEqualTo(1);
        }
    }

    @Test
    void refusesATransactionInsideAnotherOne() {
        try (var database = new PostgresDatabase(connections)) {
            assertThatThrownBy(() -> database.transact("outer", _ -> accept(database, "inner")))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("no transaction inside another one");
        }
    }

    @Test
    void worksInASnapshot() {
        try (var database = new PostgresDatabase(connections)) {
            var isolation = database.<String>run(
                    "look",
                    sql -> sql.find("show transaction isolation level", row -> row.text("transaction_isolation"))
                            .orElseThrow());

            assertThat(isolation).isEqualTo("repeatable read");
        }
    }

    @Test
    void asksOnceOnlyWhenNoAnswerComesInTime() {
        try (var database = new PostgresDatabase(DATABASE.source(Map.of("socketTimeout", "1")))) {
            var tries = new AtomicInteger();

            assertThatThrownBy(() -> database.run("wait", sql -> {
                        tries.incrementAndGet();
                        return sql.list("select pg_sleep(30)", _ -> true);
                    }))
                    .isInstanceOf(GuardFault.Unavailable.class)
                    .hasMessageContaining("wait: database localhost:");
            assertThat(tries).hasValue(1);
        }
    }

    @Test
    void asksOnceOnlyWhenTheServerTakesTheConnectionAndSaysNothing() throws IOException {
        try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            var settings = new ConnectionSettings(
                    "127.0.0.1",
                    silent.getLocalPort(),
                    "state",
                    Optional.of("guard"),
                    Optional.of("hunter2"),
                    Map.of("loginTimeout", "1"));
            var tries = new AtomicInteger();
            try (var database = new PostgresDatabase(new ConnectionSource() {
                @Override
                public Connection open() throws SQLException {
                    tries.incrementAndGet();
                    return settings.open();
                }

                @Override
                public String describe() {
                    return settings.describe();
                }
            })) {
                assertThatThrownBy(() -> accept(database, "silent"))
                        .isInstanceOf(GuardFault.Unavailable.class)
                        .hasMessageContaining("database 127.0.0.1:");
                assertThat(tries).hasValue(1);
            }
        }
    }

    @Test
    void namesTheDatabaseThatIsAway() {
        var away =
                new ConnectionSettings("localhost", 1, "state", Optional.of("guard"), Optional.of("hunter2"), Map.of());
        try (var database = new PostgresDatabase(away)) {
            assertThatThrownBy(() -> accept(database, "away"))
                    .isInstanceOf(GuardFault.Unavailable.class)
                    .hasCauseInstanceOf(SQLException.class)
                    .hasMessageContaining("take in event: database localhost:1/state: ")
                    .hasMessageContaining("refused")
                    .hasMessageContaining("check that the database runs")
                    .hasMessageNotContaining("hunter2");
        }
    }

    @Test
    void saysThatTheDatabaseDoesNotExist() {
        var there = DATABASE.settings(Map.of());
        var missing =
                new ConnectionSettings(there.host(), there.port(), "no such", there.user(), there.password(), Map.of());
        try (var database = new PostgresDatabase(missing)) {
            assertThatThrownBy(() -> accept(database, "missing"))
                    .isInstanceOf(GuardFault.Unavailable.class)
                    .hasMessageContaining("create that database or correct the database URL");
        }
    }

    @Test
    void saysThatTheSchemaIsMissing() {
        try (var empty = TestDatabase.empty()) {
            assertThatThrownBy(() -> accept(empty.open(), "no schema"))
                    .isInstanceOf(GuardFault.Unavailable.class)
                    .hasMessageContaining("inbox")
                    .hasMessageContaining("deploy-guard migrate");
        }
    }

    private static boolean accept(PostgresDatabase database, String key) {
        return database.transact("take in event", stores -> stores.inbox().accept(new EventKey(key), NOON));
    }
}
