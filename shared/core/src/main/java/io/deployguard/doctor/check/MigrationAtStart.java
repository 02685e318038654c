package io.deployguard.doctor.check;

import io.deployguard.doctor.Check;
import io.deployguard.doctor.Draft;
import io.deployguard.doctor.Result;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Each task of a service migrates then, at the same time as the others, and a failing migration is a crash loop. */
final class MigrationAtStart implements Check.OfDefinition {

    @Override
    public String id() {
        return "migration-at-start";
    }

    @Override
    public String about() {
        return "A container that serves and applies migrations of the database each time it starts, by its command or by a variable.";
    }

    @Override
    public String source() {
        return "https://learn.microsoft.com/en-us/ef/core/managing-schemas/migrations/applying";
    }

    private static final Pattern COMMAND = Pattern.compile(
            "(?i)\\b(?:migrate(?::latest|:deploy|:up)?|db:migrate|db:prepare|upgrade head|database update|migration:run|flyway migrate|liquibase update)\\b");

    /** Joined to a second command: by itself it is a task that migrates and ends. */
    private static final Pattern JOINED = Pattern.compile("&&|;|\\|\\|");

    private static final Pattern VARIABLE = Pattern.compile(
            "(?i).*(?:apply|run|auto|enable)_{0,2}(?:db_?|database_?|start(?:up)?_?)?migrat(?:e|ion|ions).*|.*migrate_?(?:on|at)_?(?:start|boot).*");

    @Override
    public Stream<Result> examine(Draft draft) {
        return draft.each(container -> Stream.concat(byCommand(container), byVariable(container))
                .filter(_ -> container.definition().essential())
                .map(fact -> new Result.Warning(
                        container.field(fact.field()),
                        "container %s %s: every task of the service does, and a migration that fails is a crash loop"
                                .formatted(container.name(), fact.words()),
                        "Migrate in a task of its own, once, before the deployment.")));
    }

    private record Fact(String field, String words) {}

    private static Stream<Fact> byCommand(Draft.Container container) {
        var command = String.join(
                " ",
                Stream.concat(container.definition().entryPoint().stream(), container.definition().command().stream())
                        .toList());
        return COMMAND.matcher(command).find() && JOINED.matcher(command).find()
                ? Stream.of(new Fact("command", "applies migrations when it starts"))
                : Stream.empty();
    }

    private static Stream<Fact> byVariable(Draft.Container container) {
        return container.definition().environment().entrySet().stream()
                .filter(variable -> VARIABLE.matcher(variable.getKey()).matches()
                        && Set.of("true", "1", "yes", "on")
                                .contains(variable.getValue().toLowerCase(Locale.ROOT)))
                .map(variable ->
                        new Fact("environment", "is told by %s to apply migrations".formatted(variable.getKey())));
    }
}
