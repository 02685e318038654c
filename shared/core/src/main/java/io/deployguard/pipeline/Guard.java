package io.deployguard.pipeline;

import io.deployguard.action.Migration;
import io.deployguard.detection.Detectors;
import io.deployguard.detection.Observation;
import io.deployguard.ecs.DeploymentId;
import io.deployguard.ecs.ServiceDeployment;
import io.deployguard.ecs.ServiceDescription;
import io.deployguard.ecs.ServiceRef;
import io.deployguard.ecs.ServiceSnapshot;
import io.deployguard.ecs.SnapshotSource;
import io.deployguard.event.GuardEvent;
import io.deployguard.evidence.Cleaning;
import io.deployguard.fault.GuardFault;
import io.deployguard.incident.Progress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Follows an event to a decision: takes it in and detects (first transaction), examines the incident (none held), keeps what was found and says so
 * (second transaction). An incident that was left without a diagnosis in between is taken up again by {@link Watch}.
 */
public final class Guard {

    /** Deployments longer ago than this have nothing to do with an alarm. */
    private static final Duration ALARM_CONCERNS = Duration.ofHours(1);

    /** Services that are asked whether a target group is theirs. */
    private static final int MOST_SERVICES = 25;

    /** Open incidents that are asked whether they wait for a task. */
    private static final int MOST_OPEN = 1_000;

    private final Database database;
    private final SnapshotSource snapshots;
    private final Nudge nudge;
    private final Investigation investigation;
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
        this.nudge = nudge;
        this.investigation = investigation;
        this.intake = new Intake(settings, writer, clock, ids);
        this.examination = new Examination(database, investigation, writer, settings, nudge, clock);
    }

    /**
     * Takes one event in and does everything that follows from it.
     *
     * @param deadline by which evidence must be gathered
     * @throws io.deployguard.fault.GuardFault when AWS or the database cannot answer now; the event must then be delivered again
     */
    public Handled handle(GuardEvent raw, Instant deadline) {
        var event = Cleaning.of(raw);
        return switch (event) {
            case GuardEvent.TaskStateChange change -> handle(change, deadline);
            case GuardEvent.DeploymentStateChange change when change.isCompleted() -> arrive(change, deadline);
            case GuardEvent.DeploymentStateChange change ->
                pursue(event, change.service(), change.deployment(), Optional.empty(), deadline);
            case GuardEvent.CodeDeployStateChange change -> handle(change, deadline);
            case GuardEvent.ServiceAction action -> handle(action, deadline);
            case GuardEvent.AlarmStateChange alarm -> handle(alarm, deadline);
            case GuardEvent.HookStateChange hook -> handle(hook, deadline);
            case GuardEvent.HostChange host -> note(event, host.subject() + ": " + host.what());
        };
    }

    private Handled handle(GuardEvent.TaskStateChange change, Instant deadline) {
        var service = change.service();
        var deployment = change.task().deployment();
        var runFor = Migration.findInGroup(change.task().group());
        if (runFor.isPresent()) {
            return wakeActor(change, runFor.get());
        }
        return service.isPresent() && deployment.isPresent()
                ? pursue(change, service.get(), deployment.get(), Optional.empty(), deadline)
                : note(change, "task " + change.task().id() + " belongs to no service");
    }

    /** The guard's own migration task: whoever started it goes on, or tells. */
    private Handled wakeActor(GuardEvent.TaskStateChange change, DeploymentId failing) {
        var handled = note(change, "migration task " + change.task().id() + " for " + failing);
        database.transact("read open incidents", stores -> stores.incidents().open(MOST_OPEN)).stream()
                .filter(incident -> incident.deployment().equals(failing)
                        && incident.service().clusterArn().equals(change.clusterArn()))
                .filter(incident -> incident.progress() instanceof Progress.Planned)
                .forEach(incident -> nudge.act(incident.id()));
        return handled;
    }

    /**
     * As if ECS had said it of a deployment of its own. One that begins has no task set yet: it is remembered by CodeDeploy's name for it until
     * {@link Watch} finds the task set.
     */
    private Handled handle(GuardEvent.CodeDeployStateChange change, Instant deadline) {
        var said = "CodeDeploy deployment %s: %s".formatted(change.deployment(), change.state());
        var service = change.ecsName().flatMap(_ -> snapshots.releasedBy(change.deployment()));
        if (service.isEmpty()) {
            return note(change, said);
        }
        Optional<ServiceSnapshot> look;
        try {
            look = find(service.get());
        } catch (GuardFault.Denied notOurs) {
            // The rule cannot tell clusters apart, and the guard may look at its own only.
            return note(change, said + ", of service " + service.get() + ", which the guard may not look at");
        }
        var attempt = look.flatMap(
                snapshot -> snapshot.findDeployment(change.deployment().arn()));
        var begins = change.state().equals("START");
        return attempt.map(ServiceDeployment::deploymentId)
                .or(() -> begins
                        ? Optional.of(new DeploymentId(change.deployment().id()))
                        : Optional.empty())
                .map(deployment -> handle(
                        new GuardEvent.DeploymentStateChange(
                                change.key(),
                                change.at(),
                                service.get(),
                                change.ecsName().orElseThrow(),
                                deployment,
                                said
                                        + attempt.flatMap(ServiceDeployment::statusReason)
                                                .map(reason -> ", " + reason)
                                                .orElse("")),
                        deadline))
                .orElseGet(() -> note(change, said + ", without a task set of service " + service.get()));
    }

    /** Service actions name no deployment: it is the primary one that cannot start. */
    private Handled handle(GuardEvent.ServiceAction action, Instant deadline) {
        if (!Detectors.isOfInterest(action)) {
            return note(action, action.name() + " of service " + action.service());
        }
        var snapshot = find(action.service());
        if (snapshot.isEmpty()) {
            return note(action, gone(action.service()));
        }
        return beingStarted(snapshot.get(), action.at())
                .map(deployment -> pursue(action, action.service(), deployment, Optional.empty(), deadline))
                .orElseGet(() -> note(
                        action, "service " + action.service() + " has no primary deployment that was there by then"));
    }

    /** What ECS calls complete is looked at once more: whether its users reach it, and whether it is anything new. */
    private Handled arrive(GuardEvent.DeploymentStateChange change, Instant deadline) {
        var snapshot = find(change.service());
        if (snapshot.isEmpty()) {
            return pursue(change, change.service(), change.deployment(), Optional.empty(), deadline);
        }
        var arrival = investigation.arrival(snapshot.get(), change.deployment(), deadline);
        var handled = pursue(change, change.service(), change.deployment(), Optional.of(arrival.look()), deadline);
        return handled instanceof Handled.Noted(var what) && !arrival.unseen().isEmpty()
                ? new Handled.Noted(what + "; not seen: " + String.join("; ", arrival.unseen()))
                : handled;
    }

    /** A hook names the attempt; which revision that brings is for ECS to say. One that waits for an answer is no trouble by itself. */
    private Handled handle(GuardEvent.HookStateChange hook, Instant deadline) {
        var about = "hook %s of service %s: %s".formatted(hook.hookId(), hook.service(), hook.name());
        if (!hook.isFailed() && !hook.isTimedOut()) {
            return note(hook, about);
        }
        var snapshot = find(hook.service());
        return snapshot.stream()
                .flatMap(seen -> seen.deployments().stream())
                .filter(deployment -> deployment.arn().equals(hook.serviceDeploymentArn()))
                .findFirst()
                .map(deployment -> pursue(
                        hook,
                        hook.service(),
                        deployment.deploymentId(),
                        Optional.of(Investigation.look(snapshot.orElseThrow(), deployment.deploymentId())),
                        deadline))
                .orElseGet(() -> note(hook, about + ", of a deployment that ECS does not list"));
    }

    private Handled handle(GuardEvent.AlarmStateChange alarm, Instant deadline) {
        if (alarm.isOver()) {
            return database.transact("take in event", stores -> intake.endAlarm(alarm, stores));
        }
        var about = "alarm " + alarm.name() + " is " + alarm.state();
        return Optional.of(alarm).filter(GuardEvent.AlarmStateChange::isOn).flatMap(this::serviceOf).stream()
                .map(service -> pursue(alarm, service, deadline))
                .findFirst()
                .orElseGet(() -> note(alarm, about + ", about no service that was deployed of late"));
    }

    private Handled pursue(GuardEvent.AlarmStateChange alarm, ServiceRef service, Instant deadline) {
        var snapshot = find(service);
        return snapshot.flatMap(seen -> seen.service().primary())
                .map(primary -> pursue(
                        alarm,
                        service,
                        primary.id(),
                        Optional.of(Investigation.look(snapshot.orElseThrow(), primary.id())),
                        deadline))
                .orElseGet(() -> note(
                        alarm,
                        snapshot.isEmpty() ? gone(service) : "service " + service + " has no primary deployment"));
    }

    /**
     * A service that was deployed of late; only those the guard has heard of are its business. An alarm on a target group names none, so that they
     * are asked whether it is theirs.
     */
    private Optional<ServiceRef> serviceOf(GuardEvent.AlarmStateChange alarm) {
        return database
                .transact(
                        "read deployments",
                        stores -> stores.revisions().deployedSince(alarm.at().minus(ALARM_CONCERNS), MOST_SERVICES))
                .stream()
                .filter(alarm::isNear)
                .filter(service -> alarm.service()
                        .map(service::equals)
                        .orElseGet(() -> alarm.targetGroup()
                                .filter(group -> registersWith(service, ":" + group))
                                .isPresent()))
                .findFirst();
    }

    private boolean registersWith(ServiceRef service, String group) {
        return find(service).stream()
                .flatMap(snapshot -> snapshot.service().targetGroups().stream())
                .anyMatch(arn -> arn.endsWith(group));
    }

    /** Absent for a service that was deleted; asking again would find nothing either. */
    private Optional<ServiceSnapshot> find(ServiceRef service) {
        try {
            return Optional.of(snapshots.describe(service));
        } catch (GuardFault.NotFound gone) {
            return Optional.empty();
        }
    }

    private static String gone(ServiceRef service) {
        return "service " + service + " does not exist any more";
    }

    /** What ECS tried to start by then. Where it has gone back since, the revision that it left: the target was there before, and well. */
    private static Optional<DeploymentId> beingStarted(ServiceSnapshot snapshot, Instant at) {
        var primary = snapshot.service().primary();
        return snapshot.currentDeployment()
                .filter(deployment -> deployment
                        .rollbackRevisionArn()
                        .map(DeploymentId::ofRevision)
                        .equals(primary.map(ServiceDescription.Rollout::id)))
                .filter(deployment ->
                        deployment.finishedAt().filter(at::isAfter).isEmpty())
                .map(ServiceDeployment::deploymentId)
                .or(() -> primary.filter(
                                known -> known.createdAt().filter(at::isBefore).isEmpty())
                        .map(ServiceDescription.Rollout::id));
    }

    private Handled note(GuardEvent event, String what) {
        return database.transact("take in event", stores -> stores.inbox().accept(event.key(), event.at()))
                ? new Handled.Noted(what)
                : new Handled.Duplicate(what);
    }

    private Handled pursue(
            GuardEvent event,
            ServiceRef service,
            DeploymentId deployment,
            Optional<Observation.Look> look,
            Instant deadline) {
        return switch (database.transact(
                "take in event", stores -> intake.takeIn(event, service, deployment, look, stores))) {
            case Intake.Taken.Over over -> over.handled();
            case Intake.Taken.Open open -> {
                open.storm().ifPresent(nudge::deliver);
                yield examine(open, deadline);
            }
        };
    }

    /** What was opened for a service that was deleted meanwhile is ended by {@link Watch}. */
    private Handled examine(Intake.Taken.Open open, Instant deadline) {
        try {
            return new Handled.Pursued(examination.examine(open.incident(), deadline), open.sign());
        } catch (GuardFault.NotFound gone) {
            return new Handled.Noted(gone(open.incident().service()) + ": " + open.sign());
        }
    }
}
