package io.deployguard.pipeline;

import io.deployguard.action.Action;
import io.deployguard.action.ActionPlan;
import io.deployguard.action.Actions;
import io.deployguard.action.Aim;
import io.deployguard.action.MigrationRun;
import io.deployguard.classification.Diagnosis;
import io.deployguard.classification.RollbackHelps;
import io.deployguard.decision.Decision;
import io.deployguard.decision.DecisionPolicy;
import io.deployguard.decision.RollbackOutlook;
import io.deployguard.decision.Ruling;
import io.deployguard.ecs.DeploymentId;
import io.deployguard.ecs.ServiceRef;
import io.deployguard.ecs.ServiceSnapshot;
import io.deployguard.ecs.SnapshotSource;
import io.deployguard.ecs.Task;
import io.deployguard.fault.GuardFault;
import io.deployguard.incident.Approval;
import io.deployguard.incident.Incident;
import io.deployguard.incident.Progress;
import io.deployguard.incident.Recovery;
import io.deployguard.incident.RecoveryCheck;
import io.deployguard.pipeline.Database.Stores;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What is due on an open incident, whatever function left it where it is: another look, the actor's attention, an assessment of an action, its
 * end.
 */
final class FollowUp {

    /** People hear of an incident that the guard could not look at for so long. */
    private static final Duration BLIND_AFTER = Duration.ofMinutes(5);

    /** A plan that nobody carried out by then is left to a person. */
    private static final Duration PLAN_EXPIRES_AFTER = Duration.ofMinutes(15);

    /** A step that is still awaited by then is left to a person; ECS forgets stopped tasks after about as long. */
    private static final Duration STEP_ENDS_WITHIN = Duration.ofHours(1);

    private final Database database;
    private final SnapshotSource snapshots;
    private final Investigation investigation;
    private final Examination examination;
    private final IncidentWriter writer;
    private final GuardSettings settings;
    private final Nudge nudge;
    private final InstantSource clock;

    FollowUp(
            Database database,
            SnapshotSource snapshots,
            Investigation investigation,
            Examination examination,
            IncidentWriter writer,
            GuardSettings settings,
            Nudge nudge,
            InstantSource clock) {
        this.database = database;
        this.snapshots = snapshots;
        this.investigation = investigation;
        this.examination = examination;
        this.writer = writer;
        this.settings = settings;
        this.nudge = nudge;
        this.clock = clock;
    }

    /**
     * Does it.
     *
     * @return what was done, absent when nothing was due
     * @throws GuardFault when AWS or the database cannot answer now
     */
    Optional<String> on(Incident incident, Instant deadline) {
        return switch (incident.progress()) {
            case Progress.Suspected _ -> doubt(incident, deadline);
            case Progress.Investigating investigating ->
                isDue(investigating.lookAgainAt()) ? examine(incident, deadline) : Optional.empty();
            case Progress.Planned planned -> wakeActor(incident, planned, deadline);
            case Progress.Verifying verifying -> verify(incident, verifying, deadline);
            case Progress.Advised _ -> {
                if (incident.situation().isEmpty()) {
                    yield lookAtLast(incident, deadline);
                }
                yield incident.approval().filter(Approval::isOpen).isPresent()
                        ? await(incident)
                        : recover(incident, deadline);
            }
            case Progress.Dismissed _, Progress.Closed _ -> Optional.empty();
        };
    }

    private boolean isDue(Instant moment) {
        return !moment.isAfter(clock.instant());
    }

    private Optional<String> doubt(Incident incident, Instant deadline) {
        if (isDue(incident.lastSignAt().plus(settings.detection().window()))) {
            var stops = incident.signs().size();
            var because = stops == 1
                    ? "it stopped once and not again"
                    : "%d unexpected stops, and then no more".formatted(stops);
            var now = clock.instant();
            return store(
                    incident,
                    incident.withProgress(new Progress.Dismissed(now, because), now),
                    "dismissed: " + because);
        }
        return isWorthALook(incident) ? examine(incident, deadline) : Optional.empty();
    }

    /** A hopeless cause decides at the first stop, and its log may come late: one more look once the last one should have come. */
    private boolean isWorthALook(Incident incident) {
        var late = settings.lookAgainAfter().stream().max(Duration::compareTo).map(incident.openedAt()::plus);
        return incident.diagnosedAt().isEmpty()
                || (!Examination.isSure(incident)
                        && late.filter(this::isDue)
                                .filter(incident.diagnosedAt().get()::isBefore)
                                .isPresent());
    }

    /** A request ends when its time is up, or when there is nothing left to agree to. */
    private Optional<String> await(Incident incident) {
        var now = clock.instant();
        if (isDue(incident.approval().orElseThrow().request().until())) {
            return store(incident, Approvals.expired(incident, now), "request expired");
        }
        var look = find(incident.service());
        if (look.isEmpty()) {
            return closeAsGone(incident);
        }
        return overtakes(incident, look.get())
                .flatMap(because ->
                        store(incident, Approvals.overtaken(incident, because, now), "request superseded: " + because));
    }

    /** Why the action that was asked for need not be done any more. */
    private Optional<String> overtakes(Incident incident, ServiceSnapshot snapshot) {
        var condemned = database.transact("read memory", stores -> Condemned.of(incident.service(), stores));
        return Actions.find(incident.approval().orElseThrow().request().remedy().action())
                .map(action -> action.plan(snapshot, incident.deployment(), condemned))
                .filter(ActionPlan.Overtaken.class::isInstance)
                .map(plan -> ((ActionPlan.Overtaken) plan).because());
    }

    private Optional<String> lookAtLast(Incident incident, Instant deadline) {
        return find(incident.service()).isEmpty() ? closeAsGone(incident) : examine(incident, deadline);
    }

    private Optional<String> examine(Incident incident, Instant deadline) {
        try {
            var examined = examination.examine(incident, deadline);
            return Optional.of("incident " + incident.id() + ": examined again, revision " + examined.revision());
        } catch (GuardFault.NotFound gone) {
            return closeAsGone(incident);
        } catch (GuardFault fault) {
            sayThatBlind(incident, fault);
            throw fault;
        }
    }

    /** No message is worse than one that says so. */
    private void sayThatBlind(Incident incident, GuardFault fault) {
        if (!incident.isTold()
                || incident.diagnosis().isPresent()
                || !isDue(incident.openedAt().plus(BLIND_AFTER))) {
            return;
        }
        var because = "the guard could not look at the service: " + fault.getMessage();
        store(
                incident,
                incident.withoutSight(
                        new Diagnosis.Unknown(List.of(), List.of(), because),
                        Ruling.later(
                                "out-of-sight",
                                new Decision.Advise(
                                        List.of(),
                                        new RollbackOutlook(RollbackHelps.DEPENDS, "nothing is known of the cause"),
                                        Optional.empty(),
                                        because),
                                incident.grounds()),
                        new Progress.Advised(),
                        clock.instant()),
                because);
    }

    private Optional<String> wakeActor(Incident incident, Progress.Planned planned, Instant deadline) {
        if (planned.awaited().isPresent()) {
            var look = find(incident.service());
            if (look.isEmpty()) {
                return closeAsGone(incident);
            }
            if (migration(incident, look.get()) instanceof MigrationRun.Failed(var task, var because)) {
                return tellFailure(incident, task, because, deadline);
            }
        }
        if (isDue(expiryOf(planned))) {
            return expire(incident);
        }
        nudge.act(incident.id());
        return Optional.of("incident " + incident.id() + ": woke the actor");
    }

    private static Instant expiryOf(Progress.Planned planned) {
        return planned.awaited()
                .map(step -> step.since().plus(STEP_ENDS_WITHIN))
                .orElse(planned.since().plus(PLAN_EXPIRES_AFTER));
    }

    private MigrationRun migration(Incident incident, ServiceSnapshot snapshot) {
        var entries =
                database.transact("read journal", stores -> stores.journal().entriesOf(incident.id()));
        return decided(incident)
                .map(action -> Courses.look(snapshots, action, snapshot, incident.deployment(), Set.of(), entries)
                        .migration())
                .orElseGet(MigrationRun.NotListed::new);
    }

    /** With what its log says, which the actor may not read. */
    private Optional<String> tellFailure(Incident incident, Task task, String because, Instant deadline) {
        var logged = investigation
                .explain(task, incident.service(), deadline)
                .map(text -> "; " + text)
                .orElse("");
        var told = "migration task %s failed: %s%s".formatted(task.id(), because, logged);
        return store(incident, leftToPerson(incident, told), told);
    }

    /** Whether a step was taken of an action that takes several. */
    static boolean hasBegun(Incident incident) {
        return incident.progress() instanceof Progress.Planned planned
                && planned.awaited().isPresent();
    }

    /** What was decided and not done, as a clause begins. */
    static String notDone(Incident incident) {
        if (hasBegun(incident)) {
            return "it was begun and not completed";
        }
        return incident.decision()
                        .filter(decision -> decision instanceof Decision.Act act
                                && !act.remedy().equals(DecisionPolicy.ROLL_BACK))
                        .isPresent()
                ? "not done"
                : "not rolled back";
    }

    /** Under the lease, so that no actor is in the middle of it. */
    private Optional<String> expire(Incident incident) {
        var because = database.transact("expire plan", stores -> {
            var fence = stores.leases().acquire(incident.service(), "watch:" + incident.id(), settings.lease());
            var current =
                    stores.incidents().find(incident.id()).filter(now -> now.progress() instanceof Progress.Planned);
            if (fence.isEmpty()) {
                return Optional.<String>empty();
            }
            var expired = current.map(planned -> {
                var sentence = sentence(planned, stores);
                writer.save(stores, leftToPerson(planned, sentence), sentence);
                return sentence;
            });
            stores.leases().release(incident.service(), fence.get());
            return expired;
        });
        because.ifPresent(_ -> nudge.deliver(incident.id()));
        return because.map(sentence -> "incident " + incident.id() + ": " + sentence);
    }

    private static String sentence(Incident planned, Stores stores) {
        var begun = stores.journal().entriesOf(planned.id()).stream()
                .filter(entry -> entry.outcome().isEmpty())
                .findFirst();
        return begun.map(entry -> "it is not known whether this took effect: "
                        + entry.command().describe())
                .orElseGet(() -> planned.progress() instanceof Progress.Planned(var _, var step) && step.isPresent()
                        ? "waited %d minutes for %s"
                                .formatted(
                                        STEP_ENDS_WITHIN.toMinutes(), step.get().what())
                        : "%s: nobody carried the plan out within %d minutes"
                                .formatted(notDone(planned), PLAN_EXPIRES_AFTER.toMinutes()));
    }

    private Incident leftToPerson(Incident planned, String because) {
        var decision = planned.decision()
                .map(decided -> decided instanceof Decision.Act act
                        ? DecisionPolicy.insteadOf(act, planned.diagnosis(), because)
                        : decided)
                .orElseThrow();
        return planned.withDecision(
                Ruling.later(
                        hasBegun(planned) ? Ruling.BEGUN_NOT_COMPLETED : "plan-expired", decision, planned.grounds()),
                new Progress.Advised(),
                clock.instant());
    }

    private Optional<String> verify(Incident incident, Progress.Verifying verifying, Instant deadline) {
        var now = clock.instant();
        try {
            var look = find(incident.service());
            if (look.isEmpty()) {
                return closeAsGone(incident);
            }
            protectTarget(incident, verifying, look.get());
            var assessment = assess(incident, verifying, look.get(), deadline);
            return Recovery.next(verifying, assessment, now)
                    .map(next -> aim(incident) == Aim.REACHED ? serving(next) : next)
                    .flatMap(next -> store(incident, incident.withProgress(next, now), assessment.because()));
        } catch (GuardFault fault) {
            if (!isDue(verifying.actedAt().plus(settings.recovery().patience()))) {
                throw fault;
            }
            return close(incident, Progress.Outcome.NOT_HEALED, "it could not be verified: " + fault.getMessage());
        }
    }

    /** The revision itself was well all the time. */
    private static Progress serving(Progress next) {
        return next instanceof Progress.Closed(var outcome, var at, var because, var _)
                        && outcome == Progress.Outcome.HEALED
                ? new Progress.Closed(outcome, at, because, true)
                : next;
    }

    private RecoveryCheck.Assessment assess(
            Incident incident, Progress.Verifying verifying, ServiceSnapshot snapshot, Instant deadline) {
        return switch (aim(incident)) {
            case REACHED ->
                settings.recovery().assessReach(incident, verifying, snapshot, complaint(incident, snapshot, deadline));
            case OTHER_REVISION -> settings.recovery().assess(incident, verifying, snapshot);
            case NOTHING_STARTS -> settings.recovery().assessStandstill(incident, verifying, snapshot);
        };
    }

    /** What is wrong with what the endpoint answers; not to know is wrong too. */
    private Optional<String> complaint(Incident incident, ServiceSnapshot snapshot, Instant deadline) {
        var arrival = investigation.arrival(snapshot, incident.deployment(), deadline);
        return arrival.look()
                .endpoint()
                .map(asked -> asked.endpoint().complaint(asked.answer()))
                .orElseGet(() -> Optional.of(
                        arrival.unseen().stream().findFirst().orElse("the service names no endpoint any more")));
    }

    private static Aim aim(Incident incident) {
        return decided(incident).map(Action::aim).orElse(Aim.OTHER_REVISION);
    }

    private static Optional<Action> decided(Incident incident) {
        return incident.decision()
                .filter(Decision.Act.class::isInstance)
                .flatMap(decision ->
                        Actions.find(((Decision.Act) decision).remedy().action()));
    }

    /** The deployment that an action made is claimed for that action, so that none will ever roll it back. */
    private void protectTarget(Incident incident, Progress.Verifying verifying, ServiceSnapshot snapshot) {
        snapshot.service()
                .primary()
                .filter(primary -> !primary.id().equals(incident.deployment()))
                .filter(primary -> primary.taskDefinitionArn().equals(verifying.targetTaskDefinitionArn()))
                .ifPresent(primary -> database.transact(
                        "protect rollback",
                        stores -> stores.journal()
                                .claim(incident.service(), primary.id(), incident.id(), clock.instant())));
    }

    private Optional<String> recover(Incident incident, Instant deadline) {
        var look = find(incident.service());
        if (look.isEmpty()) {
            return closeAsGone(incident);
        }
        if (serves(incident.deployment(), look.get()) && isStillUnreachable(incident, look.get(), deadline)) {
            return Optional.empty();
        }
        return Recovery.withoutAction(
                        incident,
                        look.get(),
                        settings.recovery().soak(),
                        settings.detection().window())
                .flatMap(end -> store(
                        incident,
                        incident.withProgress(end, clock.instant()),
                        end.because(),
                        serves(incident.deployment(), look.get())));
    }

    private boolean isStillUnreachable(Incident incident, ServiceSnapshot snapshot, Instant deadline) {
        return incident.hasSign(Incident.Sign.UNREACHABLE)
                && investigation
                        .arrival(snapshot, incident.deployment(), deadline)
                        .look()
                        .endpoint()
                        .filter(asked ->
                                asked.endpoint().complaint(asked.answer()).isPresent())
                        .isPresent();
    }

    private static boolean serves(DeploymentId deployment, ServiceSnapshot snapshot) {
        return snapshot.service()
                .primary()
                .filter(primary -> primary.id().equals(deployment))
                .isPresent();
    }

    private Optional<ServiceSnapshot> find(ServiceRef service) {
        try {
            return Optional.of(snapshots.describe(service))
                    .filter(snapshot -> snapshot.service().isActive());
        } catch (GuardFault.NotFound gone) {
            return Optional.empty();
        }
    }

    private Optional<String> closeAsGone(Incident incident) {
        var because = snapshots.includes(incident.service())
                ? "the service was deleted"
                : "account " + incident.service().account() + " is not listed any more";
        var now = clock.instant();
        // What nobody has heard of is not told at its end either.
        return incident.isTold() && incident.diagnosis().isPresent()
                ? close(incident, Progress.Outcome.SUPERSEDED, because)
                : store(incident, incident.withProgress(new Progress.Dismissed(now, because), now), because);
    }

    private Optional<String> close(Incident incident, Progress.Outcome outcome, String because) {
        var now = clock.instant();
        return store(incident, incident.withProgress(new Progress.Closed(outcome, now, because), now), because);
    }

    private Optional<String> store(Incident before, Incident after, String happened) {
        return store(before, after, happened, false);
    }

    private Optional<String> store(Incident before, Incident after, String happened, boolean servesItself) {
        var stored = database.transact("follow up incident", stores -> {
            var current = stores.incidents().find(before.id());
            if (current.isEmpty() || current.get().revision() != before.revision()) {
                return false;
            }
            writer.save(stores, after, happened);
            if (after.progress() instanceof Progress.Closed) {
                judge(after, servesItself, stores);
            }
            return true;
        });
        if (stored) {
            nudge.deliver(before.id());
        }
        return stored ? Optional.of("incident " + before.id() + ": " + happened) : Optional.empty();
    }

    /**
     * What the ledger remembers of the revision from now on. Whatever ECS said in between: it was found failing, and only one that became well
     * by itself may be gone back to. Stops from before this moment are old news.
     */
    private void judge(Incident closed, boolean servesItself, Stores stores) {
        if (!closed.isAgainstRevision()) {
            return;
        }
        var now = clock.instant();
        stores.revisions().condemned(closed.service(), closed.deployment(), now);
        if (servesItself) {
            stores.revisions().completed(closed.service(), closed.deployment(), now);
        }
    }
}
