package io.deployguard.pipeline;

import io.deployguard.detection.Detectors;
import io.deployguard.ecs.DeploymentId;
import io.deployguard.ecs.ServiceRef;
import io.deployguard.ecs.SnapshotSource;
import io.deployguard.event.GuardEvent;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Follows an event to a decision: takes it in and detects (first transaction), examines the incident (none held), keeps what was found and says so
 * (second transaction). An incident that was left without a diagnosis in between is taken up again by {@link Watch}.
 */
public final class Guard {

    private final Database database;
    private final SnapshotSource snapshots;
    private final Intake intake;
    private final Examination examination;

    public Guard(
            Database database,
            SnapshotSource snapshots,
            Investigation investigation,
            GuardSettings settings,
            Nudge nudge,
            InstantSource clock,
            Supplier<UUID> ids) {
        var writer = new IncidentWriter(settings.channels(), clock);
        this.database = database;
        this.snapshots = snapshots;
        this.intake = new Intake(settings, writer, clock, ids);
        this.examination = new Examination(database, investigation, writer, settings, nudge, clock);
    }

    /**
     * Takes one event in and does everything that follows from it.
     *
     * @param deadline by which evidence must be gathered
     * @throws io.deployguard.fault.GuardFault when AWS or the database cannot answer now; the event must then be delivered again
     */
    public Handled handle(GuardEvent event, Instant deadline) {
        return switch (event) {
            case GuardEvent.TaskStateChange change -> handle(change, deadline);
            case GuardEvent.DeploymentStateChange change ->
                pursue(event, change.service(), change.deployment(), deadline);
            case GuardEvent.ServiceAction action -> handle(action, deadline);
            case GuardEvent.AlarmStateChange alarm -> note(event, "alarm " + alarm.name() + " is " + alarm.state());
            case GuardEvent.HookStateChange hook -> note(event, "hook " + hook.hookId() + ": " + hook.name());
            case GuardEvent.HostChange host -> note(event, host.subject() + ": " + host.what());
        };
    }

    private Handled handle(GuardEvent.TaskStateChange change, Instant deadline) {
        var service = change.service();
        var deployment = change.task().deployment();
        return service.isPresent() && deployment.isPresent()
                ? pursue(change, service.get(), deployment.get(), deadline)
                : note(change, "task " + change.task().id() + " belongs to no service");
    }

    /** Service actions name no deployment: it is the primary one that cannot start. */
    private Handled handle(GuardEvent.ServiceAction action, Instant deadline) {
        if (!Detectors.isOfInterest(action)) {
            return note(action, action.name() + " of service " + action.service());
        }
        return snapshots
                .describe(action.service())
                .service()
                .primary()
                .filter(primary ->
                        primary.createdAt().filter(action.at()::isBefore).isEmpty())
                .map(primary -> pursue(action, action.service(), primary.id(), deadline))
                .orElseGet(() -> note(
                        action, "service " + action.service() + " has no primary deployment that was there by then"));
    }

    private Handled note(GuardEvent event, String what) {
        return database.transact("take in event", stores -> stores.inbox().accept(event.key(), event.at()))
                ? new Handled.Noted(what)
                : new Handled.Duplicate(what);
    }

    private Handled pursue(GuardEvent event, ServiceRef service, DeploymentId deployment, Instant deadline) {
        return switch (database.transact(
                "take in event", stores -> intake.takeIn(event, service, deployment, stores))) {
            case Intake.Taken.Over over -> over.handled();
            case Intake.Taken.Open open ->
                new Handled.Pursued(examination.examine(open.incident(), deadline), open.sign());
        };
    }
}
