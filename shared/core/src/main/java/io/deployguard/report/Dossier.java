package io.deployguard.report;

import io.deployguard.action.CommandJournal;
import io.deployguard.incident.Incident;
import io.deployguard.incident.IncidentStore;
import io.deployguard.notification.Outbox;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Everything that is remembered of one incident.
 *
 * @param history one entry per revision, oldest first
 * @param commands oldest first
 * @param notices one per channel that was ever to show it
 */
public record Dossier(
        Incident incident,
        List<IncidentStore.Entry> history,
        List<CommandJournal.Entry> commands,
        List<Outbox.Item> notices) {

    public Dossier {
        history = List.copyOf(history);
        commands = List.copyOf(commands);
        notices = List.copyOf(notices);
    }

    /** When the guard first sent a command that took effect. */
    public Optional<Instant> actedAt() {
        return commands.stream()
                .filter(command -> command.outcome()
                        .filter(outcome -> outcome.equals("done") || outcome.equals("already-so"))
                        .isPresent())
                .map(CommandJournal.Entry::begunAt)
                .findFirst();
    }
}
