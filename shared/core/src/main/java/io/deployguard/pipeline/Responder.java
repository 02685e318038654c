package io.deployguard.pipeline;

import io.deployguard.action.Action;
import io.deployguard.action.ActionPlan;
import io.deployguard.action.Actions;
import io.deployguard.action.Command;
import io.deployguard.action.CommandExecutor;
import io.deployguard.action.CommandJournal;
import io.deployguard.action.CommandOutcome;
import io.deployguard.decision.Decision;
import io.deployguard.ecs.DeploymentId;
import io.deployguard.ecs.ServiceSnapshot;
import io.deployguard.ecs.SnapshotSource;
import io.deployguard.incident.Incident;
import io.deployguard.incident.Progress;
import io.deployguard.incident.RevisionLedger;
import io.deployguard.pipeline.Database.Stores;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Carries a decision out, safely: under a lease, after a fresh look, with a journal row before and after, at most once per failing revision. The
 * only part of the guard that changes anything in AWS.
 */
public final class Responder {

    private final Database database;
    private final SnapshotSource snapshots;
    private final CommandExecutor executor;
    private final GuardSettings settings;
    private final IncidentWriter writer;
    private final Nudge nudge;
    private final InstantSource clock;
    private final Supplier<UUID> ids;

    public Responder(
            Database database,
            SnapshotSource snapshots,
            CommandExecutor executor,
            GuardSettings settings,
            Nudge nudge,
            InstantSource clock,
            Supplier<UUID> ids) {
        this.database = database;
        this.snapshots = snapshots;
        this.executor = executor;
        this.settings = settings;
        this.writer = new IncidentWriter(settings.channels(), clock);
        this.nudge = nudge;
        this.clock = clock;
        this.ids = ids;
    }

    /** What came of a request to act. */
    public sealed interface Response {

        String outcome();

        /** The incident has been dealt with before, or does not want to be acted on. */
        record NothingToDo(String outcome) implements Response {}

        /** Another actor holds the service; ask again later. */
        record Busy(String outcome) implements Response {}

        /** Commands were sent and took effect. */
        record Acted(String outcome) implements Response {}

        /** It must not be done any more; the incident says why. */
        record Withdrawn(String outcome) implements Response {}
    }

    /**
     * Does what was decided about an incident.
     *
     * @param holder name of this actor, unique among all that run
     * @throws io.deployguard.fault.GuardFault when AWS or the database cannot answer now; ask again, the journal tells what was begun
     */
    public Response respond(UUID incident, String holder) {
        var start = database.transact("take lease", stores -> begin(incident, holder, stores));
        return switch (start) {
            case Start.Not not -> not.response();
            case Start.Ready ready -> {
                try {
                    yield act(ready);
                } finally {
                    database.transact("release lease", stores -> {
                        stores.leases().release(ready.incident().service(), ready.fence());
                        return ready;
                    });
                }
            }
        };
    }

    private sealed interface Start {
        record Not(Response response) implements Start {}

        record Ready(
                Incident incident,
                Action action,
                long fence,
                Set<DeploymentId> condemned,
                Optional<CommandJournal.Entry> unfinished)
                implements Start {}
    }

    private Start begin(UUID id, String holder, Stores stores) {
        var incident = stores.incidents().find(id);
        if (incident.isEmpty() || !(incident.get().progress() instanceof Progress.Planned)) {
            return new Start.Not(new Response.NothingToDo("incident " + id + " does not wait for an action"));
        }
        var action = incident.get()
                .decision()
                .filter(Decision.Act.class::isInstance)
                .map(Decision.Act.class::cast)
                .flatMap(act -> Actions.find(act.remedy().action()));
        if (action.isEmpty()) {
            return new Start.Not(new Response.NothingToDo("incident " + id + " names no action the guard knows"));
        }
        var service = incident.get().service();
        return stores.leases()
                .acquire(service, holder, settings.lease())
                .<Start>map(fence -> new Start.Ready(
                        incident.get(), action.get(), fence, condemned(incident.get(), stores), unfinished(id, stores)))
                .orElse(new Start.Not(new Response.Busy("another actor holds service " + service)));
    }

    private static Set<DeploymentId> condemned(Incident incident, Stores stores) {
        return stores.revisions().entriesOf(incident.service()).stream()
                .filter(entry -> entry.condemnedAt().isPresent())
                .map(RevisionLedger.Entry::deployment)
                .collect(Collectors.toSet());
    }

    private static Optional<CommandJournal.Entry> unfinished(UUID incident, Stores stores) {
        return stores.journal().entriesOf(incident).stream()
                .filter(entry -> entry.outcome().isEmpty())
                .findFirst();
    }

    private Response act(Start.Ready ready) {
        var snapshot = snapshots.describe(ready.incident().service());
        if (ready.unfinished().isPresent()) {
            var entry = ready.unfinished().get();
            var effect = Effects.find(entry.command(), ready.incident().deployment(), snapshot);
            if (effect.isPresent()) {
                return finish(ready, entry.id(), new CommandOutcome.AlreadySo(effect.get()), goalOf(entry, snapshot));
            }
        }
        return switch (ready.action().plan(snapshot, ready.incident().deployment(), ready.condemned())) {
            case ActionPlan.Refused refused -> withdraw(ready, refused.because());
            case ActionPlan.Steps steps -> execute(ready, steps);
        };
    }

    private static ActionPlan.Steps goalOf(CommandJournal.Entry entry, ServiceSnapshot snapshot) {
        var target = Effects.targetOf(entry.command(), snapshot);
        return new ActionPlan.Steps(
                java.util.List.of(entry.command()), "back to " + target.substring(target.lastIndexOf('/') + 1), target);
    }

    private Response execute(Start.Ready ready, ActionPlan.Steps steps) {
        var response = Optional.<Response>empty();
        for (var command : steps.commands()) {
            var entry = ready.unfinished()
                    .filter(begun -> begun.command().equals(command))
                    .map(CommandJournal.Entry::id)
                    .or(() -> journal(ready, command));
            if (entry.isEmpty()) {
                return withdraw(
                        ready, "the one automatic action for this revision was taken before, or the lease was lost");
            }
            response = Optional.of(finish(ready, entry.get(), executor.execute(command), steps));
        }
        return response.orElseThrow();
    }

    /** Claims the revision's one action and writes that the command is about to be sent; absent when either must not be. */
    private Optional<UUID> journal(Start.Ready ready, Command command) {
        var incident = ready.incident();
        return database.transact("begin command", stores -> {
            var now = clock.instant();
            if (!stores.leases().holds(incident.service(), ready.fence())
                    || !stores.journal().claim(incident.service(), incident.deployment(), incident.id(), now)) {
                return Optional.empty();
            }
            var id = ids.get();
            stores.journal()
                    .begin(new CommandJournal.Entry(
                            id,
                            incident.id(),
                            command,
                            ready.fence(),
                            now,
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty()));
            return Optional.of(id);
        });
    }

    private Response finish(Start.Ready ready, UUID entry, CommandOutcome outcome, ActionPlan.Steps steps) {
        return switch (outcome) {
            case CommandOutcome.Done done -> verify(ready, entry, "done", done.detail(), steps);
            case CommandOutcome.AlreadySo so -> verify(ready, entry, "already-so", so.detail(), steps);
            case CommandOutcome.Refused refused -> {
                database.transact("finish command", stores -> {
                    stores.journal().finish(entry, "refused", refused.detail(), clock.instant());
                    return entry;
                });
                yield withdraw(ready, "AWS refused it: " + refused.detail());
            }
        };
    }

    private Response verify(Start.Ready ready, UUID entry, String outcome, String detail, ActionPlan.Steps steps) {
        var id = ready.incident().id();
        database.transact("finish command", stores -> {
            var now = clock.instant();
            stores.journal().finish(entry, outcome, detail, now);
            stores.incidents()
                    .find(id)
                    .filter(incident -> incident.progress() instanceof Progress.Planned)
                    .map(incident -> incident.withProgress(
                            new Progress.Verifying(
                                    now, steps.goal(), steps.targetTaskDefinitionArn(), Optional.empty()),
                            now))
                    .ifPresent(incident -> writer.save(stores, incident, "acted: " + detail));
            return id;
        });
        nudge.deliver(id);
        return new Response.Acted(detail);
    }

    private Response withdraw(Start.Ready ready, String because) {
        var id = ready.incident().id();
        database.transact("withdraw action", stores -> {
            var now = clock.instant();
            stores.incidents()
                    .find(id)
                    .filter(incident -> incident.progress() instanceof Progress.Planned)
                    .map(incident -> incident.withDecision(
                            new Decision.StandDown(Decision.Reason.OVERTAKEN, "not rolled back: " + because),
                            new Progress.Advised(),
                            now))
                    .ifPresent(incident -> writer.save(stores, incident, "not acted: " + because));
            return id;
        });
        nudge.deliver(id);
        return new Response.Withdrawn(because);
    }
}
