package io.deployguard.simulation.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Execution(ExecutionMode.CONCURRENT)
class LocalPostgresIT {
    @Test
    void servesAndLeavesNothingBehind() throws SQLException {
        long pid;
        Path folder;
        try (var postgres = LocalPostgres.start()) {
            pid = postgres.pid();
            folder = postgres.folder();
            assertThat(query(postgres, "select 'up, as ' || current_user")).isEqualTo("up, as postgres");
            assertThat(query(postgres, "show timezone")).isEqualTo("UTC");
        }
        assertThat(ProcessHandle.of(pid)).isEmpty();
        assertThat(folder).doesNotExist();
    }

    @Test
    void stopsAlthoughAClientIsConnected() throws SQLException {
        var postgres = LocalPostgres.start();
        try (var connection = DriverManager.getConnection(postgres.jdbcUrl())) {
            assertThat(connection.isValid(5)).isTrue();
            postgres.close();
            assertThat(connection.isValid(5)).isFalse();
        }
        assertThat(postgres.folder()).doesNotExist();
    }

    @Test
    void goesAwayAndComesBackWithWhatWasWritten() throws SQLException {
        try (var postgres = LocalPostgres.start()) {
            query(postgres, "create table kept as select 'still here' as said");
            query(postgres, "checkpoint");
            var address = postgres.jdbcUrl();
            postgres.goAway();
            assertThatThrownBy(() -> query(postgres, "select 1")).hasMessageContaining("refused");

            postgres.comeBack();
            assertThat(postgres.jdbcUrl()).isEqualTo(address);
            assertThat(query(postgres, "select said from kept")).isEqualTo("still here");
        }
    }

    @Test
    void servesTwoAtATime() throws SQLException {
        try (var first = LocalPostgres.start();
                var second = LocalPostgres.start()) {
            query(first, "create table only_here as select 1");
            assertThatThrownBy(() -> query(second, "select * from only_here")).hasMessageContaining("does not exist");
        }
    }

    /** What happens to root where user namespaces are forbidden. */
    @ParameterizedTest
    @MethodSource("waysThroughAnotherUserOrNone")
    void rootStartsItAsAnotherUser(List<RunAs> way) throws SQLException {
        assumeThat(way).as("only root can become another user").isNotEmpty();
        long pid;
        Path folder;
        try (var postgres =
                LocalPostgres.start(PostgresBinaries.bundled().stream().toList(), way)) {
            pid = postgres.pid();
            folder = postgres.folder();
            assertThat(query(postgres, "select 'up'")).isEqualTo("up");
        }
        assertThat(ProcessHandle.of(pid)).isEmpty();
        assertThat(folder).doesNotExist();
    }

    static Stream<List<RunAs>> waysThroughAnotherUserOrNone() {
        var ways = RunAs.otherUsers().stream().map(List::of).toList();
        return ways.isEmpty() ? Stream.of(List.of()) : ways.stream();
    }

    @Test
    void fallsBackToAnInstalledServer(@TempDir Path broken) throws Exception {
        var installed = PostgresBinaries.installed();
        assumeThat(installed).as("an installed PostgreSQL").isNotEmpty();
        var choices =
                Stream.concat(Stream.of(unusable(broken)), installed.stream()).toList();
        try (var postgres = LocalPostgres.start(choices, RunAs.ways())) {
            assertThat(query(postgres, "select 'up'")).isEqualTo("up");
        }
    }

    @Test
    void saysWhatWasTriedWhenNothingWorks(@TempDir Path broken) throws Exception {
        var unusable = unusable(broken);
        assertThatThrownBy(() -> LocalPostgres.start(List.of(unusable), List.of(new RunAs.Ourselves())))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("start PostgreSQL: PostgreSQL in %s, as the current user: initdb ended with exit code 1: "
                                .formatted(broken)
                        + "cannot run here. Install PostgreSQL 15 or newer, or run as a user other than root, "
                        + "or name a database in DEPLOY_GUARD_DATABASE_URL");
    }

    private static PostgresBinaries unusable(Path folder) throws Exception {
        var initdb = Files.writeString(folder.resolve("initdb"), "#!/bin/sh\necho cannot run here >&2\nexit 1\n");
        assertThat(initdb.toFile().setExecutable(true)).isTrue();
        return new PostgresBinaries.Installed(folder);
    }

    private static String query(LocalPostgres postgres, String sql) throws SQLException {
        try (var connection = DriverManager.getConnection(postgres.jdbcUrl());
                var statement = connection.createStatement()) {
            return statement.execute(sql) ? first(statement.getResultSet()) : "";
        }
    }

    private static String first(ResultSet rows) throws SQLException {
        rows.next();
        return rows.getString(1);
    }
}
