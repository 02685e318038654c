package io.deployguard.action;

import io.deployguard.ecs.ListenerRule;
import java.util.List;
import java.util.Optional;

/**
 * How far an action has come that takes more than one step.
 *
 * @param entries of the incident's journal, oldest first
 * @param migration as ECS shows it
 * @param twin the ACTIVE task definition that takes the place of an INACTIVE one, as ECS shows it
 * @param rules of the listeners, as they are now
 */
public record Course(
        List<CommandJournal.Entry> entries, MigrationRun migration, Optional<String> twin, List<ListenerRule> rules) {

    /** Nothing has been done. */
    public static final Course NONE = new Course(List.of(), new MigrationRun.NotListed());

    public Course {
        entries = List.copyOf(entries);
        rules = List.copyOf(rules);
    }

    /** Of an action that runs a migration. */
    public Course(List<CommandJournal.Entry> entries, MigrationRun migration) {
        this(entries, migration, Optional.empty(), List.of());
    }

    /** Of an action that needs a task definition which may be started. */
    public Course(List<CommandJournal.Entry> entries, Optional<String> twin) {
        this(entries, new MigrationRun.NotListed(), twin, List.of());
    }

    /** Of an action that changes where requests go. */
    public Course(List<CommandJournal.Entry> entries, List<ListenerRule> rules) {
        this(entries, new MigrationRun.NotListed(), Optional.empty(), rules);
    }

    /** The newest command of a kind that was sent, unless it is known to have had no effect. */
    public Optional<CommandJournal.Entry> find(Class<? extends Command> kind) {
        return entries.reversed().stream()
                .filter(entry -> kind.isInstance(entry.command()))
                .filter(entry -> entry.outcome()
                        .filter(outcome -> outcome.equals("refused") || outcome.equals("no-effect"))
                        .isEmpty())
                .findFirst();
    }

    /** A command of which only the beginning is on record. */
    public Optional<CommandJournal.Entry> unfinished() {
        return entries.stream().filter(entry -> entry.outcome().isEmpty()).findFirst();
    }
}
