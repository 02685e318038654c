package io.deployguard.simulation.demo;

import io.deployguard.decision.Mode;
import io.deployguard.simulation.account.Behavior;
import io.deployguard.simulation.account.SimulatedAccount;
import java.time.Duration;
import java.util.Optional;

/**
 * A web service behind a load balancer that gets one new release.
 *
 * @param bad how the new release behaves
 * @param worldBreaks whether the old release would behave so too if it were started now
 * @param mode the service's tag
 */
record ServiceScenario(
        String name,
        String title,
        double speed,
        Duration patience,
        Expectation expected,
        String service,
        Behavior bad,
        boolean worldBreaks,
        String mode)
        implements Scenario {

    ServiceScenario(
            String name,
            String title,
            double speed,
            Duration patience,
            Expectation expected,
            String service,
            Behavior bad,
            boolean worldBreaks) {
        this(name, title, speed, patience, expected, service, bad, worldBreaks, "auto");
    }

    /** Post-mortem 1. */
    static ServiceScenario migrationConflict() {
        return new ServiceScenario(
                "migration-conflict",
                "EF Core migrates at start and meets a table that is there already; the release is rolled back",
                10,
                Duration.ofSeconds(75),
                new Expectation(
                        "migration-conflict",
                        Optional.of("clinics"),
                        "roll-back",
                        "healed",
                        "42P07: relation \"clinics\" already exists"),
                "clinic-api",
                Behavior.crashing(
                        Duration.ofSeconds(6),
                        134,
                        "[03:39:41 INF] Starting up, environment Production",
                        "[03:39:43 INF] Applying migration '20251108070500_InitialSaaSDatabase'.",
                        "[03:39:44 ERR] Failed executing DbCommand (9ms) [Parameters=[], CommandType='Text', CommandTimeout='30']",
                        "CREATE TABLE clinics (",
                        "Unhandled exception. Npgsql.PostgresException (0x80004005): 42P07: relation \"clinics\" already exists",
                        "   at Npgsql.Internal.NpgsqlConnector.ReadMessageLong(Boolean async, DataRowLoadingMode dataRowLoadingMode)",
                        "   at Microsoft.EntityFrameworkCore.Migrations.Internal.Migrator.Migrate(String targetMigration)"),
                false);
    }

    /** Post-mortem 2. */
    static Scenario schemaMissing() {
        return new ServiceScenario(
                "schema-missing",
                "A release needs a table that no migration has made; the guard explains and leaves the decision to a person",
                10,
                Duration.ofSeconds(75),
                new Expectation(
                        "schema-missing",
                        Optional.of("application_logs"),
                        "none",
                        "advised",
                        "relation \"application_logs\" does not exist"),
                "documents",
                Behavior.crashing(
                        Duration.ofSeconds(5),
                        1,
                        "> documents-backend@2.3.0 start",
                        "> node dist/server.js",
                        "Connected to PostgreSQL",
                        "error: relation \"application_logs\" does not exist",
                        "    at Parser.parseErrorMessage (/app/node_modules/pg-protocol/dist/parser.js:285:98)",
                        "    at async LogStore.prune (/app/dist/log-store.js:41:5) {",
                        "  code: '42P01',",
                        "}"),
                false);
    }

    /** Post-mortem 5. */
    static Scenario databaseWait() {
        return new ServiceScenario(
                "database-wait",
                "The entrypoint waits for a database that nobody can reach: nothing stops, no event tells, a rollback would not help",
                30,
                Duration.ofSeconds(80),
                new Expectation(
                        "database-unreachable", Optional.empty(), "none", "advised", "Database not ready, waiting..."),
                "event-registry",
                Behavior.hanging(Duration.ofSeconds(2), "Database not ready, waiting..."),
                true);
    }

    /** Post-mortem 3, the check's path. */
    static Scenario wrongHealthPath() {
        return new ServiceScenario(
                "health-check-path",
                "The release serves another path than the load balancer asks for; it is rolled back",
                20,
                Duration.ofSeconds(75),
                new Expectation(
                        "health-check-path-mismatch",
                        Optional.empty(),
                        "roll-back",
                        "healed",
                        "Health checks failed with these codes: [404]"),
                "civic-api",
                Behavior.failingTargetChecks(
                        Behavior.TargetAnswer.status(404),
                        "INFO:     Uvicorn running on http://0.0.0.0:8080 (Press CTRL+C to quit)",
                        "INFO:     10.0.1.20:4242 - \"GET /health HTTP/1.1\" 404 Not Found"),
                false);
    }

    /** Post-mortem 3, the builder's processor. */
    static Scenario wrongArchitecture() {
        return new ServiceScenario(
                "wrong-architecture",
                "The image was built for another processor than the tasks run on; it is rolled back at the first stop",
                10,
                Duration.ofSeconds(75),
                new Expectation("architecture-mismatch", Optional.empty(), "roll-back", "healed", "exec format error")
                        .decidedAtFirstStop(),
                "civic-web",
                Behavior.crashing(Duration.ofSeconds(1), 255, "exec /usr/local/bin/node: exec format error"),
                false);
    }

    /** Post-mortem 3, the code. */
    static Scenario codeError() {
        return new ServiceScenario(
                "code-error",
                "The release calls a function that its library does not have; it is rolled back",
                10,
                Duration.ofSeconds(75),
                new Expectation(
                        "code-error",
                        Optional.empty(),
                        "roll-back",
                        "healed",
                        "AttributeError: module 'secrets' has no attribute 'urlsafe'"),
                "civic-worker",
                Behavior.crashing(
                        Duration.ofSeconds(1),
                        1,
                        "Traceback (most recent call last):",
                        "  File \"/app/main.py\", line 12, in <module>",
                        "    app = create_app()",
                        "  File \"/app/factory.py\", line 41, in create_app",
                        "    token = secrets.urlsafe(32)",
                        "            ^^^^^^^^^^^^^^^",
                        "AttributeError: module 'secrets' has no attribute 'urlsafe'"),
                false);
    }

    /** Post-mortem 4. */
    static Scenario historyMismatch() {
        return new ServiceScenario(
                "history-mismatch",
                "The database's migration history is not the one the release was built on; it is rolled back",
                10,
                Duration.ofSeconds(75),
                new Expectation(
                        "migration-history-mismatch",
                        Optional.of("20250911_auth_baseline"),
                        "roll-back",
                        "healed",
                        "The `20250911_auth_baseline` migration started at"),
                "identity",
                Behavior.crashing(
                        Duration.ofMillis(300),
                        1,
                        "Prisma schema loaded from prisma/schema.prisma",
                        "14 migrations found in prisma/migrations",
                        "Error: P3009",
                        "migrate found failed migrations in the target database, new migrations will not be applied.",
                        "The `20250911_auth_baseline` migration started at 2025-09-11 08:12:44.000 UTC failed"),
                false);
    }

    @Override
    public void prepare(SimulatedAccount account) {
        var web = web();
        web.create(account, web.place(account), WebService.Release.of("1.4.1", before()));
    }

    @Override
    public boolean isReady(SimulatedAccount account) {
        return web().isSteady(account);
    }

    @Override
    public void release(SimulatedAccount account) {
        account.world().set("released");
        web().deploy(account, WebService.Release.of("1.5.0", bad));
    }

    private WebService web() {
        var web = WebService.of(service).tagged(Mode.TAG, mode);
        return worldBreaks ? web.withGrace(Duration.ofMinutes(30)) : web;
    }

    private Behavior before() {
        return worldBreaks
                ? Behavior.when("released", bad, Behavior.healthyAfter(Duration.ofSeconds(5), "Database is ready!"))
                : Behavior.healthyAfter(Duration.ofSeconds(5), "listening on " + WebService.PORT);
    }
}
