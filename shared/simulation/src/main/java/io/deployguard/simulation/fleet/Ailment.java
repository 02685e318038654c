package io.deployguard.simulation.fleet;

import io.deployguard.simulation.account.Behavior;
import io.deployguard.simulation.account.Behavior.TargetAnswer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What is wrong with a release: the truth, which the guard has to find out.
 *
 * @param causes what a right diagnosis may say
 * @param cure what going back to the revision before would do
 * @param needs what a service must have for it to show
 */
record Ailment(String name, Set<String> causes, Cure cure, Needs needs, Behavior behavior) {

    /** What going back to the revision before it does. */
    enum Cure {
        /** It restores the service. */
        HEALS,
        /** It restores the service, but nobody can know that from outside: a person decides. */
        HEALS_UNPROVABLY,
        /** It harms: the schema has moved on. */
        HARMS,
        /** It takes back what is good: a start or two fail, and then the release is well. */
        NEEDLESS
    }

    /** What a service must have. */
    enum Needs {
        NOTHING,
        /** A load balancer that checks. */
        TARGETS,
        /** Some health check: without any, ECS and everybody else takes a task that runs for one that is well. */
        A_CHECK
    }

    /** Whether it passes without anybody's help. */
    boolean passes() {
        return cure == Cure.NEEDLESS;
    }

    /** Whether its tasks never end by themselves. */
    boolean isSilent() {
        return behavior instanceof Behavior.Hangs;
    }

    boolean fits(FleetService service) {
        return switch (needs) {
            case NOTHING -> true;
            case TARGETS -> service.traits().targets();
            case A_CHECK -> service.traits().targets() || service.traits().containerCheck();
        };
    }

    /** All that can be wrong with a release of the fleet. */
    static final List<Ailment> ALL = List.of(
            heals("migration-conflict", Set.of("migration-conflict"), crash(6, 134, """
                    [03:39:41 INF] Starting up, environment Production
                    [03:39:43 INF] Applying migration '20251108070500_InitialSaaSDatabase'.
                    [03:39:44 ERR] Failed executing DbCommand (9ms) [Parameters=[], CommandType='Text', CommandTimeout='30']
                    CREATE TABLE clinics (
                    Unhandled exception. Npgsql.PostgresException (0x80004005): 42P07: relation "clinics" already exists""")),
            heals("migration-history", Set.of("migration-history-mismatch"), crash(4, 1, """
                    14 migrations found in prisma/migrations
                    Error: P3009
                    migrate found failed migrations in the target database, new migrations will not be applied.
                    The `20250911_auth_baseline` migration started at 2025-09-11 08:12:44.000 UTC failed""")),
            heals("module-missing", Set.of("module-not-found"), crash(2, 1, """
                    node:internal/modules/cjs/loader:1228
                    Error: Cannot find module 'express'
                    Require stack:
                    - /app/dist/server.js
                      code: 'MODULE_NOT_FOUND',""")),
            heals("python-module-missing", Set.of("module-not-found"), crash(3, 1, """
                    Traceback (most recent call last):
                      File "/app/main.py", line 3, in <module>
                        import stripe
                    ModuleNotFoundError: No module named 'stripe'""")),
            heals("attribute-error", Set.of("code-error"), crash(4, 1, """
                    Traceback (most recent call last):
                      File "/app/main.py", line 12, in <module>
                        token = secrets.urlsafe(32)
                    AttributeError: module 'secrets' has no attribute 'urlsafe'""")),
            heals("type-error", Set.of("code-error"), crash(8, 1, """
                    /app/dist/server.js:41
                        const limit = settings.limits.requests;
                    TypeError: Cannot read properties of undefined (reading 'requests')
                        at Object.<anonymous> (/app/dist/server.js:41:35)""")),
            heals("variable-missing", Set.of("missing-config"), crash(3, 1, """
                    Traceback (most recent call last):
                      File "/app/settings.py", line 8, in <module>
                        KEY = os.environ["PAYMENT_KEY"]
                    KeyError: 'PAYMENT_KEY'""")),
            heals("wrong-architecture", Set.of("architecture-mismatch"), crash(1, 255, """
                    exec /usr/local/bin/node: exec format error""")),
            heals("port-taken", Set.of("port-conflict"), crash(2, 1, """
                    Error: listen EADDRINUSE: address already in use 0.0.0.0:8080
                        at Server.setupListenHandle [as _listen2] (node:net:1817:16)""")),
            heals(
                    "image-missing",
                    Set.of("image-not-found"),
                    Behavior.failingToStart(
                            "CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref"
                                    + " registry.example.com/shop/web:9.9.9: not found")),
            new Ailment(
                    "health-path",
                    Set.of("health-check-path-mismatch"),
                    Cure.HEALS,
                    Needs.TARGETS,
                    Behavior.failingTargetChecks(
                            TargetAnswer.status(404),
                            "INFO:     Uvicorn running on http://0.0.0.0:8080 (Press CTRL+C to quit)",
                            "INFO:     10.0.1.20:4242 - \"GET /health HTTP/1.1\" 404 Not Found")),
            heals("crashes-late", Set.of("code-error"), late(100, """
                    Traceback (most recent call last):
                      File "/app/worker.py", line 88, in tick
                        self.cursor.rowcount
                    AttributeError: 'PooledCursor' object has no attribute 'rowcount'""")),
            heals("limps", Set.of("code-error"), late(420, """
                    panic: runtime error: index out of range [3] with length 3

                    goroutine 1 [running]:
                    main.(*Cache).evict(0xc0000b2000)
                    	/src/cache.go:71 +0x1f4""")),
            new Ailment(
                    "dies-of-users",
                    Set.of("code-error"),
                    Cure.HEALS,
                    Needs.TARGETS,
                    Behavior.crashingUnderTraffic(
                            Duration.ofSeconds(3), 1, """
                            Traceback (most recent call last):
                              File "/app/search.py", line 61, in query
                                score = hit["_score"]
                            KeyError: '_score'""".lines().toArray(String[]::new))),
            unprovable("table-missing", Set.of("schema-missing"), crash(5, 1, """
                    Connected to PostgreSQL
                    error: relation "application_logs" does not exist
                        at Parser.parseErrorMessage (/app/node_modules/pg-protocol/dist/parser.js:285:98)
                      code: '42P01',""")),
            unprovable(
                    "memory",
                    Set.of("out-of-memory"),
                    new Behavior.Exits(
                            List.of(new Behavior.LogLine(Duration.ofSeconds(3), "warming up caches")),
                            Duration.ofSeconds(20),
                            137,
                            Optional.of("OutOfMemoryError: Container killed due to memory usage"),
                            Optional.empty())),
            unprovable(
                    "secret",
                    Set.of("secret-unavailable"),
                    Behavior.failingToStart(
                            "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval"
                                    + " failed: unable to retrieve secret from asm: service call has been retried 1 time(s):"
                                    + " ResourceNotFoundException: Secrets Manager can't find the specified secret.")),
            new Ailment(
                    "waits-for-ever",
                    Set.of("database-unreachable"),
                    Cure.HEALS_UNPROVABLY,
                    Needs.A_CHECK,
                    Behavior.hanging(Duration.ofSeconds(20), "Database not ready, waiting...")),
            // A bare "Health checks failed" of the load balancer is all that may tell.
            unprovable("says-nothing", Set.of("unknown", "health-check-timeout"), crash(5, 1, "starting")),
            unprovable("writes-nothing", Set.of("unknown", "health-check-timeout"), crash(7, 1, "")),
            // Every start is as likely as the next one to meet what makes it fail, and once only.
            needless("stumbles", Set.of("unknown", "health-check-timeout"), 1, crash(5, 1, "starting")),
            needless("dependency-comes-late", Set.of("database-unreachable"), 4, crash(5, 1, """
                    starting
                    psycopg2.OperationalError: connection to server at "db-7.internal" (10.0.9.9), port 5432 failed: Connection refused
                    	Is the server running on that host and accepting TCP/IP connections?""")),
            new Ailment("migrated-then-broken", Set.of("code-error"), Cure.HARMS, Needs.NOTHING, crash(7, 1, """
                    Operations to perform:
                      Applying orders.0042_split_address... OK
                    Traceback (most recent call last):
                      File "/app/main.py", line 31, in <module>
                        app = create_app()
                    AttributeError: module 'app.settings' has no attribute 'SPLIT_ADDRESS'""")));

    private static Ailment heals(String name, Set<String> causes, Behavior behavior) {
        return new Ailment(name, causes, Cure.HEALS, Needs.NOTHING, behavior);
    }

    private static Ailment unprovable(String name, Set<String> causes, Behavior behavior) {
        return new Ailment(name, causes, Cure.HEALS_UNPROVABLY, Needs.NOTHING, behavior);
    }

    /** @param failing that many tasks of the release, its first ones */
    private static Ailment needless(String name, Set<String> causes, int failing, Behavior failure) {
        return new Ailment(
                name,
                causes,
                Cure.NEEDLESS,
                Needs.NOTHING,
                new Behavior.Decided(start -> IntStream.range(0, failing)
                        .mapToObj(number -> start.taskDefinition() + "-has-failed-" + number)
                        .filter(flag -> !start.world().holds(flag))
                        .findFirst()
                        .map(flag -> {
                            start.task().ifPresent(_ -> start.world().set(flag));
                            return failure;
                        })
                        .orElseGet(
                                () -> Behavior.healthyAfter(Duration.ofSeconds(5), "starting", "listening on 8080"))));
    }

    private static Behavior crash(long seconds, int exitCode, String lines) {
        return Behavior.crashing(
                Duration.ofSeconds(seconds), exitCode, lines.lines().toArray(String[]::new));
    }

    private static Behavior late(long seconds, String lines) {
        return Behavior.crashingLate(
                Duration.ofSeconds(seconds), 1, lines.lines().toArray(String[]::new));
    }
}
