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
import java.util.function.Function;
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
        return connected("migrate the schema", connection -> {
            repeatable(connection, "schema_version", CREATE_SCHEMA_VERSION);
            requireUnchanged(steps(connection));
            var applied = new ArrayList<String>();
            for (var file : pending(connection)) {
                for (var statement : file.statements()) {
                    repeatable(connection, file.name(), source.dialect().adapt(statement));
                }
                if (record(connection, file)) {
                    applied.add(file.name());
                }
            }
            var steps = steps(connection);
            requireUnchanged(steps);
            return new Report(applied, steps);
        });
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

    /** Runs a statement that says {@code if not exists}; again, when somebody else is creating the same thing just now. */
    private void repeatable(Connection connection, String file, String statement) {
        for (var lost = 1; ; lost++) {
            try {
                new Sql(connection).update(statement);
                return;
            } catch (SqlFault fault) {
                if (lost == BACKOFF.attempts() || !SOMEBODY_ELSE.contains(fault.state())) {
                    throw fault.toGuardFault(
                            "migrate the schema: " + file + ": " + firstLine(statement), source.describe());
                }
                BACKOFF.pause("migrate the schema", lost);
            }
        }
    }

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
