package io.deployguard.decision;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import io.deployguard.evidence.Evidence;
import io.deployguard.evidence.EvidenceBundle;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whether the failing revision has changed the database's schema, so that the revision before it may no longer fit. Read from what migration tools
 * log when a migration is complete, and from migration tasks that ended with 0. A migration that failed is rolled back by the database itself where
 * that has transactions for it; it does not count.
 */
public final class SchemaMovement {

    /** The service tag by which a team declares that each release runs with the schema of the next. */
    public static final String TAG = "deploy-guard:migrations";

    private static final String DECLARED = "backward-compatible";

    /** A word that every line below holds; most lines hold none and are not looked at further. */
    private static final List<String> WORDS =
            List.of("igrat", "upgrade", "liquibase", "changeset", "applying", "ok ", "done", "/u ");

    /** What tools log once a migration is in the database. */
    private static final List<Pattern> COMPLETE = Stream.of(
                    // Flyway
                    "Successfully applied \\d+ migrations? to schema.*?(?:now at version v(?P<name>[\\w.]+)|$)",
                    // Liquibase
                    "(?i)ChangeSet (?P<name>\\S+::\\S+::\\S+) ran successfully",
                    // Django
                    "Applying (?P<name>\\w+\\.\\w+)\\.\\.\\. ?OK",
                    // Rails and Sequelize
                    "== (?:\\d+ )?(?P<name>[\\w-]+): migrated \\(",
                    // Prisma
                    "(?P<name>All migrations) have been successfully applied",
                    // TypeORM
                    "Migration (?P<name>\\w+) has been +(?:\\w+ +)?executed successfully",
                    // Knex
                    "(?P<name>Batch \\d+) run: \\d+ migrations",
                    // Laravel
                    "(?P<name>\\d{4}_\\d\\d_\\d\\d_\\d+_\\w+) \\.{2,}.*DONE",
                    "Migrated: +(?P<name>\\d{4}_\\w+)",
                    // goose, golang-migrate, sqlx
                    "OK +(?P<name>\\d+_\\S+\\.(?:sql|go))",
                    "successfully migrated database to version: (?P<name>\\d+)",
                    "(?P<name>\\d+/u \\w+) \\(",
                    "Applied (?P<name>\\d+/migrate \\S+)",
                    // Ecto
                    "== Migrated (?P<name>\\d+) in ",
                    // node-pg-migrate
                    "(?P<name>Migrations) complete!")
            .map(Pattern::compile)
            .toList();

    /** What tools log only before a migration: it is complete when the next one begins or the application starts. */
    private static final List<Pattern> BEGUN = Stream.of(
                    // EF Core
                    "Applying migration '(?P<name>[^']+)'",
                    // Alembic
                    "Running upgrade \\w* ?-> (?P<name>\\w+)",
                    // Prisma
                    "Applying migration `(?P<name>[^`]+)`")
            .map(Pattern::compile)
            .toList();

    private static final Pattern GOES_ON = Pattern.compile(
            "(?i)listening on|application (?:is )?start(?:ed|up complete)|booting worker|server (?:is )?(?:running|started)|ready in|uvicorn running");

    private static final List<String> MIGRATION_COMMANDS = List.of(
            "migrat", "flyway", "liquibase", "alembic", "db:schema", "db:prepare", "ef database", "goose", "db push");

    private SchemaMovement() {}

    /**
     * How the schema moved, in words that name the migration; absent when nothing shows that it did, or the service declares that its migrations
     * are backward compatible.
     *
     * @param evidence clean
     * @param tags of the service
     */
    public static Optional<String> find(EvidenceBundle evidence, Map<String, String> tags) {
        if (DECLARED.equals(tags.getOrDefault(TAG, "").strip().toLowerCase(Locale.ROOT))) {
            return Optional.empty();
        }
        return fromLogs(evidence).or(() -> fromTasks(evidence));
    }

    private static Optional<String> fromLogs(EvidenceBundle evidence) {
        var applied = Optional.<String>empty();
        var begun = Optional.<String>empty();
        for (var line : evidence.only(Evidence.LogLine.class)) {
            var text = line.text();
            if (begun.isPresent() && GOES_ON.matcher(text).find()) {
                applied = begun;
            }
            if (!mentionsMigration(text)) {
                continue;
            }
            var complete = name(COMPLETE, text);
            if (complete.isPresent()) {
                applied = complete;
                continue;
            }
            var next = name(BEGUN, text);
            if (next.isPresent()) {
                applied = begun.isPresent() && !begun.equals(next) ? begun : applied;
                begun = next;
            }
        }
        return applied.map(name -> "it applied migration " + name);
    }

    private static boolean mentionsMigration(String text) {
        var lower = text.toLowerCase(Locale.ROOT);
        return WORDS.stream().anyMatch(lower::contains);
    }

    private static Optional<String> name(List<Pattern> patterns, String text) {
        return patterns.stream()
                .map(pattern -> pattern.matcher(text))
                .filter(Matcher::find)
                .map(matcher -> Optional.ofNullable(matcher.group("name")).orElse("of its release"))
                .findFirst();
    }

    private static Optional<String> fromTasks(EvidenceBundle evidence) {
        return evidence.only(Evidence.TaskRun.class).stream()
                .filter(run -> run.exitCode().filter(code -> code == 0).isPresent())
                .map(run -> String.join(" ", run.command()))
                .filter(SchemaMovement::migrates)
                .findFirst()
                .map(command -> "the task \u201c" + command + "\u201d ended with 0 before it");
    }

    private static boolean migrates(String command) {
        var lower = command.toLowerCase(Locale.ROOT);
        return MIGRATION_COMMANDS.stream().anyMatch(lower::contains);
    }
}
