package io.deployguard.postgres;

import io.deployguard.fault.GuardFault;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Brings the guard's tables up to date, as a step of its own before the functions are deployed: what we advise to others.
 *
 * <p>Each statement is a transaction of its own and can be repeated, so a run that was stopped half-way is run again, and two runs at once do
 * no harm. A file counts as applied once its checksum is recorded. Files a newer program applied are left alone, as each is safe for the
 * version before it. Not safe for several threads; make one for each.
 */
public final class SchemaMigrator {

    /** "It exists already" from somebody who creates the same at this moment, in spite of {@code if not exists}; and plain conflicts. */
    private static final Set<String> SOMEBODY_ELSE =
            Set.of("42P07", "42701", "42710", "23505", "40001", "40P01", "OC000", "OC001");

    private static final Backoff BACKOFF = new Backoff(10, Duration.ofMillis(20), Duration.ofSeconds(1));

    /** An index that takes longer goes on being built by itself. */
    private static final Duration PATIENCE_FOR_JOB = Duration.ofSeconds(60);

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

    private static final Pattern GRANTEE = Pattern.compile("arn:aws[a-z-]*:iam::\\d{12}:(role|user)/[\\w+=,.@/-]+");

    private static final String CREATE_SCHEMA_VERSION = """
            create table if not exists schema_version (
                version    integer     primary key,
                name       text        not null,
                checksum   text        not null,
                applied_at timestamptz not null default now()
            )
            """;

    private final ConnectionSource source;
    private final List<SchemaFile> files;

    public SchemaMigrator(ConnectionSource source) {
        this(source, SchemaFile.all());
    }

    SchemaMigrator(ConnectionSource source, List<SchemaFile> files) {
        this.source = source;
        this.files = List.copyOf(files);
    }

    /** How far one file has come. */
    public enum Status {
        /** Recorded with the checksum this program knows. */
        APPLIED,
        /** Not recorded. */
        PENDING,
        /** Recorded with another checksum: somebody changed the file after it was applied. */
        CHANGED,
        /** Recorded by a newer program; unknown to this one. */
        NEWER
    }

    /** One file and how far it has come; {@code appliedAt} is by the database's clock. */
    public record Step(int version, String name, Status status, Optional<Instant> appliedAt) {}

    /**
     * What a run did.
     *
     * @param applied names of the files that this run applied, in order; empty when there was nothing to do
     * @param steps all files as they are now, in order
     */
    public record Report(List<String> applied, List<Step> steps) {

        public Report {
            applied = List.copyOf(applied);
            steps = List.copyOf(steps);
        }
    }

    /**
     * Applies what is pending.
     *
     * @throws GuardFault.Malformed when a recorded checksum differs; nothing is applied then
     * @throws GuardFault.Unavailable when the database is away or refuses a statement, which the message names
     */
    public Report migrate() {
        return migrate(List.of());
    }

    /**
     * Applies what is pending. In Aurora DSQL, whose administrator this has to be, it also lets the functions in.
     *
     * @param grantees ARNs of the IAM roles, or users, that may log in to Aurora DSQL as {@code deploy_guard}, beside those that already may; of no
     *     meaning elsewhere
     * @throws GuardFault.Malformed when a recorded checksum differs, or a grantee is no ARN; nothing is applied then
     * @throws GuardFault.Unavailable when the database is away or refuses a statement, which the message names
     */
    public Report migrate(List<String> grantees) {
        requireArns(grantees);
        return connected("migrate the schema", connection -> {
            source.dialect().before().forEach(statement -> repeatable(connection, "schema", statement));
            repeatable(connection, "schema_version", CREATE_SCHEMA_VERSION);
            requireUnchanged(retried("schema_version", () -> steps(connection)));
            var applied = new ArrayList<String>();
            for (var file : retried("schema_version", () -> pending(connection))) {
                for (var statement : file.statements()) {
                    repeatable(connection, file.name(), source.dialect().adapt(statement));
                }
                if (retried(file.name(), () -> record(connection, file))) {
                    applied.add(file.name());
                }
            }
            var steps = retried("schema_version", () -> steps(connection));
            requireUnchanged(steps);
            if (source.dialect() == Dialect.DSQL) {
                letIn(connection, grantees);
            }
            return new Report(applied, steps);
        });
    }

    private static void requireArns(List<String> grantees) {
        for (var grantee : grantees) {
            if (!GRANTEE.matcher(grantee).matches()) {
                throw new GuardFault.Malformed(
                        "migrate the schema: expected the ARN of an IAM role or user, got " + grantee, null);
            }
        }
    }

    /**
     * The functions' user, who may log in as it, and what it may do.
     *
     * @see <a href="https://docs.aws.amazon.com/aurora-dsql/latest/userguide/using-database-and-iam-roles.html">Database roles and IAM</a>
     */
    private void letIn(Connection connection, List<String> grantees) {
        var sql = new Sql(connection);
        unless(
                () -> sql.find("select 1 from pg_roles where rolname = ?", _ -> true, Dialect.ROLE)
                        .isPresent(),
                connection,
                "access",
                "create role %s with login".formatted(Dialect.ROLE));
        for (var grantee : grantees) {
            unless(
                    () -> sql.find(
                                    "select 1 from sys.iam_pg_role_mappings where pg_role_name = ? and arn = ?",
                                    _ -> true,
                                    Dialect.ROLE,
                                    grantee)
                            .isPresent(),
                    connection,
                    "access",
                    "aws iam grant %s to '%s'".formatted(Dialect.ROLE, grantee));
        }
        repeatable(connection, "access", "grant usage on schema %1$s to %1$s".formatted(Dialect.ROLE));
        // Default privileges cannot be changed there, so that each run grants what it may have added.
        repeatable(
                connection,
                "access",
                "grant select, insert, update, delete on all tables in schema %1$s to %1$s".formatted(Dialect.ROLE));
    }

    /**
     * What is applied and what is not; changes nothing. All is pending in an empty database.
     *
     * @throws GuardFault.Unavailable when the database is away
     */
    public List<Step> describe() {
        return connected("describe the schema", this::steps);
    }

    private List<SchemaFile> pending(Connection connection) {
        var recorded = recorded(connection);
        return files.stream()
                .filter(file -> !recorded.containsKey(file.version()))
                .toList();
    }

    private List<Step> steps(Connection connection) {
        var recorded = recorded(connection);
        var known = files.stream().collect(Collectors.toMap(SchemaFile::version, Function.identity()));
        var steps = new TreeMap<Integer, Step>();
        known.forEach((version, file) -> steps.put(version, stepOf(file, Optional.ofNullable(recorded.get(version)))));
        recorded.forEach((version, was) ->
                steps.putIfAbsent(version, new Step(version, was.name(), Status.NEWER, Optional.of(was.appliedAt()))));
        return List.copyOf(steps.values());
    }

    private static Step stepOf(SchemaFile file, Optional<Recorded> recorded) {
        var status = recorded.map(was -> was.checksum().equals(file.checksum()) ? Status.APPLIED : Status.CHANGED)
                .orElse(Status.PENDING);
        return new Step(file.version(), file.name(), status, recorded.map(Recorded::appliedAt));
    }

    private void requireUnchanged(List<Step> steps) {
        steps.stream()
                .filter(step -> step.status() == Status.CHANGED)
                .findFirst()
                .ifPresent(step -> {
                    throw new GuardFault.Malformed(
                            "migrate the schema: database %s: %s was changed after it had been applied at %s; put the released file back and write the change into a new one"
                                    .formatted(
                                            source.describe(),
                                            step.name(),
                                            step.appliedAt().orElseThrow()),
                            null);
                });
    }

    private Map<Integer, Recorded> recorded(Connection connection) {
        try {
            return new Sql(connection)
                            .list(
                                    """
                            select version, name, checksum, applied_at
                            from schema_version
                            limit 999
                            """,
                                    row -> new Recorded(
                                            (int) row.number("version"),
                                            row.text("name"),
                                            row.text("checksum"),
                                            row.instant("applied_at")))
                            .stream()
                            .collect(Collectors.toMap(Recorded::version, Function.identity()));
        } catch (SqlFault fault) {
            if (fault.state().equals("42P01")) {
                return Map.of();
            }
            throw fault;
        }
    }

    /** Whether this run was the one that recorded it. */
    private static boolean record(Connection connection, SchemaFile file) {
        return new Sql(connection).update("""
                                insert into schema_version (version, name, checksum)
                                values (?, ?, ?)
                                on conflict (version) do nothing
                                """, file.version(), file.name(), file.checksum()) == 1;
    }

    /** Runs a statement that says {@code if not exists}. */
    private void repeatable(Connection connection, String file, String statement) {
        unless(() -> false, connection, file, statement);
    }

    /** Runs a statement unless what it makes is there. */
    private void unless(BooleanSupplier exists, Connection connection, String file, String statement) {
        retried(file + ": " + firstLine(statement), () -> {
            if (exists.getAsBoolean()) {
                return false;
            }
            new Sql(connection).execute(statement).ifPresent(job -> await(connection, job));
            return true;
        });
    }

    /** Tries again when somebody else was in the way, creating the same thing for instance. */
    private <T> T retried(String what, Supplier<T> attempt) {
        for (var lost = 1; ; lost++) {
            try {
                return attempt.get();
            } catch (SqlFault fault) {
                if (lost == BACKOFF.attempts() || !SOMEBODY_ELSE.contains(fault.state())) {
                    throw fault.toGuardFault("migrate the schema: " + what, source.describe());
                }
                BACKOFF.pause("migrate the schema", lost);
            }
        }
    }

    /**
     * Waits until Aurora DSQL has built an index: until then it refuses other changes of the table.
     *
     * @see <a href="https://docs.aws.amazon.com/aurora-dsql/latest/userguide/working-with-create-index-async.html">Asynchronous indexes</a>
     */
    private void await(Connection connection, String job) {
        var end = System.nanoTime() + PATIENCE_FOR_JOB.toNanos();
        while (System.nanoTime() < end) {
            var found = new Sql(connection)
                    .find(
                            "select status, details from sys.jobs where job_id = ?",
                            row -> new Job(row.text("status"), row.optionalText("details")),
                            job);
            if (found.isEmpty() || found.get().status().equals("completed")) {
                return;
            }
            if (found.get().status().equals("failed")) {
                throw new GuardFault.Unavailable(
                        "migrate the schema: database %s: building an index failed (job %s): %s"
                                .formatted(
                                        source.describe(),
                                        job,
                                        found.get().details().orElse("no reason given")),
                        null);
            }
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(BETWEEN_LOOKS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new GuardFault.Unavailable("migrate the schema: interrupted while an index was built", stop);
        }
    }

    private record Job(String status, Optional<String> details) {}

    private <T> T connected(String what, Function<Connection, T> work) {
        var moment = SqlFault.Moment.OPENING;
        try (var connection = source.open()) {
            moment = SqlFault.Moment.WORKING;
            // One statement, one transaction: DSQL takes one DDL statement at a time and none beside other changes.
            connection.setAutoCommit(true);
            return work.apply(connection);
        } catch (SqlFault fault) {
            throw fault.toGuardFault(what, source.describe());
        } catch (SQLException fault) {
            throw new SqlFault(fault, moment).toGuardFault(what, source.describe());
        }
    }

    private static String firstLine(String statement) {
        return statement.lines().findFirst().orElse("");
    }

    private record Recorded(int version, String name, String checksum, Instant appliedAt) {}
}
