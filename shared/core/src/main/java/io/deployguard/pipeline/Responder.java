package io.deployguard.pipeline;

import io.deployguard.action.Action;
import io.deployguard.action.ActionPlan;
import io.deployguard.action.Actions;
import io.deployguard.action.Command;
import io.deployguard.action.CommandExecutor;
import io.deployguard.action.CommandJournal;
import io.deployguard.action.CommandOutcome;
import io.deployguard.action.OptIn;
import io.deployguard.decision.Decision;
import io.deployguard.decision.DecisionPolicy;
import io.deployguard.decision.Mode;
import io.deployguard.decision.Ruling;
import io.deployguard.ecs.DeploymentId;
import io.deployguard.ecs.ServiceRef;
import io.deployguard.ecs.ServiceSnapshot;
import io.deployguard.ecs.SnapshotSource;
import io.deployguard.fault.GuardFault;
import io.deployguard.incident.Approval;
import io.deployguard.incident.Incident;
import io.deployguard.incident.Progress;
import io.deployguard.incident.Situation;
import io.deployguard.pipeline.Database.Stores;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Supplier;

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

        /** A step of it has not ended yet. */
        record Waits(String outcome) implements Response {}

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
                    release(ready);
                }
            }
        };
    }

    private void release(Start.Ready ready) {
        try {
            database.transact("release lease", stores -> {
                stores.leases().release(ready.service(), ready.fence());
                return ready;
            });
        } catch (GuardFault unreachable) {
            // It ends by itself, and what was done before counts more than this.
        }
    }

    private sealed interface Start {
        record Not(Response response) implements Start {}

        record Ready(
                Incident incident,
                Decision.Act decision,
                Action action,
                long fence,
                Set<DeploymentId> condemned,
                Optional<String> brake,
                List<CommandJournal.Entry> entries)
                implements Start {

            ServiceRef service() {
                return incident.service();
            }

            DeploymentId failing() {
                return incident.deployment();
            }

            Ready with(List<CommandJournal.Entry> more) {
                return new Ready(incident, decision, action, fence, condemned, brake, more);
            }
        }
    }

    private Start begin(UUID id, String holder, Stores stores) {
        var incident = stores.incidents().find(id);
        if (incident.isEmpty() || !(incident.get().progress() instanceof Progress.Planned)) {
            return new Start.Not(new Response.NothingToDo("incident " + id + " does not wait for an action"));
        }
        if (incident.get().approval().isPresent() && !isGranted(id, stores)) {
            return new Start.Not(new Response.NothingToDo("incident " + id + " waits for a person's consent"));
        }
        var decision =
                incident.get().decision().filter(Decision.Act.class::isInstance).map(Decision.Act.class::cast);
        var action = decision.flatMap(act -> Actions.find(act.remedy().action()));
        if (action.isEmpty()) {
            return new Start.Not(new Response.NothingToDo("incident " + id + " names no action the guard knows"));
        }
        var service = incident.get().service();
        return stores.leases()
                .acquire(service, holder, settings.lease())
                .<Start>map(fence -> new Start.Ready(
                        incident.get(),
                        decision.get(),
                        action.get(),
                        fence,
                        Condemned.of(service, stores),
                        Brake.find(settings.budget(), service, stores, clock.instant()),
                        stores.journal().entriesOf(id)))
                .orElse(new Start.Not(new Response.Busy("another actor holds service " + service)));
    }

    private static boolean isGranted(UUID incident, Stores stores) {
        return stores.approvals()
                .find(incident)
                .filter(Approval.Granted.class::isInstance)
                .isPresent();
    }

    private static List<CommandJournal.Entry> unfinished(UUID incident, Stores stores) {
        return stores.journal().entriesOf(incident).stream()
                .filter(entry -> entry.outcome().isEmpty())
                .toList();
    }

    private Response act(Start.Ready ready) {
        ServiceSnapshot snapshot;
        try {
            snapshot = snapshots.describe(ready.service());
        } catch (GuardFault.NotFound gone) {
            return standDown(
                    ready,
                    snapshots.includes(ready.service())
                            ? "the service is gone"
                            : "account " + ready.service().account() + " is not listed any more");
        }
        var targets = Targets.of(snapshot, ready.failing(), ready.condemned(), snapshots);
        var course =
                Courses.look(snapshots, ready.action(), snapshot, ready.failing(), targets.excluded(), ready.entries());
        var begun = course.unfinished();
        var effect = begun.flatMap(entry -> Effects.find(entry.command(), ready.failing(), snapshot, course));
        if (begun.isPresent() && effect.isPresent()) {
            return tookEffect(ready, begun.get(), effect.get(), snapshot);
        }
        var objection = objection(ready, snapshot);
        if (objection.isPresent()) {
            return leaveToPerson(ready, objection.get());
        }
        var plan = ready.action().next(snapshot, ready.failing(), targets.excluded(), course);
        var changed = changedSince(ready, plan);
        if (changed.isPresent()) {
            return leaveToPerson(ready, changed.get());
        }
        return switch (plan) {
            case ActionPlan.Overtaken overtaken -> standDown(ready, overtaken.because());
            case ActionPlan.Refused refused -> leaveToPerson(ready, targets.explain(refused.because()));
            case ActionPlan.Preparation preparation ->
                send(ready, preparation.command(), (id, outcome) -> goOn(ready, id, nameOf(outcome), outcome.detail()));
            case ActionPlan.Waits waits -> new Response.Waits(waits.on());
            case ActionPlan.Stage stage ->
                send(
                        ready,
                        stage.command(),
                        (id, outcome) -> await(ready, id, nameOf(outcome), outcome.detail(), stage.awaited()));
            case ActionPlan.Steps steps -> execute(ready, steps);
        };
    }

    private Response tookEffect(
            Start.Ready ready, CommandJournal.Entry begun, String effect, ServiceSnapshot snapshot) {
        return switch (begun.command()) {
            case Command.RunTask run ->
                await(
                        ready,
                        begun.id(),
                        "already-so",
                        effect,
                        ActionPlan.Stage.of(run).awaited());
            case Command.RegisterCopy _ -> goOn(ready, begun.id(), "already-so", effect);
            case Command.StopServiceDeployment _,
                    Command.StopCodeDeployDeployment _,
                    Command.ContinueServiceDeployment _,
                    Command.UpdateService _,
                    Command.ForceNewDeployment _,
                    Command.ScaleToZero _,
                    Command.Forward _ ->
                verify(
                        ready,
                        begun.id(),
                        "already-so",
                        effect,
                        Effects.goalOf(begun.command(), ready.failing(), ready.condemned(), snapshot));
        };
    }

    /** A first step has been taken; the next one is planned with it in sight. */
    private Response goOn(Start.Ready ready, UUID entry, String outcome, String detail) {
        var entries = database.transact("finish command", stores -> {
            stores.journal().finish(entry, outcome, detail, clock.instant());
            return stores.journal().entriesOf(ready.incident().id());
        });
        return act(ready.with(entries));
    }

    /** Why the guard may not do it by itself any more. A person's consent stands for mode auto and for the budget. */
    private Optional<String> objection(Start.Ready ready, ServiceSnapshot snapshot) {
        var mode = settings.modes()
                .choose(
                        snapshot.service().tags(),
                        ready.incident()
                                .diagnosis()
                                .map(DecisionPolicy::namesOf)
                                .orElse(Set.of()))
                .mode();
        var enough = ready.incident().approval().isPresent() ? Mode.ASK : Mode.AUTO;
        if (mode.compareTo(enough) < 0) {
            return Optional.of("the mode of the service is " + mode + " by now");
        }
        if (ready.action() instanceof OptIn
                && !settings.remedies().contains(ready.action().id())) {
            return Optional.of("the settings do not allow " + ready.action().id() + " any more");
        }
        if (FollowUp.hasBegun(ready.incident())) {
            // The steps of one action are one action.
            return Optional.empty();
        }
        return enough == Mode.AUTO ? ready.brake().map(why -> "automatic action pauses: " + why) : Optional.empty();
    }

    /** An action that may only do what was seen when it was decided is not done to anything else. */
    private static Optional<String> changedSince(Start.Ready ready, ActionPlan plan) {
        var seen = ready.incident().situation().flatMap(Situation::intended);
        return ready.action() instanceof OptIn optIn && optIn.isAsSeen()
                ? plan.nextCommand()
                        .filter(command -> !seen.equals(Optional.of(command)))
                        .map(command -> "it would %s by now, and what was decided on is to %s"
                                .formatted(
                                        command.describe(),
                                        seen.map(Command::describe).orElse("do something that is not on record")))
                : Optional.empty();
    }

    private Response execute(Start.Ready ready, ActionPlan.Steps steps) {
        for (var command : steps.commands().subList(0, steps.commands().size() - 1)) {
            var stopped = send(ready, command, (id, outcome) -> {
                finish(id, outcome);
                return new Response.Acted(outcome.detail());
            });
            if (!(stopped instanceof Response.Acted)) {
                return stopped;
            }
        }
        return send(
                ready,
                steps.commands().getLast(),
                (id, outcome) -> verify(ready, id, nameOf(outcome), outcome.detail(), steps));
    }

    /** Sends one command, with a journal row before it; what comes after it is for the caller. */
    private Response send(Start.Ready ready, Command command, BiFunction<UUID, CommandOutcome, Response> accepted) {
        var begun = database.transact("begin command", stores -> begin(ready, command, stores));
        return switch (begun) {
            case Begun.LeaseLost _ -> leaseLost(ready);
            case Begun.ClaimTaken _ ->
                leaveToPerson(
                        ready,
                        "the one automatic action for this revision was taken before, or a rollback put it there");
            case Begun.Entry(var id) -> {
                var outcome = executor.execute(command, ready.incident().id());
                yield outcome instanceof CommandOutcome.Refused refused
                        ? refused(ready, id, refused)
                        : accepted.apply(id, outcome);
            }
        };
    }

    private sealed interface Begun {
        record LeaseLost() implements Begun {}

        record ClaimTaken() implements Begun {}

        record Entry(UUID id) implements Begun {}
    }

    /** Claims the revision's one action and writes that the command is about to be sent. One that was begun before is continued. */
    private Begun begin(Start.Ready ready, Command command, Stores stores) {
        var now = clock.instant();
        if (!stores.leases().holds(ready.service(), ready.fence())) {
            return new Begun.LeaseLost();
        }
        if (!stores.journal()
                .claim(ready.service(), ready.failing(), ready.incident().id(), now)) {
            return new Begun.ClaimTaken();
        }
        var begun = unfinished(ready.incident().id(), stores);
        begun.stream().filter(entry -> !entry.command().equals(command)).forEach(entry -> abandon(entry, stores));
        return begun.stream()
                .filter(entry -> entry.command().equals(command))
                .findFirst()
                .map(entry -> new Begun.Entry(entry.id()))
                .orElseGet(() -> journal(ready, command, now, stores));
    }

    private Begun.Entry journal(Start.Ready ready, Command command, Instant now, Stores stores) {
        var id = ids.get();
        stores.journal()
                .begin(new CommandJournal.Entry(
                        id,
                        ready.incident().id(),
                        command,
                        ready.fence(),
                        now,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()));
        return new Begun.Entry(id);
    }

    private void abandon(CommandJournal.Entry entry, Stores stores) {
        stores.journal().finish(entry.id(), "no-effect", "a fresh look shows no effect of it", clock.instant());
    }

    private void finish(UUID entry, CommandOutcome outcome) {
        database.transact("finish command", stores -> {
            stores.journal().finish(entry, nameOf(outcome), outcome.detail(), clock.instant());
            return entry;
        });
    }

    private static String nameOf(CommandOutcome outcome) {
        return switch (outcome) {
            case CommandOutcome.Done _ -> "done";
            case CommandOutcome.AlreadySo _ -> "already-so";
            case CommandOutcome.Refused _ -> "refused";
        };
    }

    /** Kept even when the lease is lost by now: the command was sent, and its successor would find out the same. */
    private Response verify(Start.Ready ready, UUID entry, String outcome, String detail, ActionPlan.Steps steps) {
        var id = ready.incident().id();
        database.transact("finish command", stores -> {
            var now = clock.instant();
            stores.journal().finish(entry, outcome, detail, now);
            planned(id, stores)
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

    /** A step was sent whose end decides what comes next. */
    private Response await(Start.Ready ready, UUID entry, String outcome, String detail, String awaited) {
        var id = ready.incident().id();
        database.transact("finish command", stores -> {
            var now = clock.instant();
            stores.journal().finish(entry, outcome, detail, now);
            planned(id, stores)
                    .map(incident -> incident.withProgress(
                            ((Progress.Planned) incident.progress()).awaiting(new Progress.Awaited(now, awaited)), now))
                    .ifPresent(incident -> writer.save(stores, incident, "began: " + detail));
            return id;
        });
        nudge.deliver(id);
        return new Response.Acted(detail);
    }

    private Response refused(Start.Ready ready, UUID entry, CommandOutcome.Refused refused) {
        return withdraw(
                ready,
                "AWS refused it: " + refused.detail(),
                (incident, now) -> withdrawn(
                        incident,
                        DecisionPolicy.insteadOf(
                                ready.decision(),
                                incident.diagnosis(),
                                notActed(incident, "AWS refused it: " + refused.detail())),
                        now),
                stores -> stores.journal().finish(entry, "refused", refused.detail(), clock.instant()));
    }

    /** It cannot be done by the guard. */
    private Response leaveToPerson(Start.Ready ready, String because) {
        return withdraw(
                ready,
                because,
                (incident, now) -> withdrawn(
                        incident,
                        DecisionPolicy.insteadOf(ready.decision(), incident.diagnosis(), notActed(incident, because)),
                        now),
                _ -> {});
    }

    /** It need not be done any more. */
    private Response standDown(Start.Ready ready, String because) {
        return withdraw(
                ready,
                because,
                (incident, now) -> incident.approval().isPresent() && !FollowUp.hasBegun(incident)
                        ? Approvals.overtaken(incident, because, now)
                        : withdrawn(
                                incident,
                                new Decision.StandDown(Decision.Reason.OVERTAKEN, notActed(incident, because)),
                                now),
                _ -> {});
    }

    private Response withdraw(
            Start.Ready ready,
            String because,
            BiFunction<Incident, Instant, Incident> change,
            Consumer<Stores> before) {
        var id = ready.incident().id();
        var withdrawn = database.transact("withdraw action", stores -> {
            before.accept(stores);
            // Whoever holds the lease now judges by a newer look.
            if (!stores.leases().holds(ready.service(), ready.fence())) {
                return false;
            }
            unfinished(id, stores).forEach(entry -> abandon(entry, stores));
            var now = clock.instant();
            planned(id, stores)
                    .map(incident -> change.apply(incident, now))
                    .ifPresent(incident -> writer.save(stores, incident, "not acted: " + because));
            return true;
        });
        if (!withdrawn) {
            return leaseLost(ready);
        }
        nudge.deliver(id);
        return new Response.Withdrawn(because);
    }

    private static Incident withdrawn(Incident incident, Decision decision, Instant now) {
        if (!FollowUp.hasBegun(incident)) {
            return incident.withDecision(
                    Ruling.later("preflight", decision, incident.grounds()), new Progress.Advised(), now);
        }
        return incident.withDecision(
                Ruling.later(Ruling.BEGUN_NOT_COMPLETED, decision, incident.grounds()),
                decision instanceof Decision.StandDown
                        ? new Progress.Closed(Progress.Outcome.SUPERSEDED, now, decision.because())
                        : new Progress.Advised(),
                now);
    }

    private static String notActed(Incident incident, String because) {
        return FollowUp.notDone(incident) + ": " + because;
    }

    private static Optional<Incident> planned(UUID id, Stores stores) {
        return stores.incidents().find(id).filter(incident -> incident.progress() instanceof Progress.Planned);
    }

    private static Response leaseLost(Start.Ready ready) {
        return new Response.Busy("the lease of service " + ready.service() + " was lost on the way");
    }
}
