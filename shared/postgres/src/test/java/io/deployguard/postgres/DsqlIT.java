package io.deployguard.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.deployguard.fault.GuardFault;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The schema on what refuses what Aurora DSQL refuses; and that it does refuse, or the whole suite on it would prove nothing. */
class DsqlIT {

    private static final String DETECT = "arn:aws:iam::123456789012:role/deploy-guard-DetectRole-ABC";

    private final TestDatabase database = TestDatabase.empty();
    private final DsqlConnections dsql = DsqlConnections.over(database.settings(Map.of()));

    @BeforeEach
    void furnish() throws SQLException {
        try (var connection = database.settings(Map.of()).open()) {
            DsqlConnections.furnish(connection);
        }
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void letsTheFunctionsReadAndWriteAndNothingElse() throws SQLException {
        new SchemaMigrator(dsql).migrate(List.of(DETECT));
        new SchemaMigrator(dsql).migrate(List.of(DETECT));

        assertThat(database.rowsOf("sys.iam_pg_role_mappings", List.of()))
                .containsExactly("sys.iam_pg_role_mappings pg_role_name=deploy_guard arn=" + DETECT);
        var there = database.settings(Map.of("currentSchema", "deploy_guard"));
        var functions = new ConnectionSettings(
                there.host(),
                there.port(),
                there.database(),
                Optional.of("deploy_guard"),
                there.password(),
                there.options());
        try (var connection = functions.open()) {
            run(connection, "insert into heartbeat values ('watch', now())");
            run(connection, "update heartbeat set beat_at = now()");
            run(connection, "delete from heartbeat");
            for (var refused : List.of(
                    "create table deploy_guard.more (a text)",
                    "drop table heartbeat",
                    "alter table heartbeat add a text")) {
                assertThat(state(connection, refused)).as(refused).isEqualTo("42501");
            }
        }
    }

    @Test
    void refusesAGranteeThatIsNoArn() {
        assertThatThrownBy(() -> new SchemaMigrator(dsql).migrate(List.of("x' ; drop schema deploy_guard --")))
                .isInstanceOf(GuardFault.Malformed.class)
                .hasMessageContaining("expected the ARN of an IAM role or user");
        assertThat(database.rowsOf("pg_tables where schemaname = 'deploy_guard'", List.of()))
                .isEmpty();
    }

    /** A change of the same table is refused until then. */
    @Test
    void waitsForAnIndexThatIsBuiltInTheBackground() {
        var file = SchemaFile.parse(
                "V001__first.sql", "create table if not exists a (b text); create index if not exists a_b on a (b);");
        var begun = System.nanoTime();

        new SchemaMigrator(dsql.building(Duration.ofMillis(400)), List.of(file)).migrate();

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(Duration.ofMillis(400));
        assertThat(database.rowsOf("sys.jobs", List.of("job_id")))
                .singleElement()
                .asString()
                .contains("status=completed");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = ';',
            value = {
                "create index a_b on a (b); 0A000",
                "create index async a_b on a (b desc); 0A000",
                "create table c (d uuid references a (id)); 0A000",
                "create table c (d jsonb); 0A000",
                "create table c (d bigserial); 0A000",
                "create temp table c (d text); 0A000",
                "truncate a; 0A000",
                "savepoint s; 0A000",
                "select b from a for update skip locked; 0A000",
                "select pg_advisory_lock(1); 0A000",
            })
    void refusesWhatDsqlRefuses(String sql, String state) throws SQLException {
        try (var connection = emptySchema()) {
            run(connection, "create table a (b text)");
            assertThat(state(connection, sql)).isEqualTo(state);
        }
    }

    @Test
    void refusesMoreThanOneDefinitionInATransactionAndChangesBesideOne() throws SQLException {
        try (var connection = emptySchema()) {
            connection.setAutoCommit(false);
            run(connection, "create table a (b text)");
            assertThat(state(connection, "create table c (b text)")).isEqualTo("0A000");
            connection.rollback();
            run(connection, "create table a (b text)");
            assertThat(state(connection, "insert into a values ('x')")).isEqualTo("0A000");
            connection.rollback();
            run(connection, "create table a (b text)");
            connection.commit();
            run(connection, "insert into a values ('x')");
            assertThat(state(connection, "alter table a add c text")).isEqualTo("0A000");
        }
    }

    @Test
    void refusesMoreThan3000RowsAndOtherIsolation() throws SQLException {
        try (var connection = emptySchema()) {
            run(connection, "create table a (b bigint)");
            run(connection, "insert into a select generate_series(1, 3000)");
            assertThat(state(connection, "insert into a select generate_series(1, 3001)"))
                    .isEqualTo("54000");
            assertThatThrownBy(() -> connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE))
                    .isInstanceOf(SQLException.class);
        }
    }

    /** What {@code executeUpdate} of the driver does not take. */
    @Test
    void answersAnIndexWithAJob() throws SQLException {
        try (var connection = emptySchema()) {
            run(connection, "create table a (b text)");
            assertThatThrownBy(() -> connection
                            .prepareStatement("create index async a_b on a (b)")
                            .executeUpdate())
                    .isInstanceOf(SQLException.class);
            assertThat(new Sql(connection).execute("create index async a_b on a (b)"))
                    .isPresent();
        }
    }

    private Connection emptySchema() throws SQLException {
        var connection = dsql.open();
        run(connection, "create schema if not exists deploy_guard");
        return connection;
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            statement.executeUpdate();
        }
    }

    private static String state(Connection connection, String sql) {
        return catchThrowableOfType(SQLException.class, () -> run(connection, sql))
                .getSQLState();
    }
}
