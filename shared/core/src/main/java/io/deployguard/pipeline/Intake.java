package io.deployguard.pipeline;

import io.deployguard.decision.BreakerRule;
import io.deployguard.detection.Detection;
import io.deployguard.detection.Detectors;
import io.deployguard.detection.Observation;
import io.deployguard.detection.StopJudgement;
import io.deployguard.ecs.DeploymentId;
import io.deployguard.ecs.ServiceRef;
import io.deployguard.event.GuardEvent;
import io.deployguard.incident.Incident;
import io.deployguard.incident.IncidentStore;
import io.deployguard.incident.Progress;
import io.deployguard.incident.RevisionLedger;
import io.deployguard.pipeline.Database.Stores;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/** The first transaction: an event and everything that it changes, together, so that the same event ten times is the same as once. */
final class Intake {

    /** Open incidents that are asked whether an alarm belongs to them. */
    private static final int MOST_OPEN = 1_000;

    /** Incidents of a service that are older say nothing about what goes on now. */
    private static final Duration LONG_AGO = Duration.ofDays(1);

    /** Without trouble for so long, a service counts as quiet; ECS pauses up to 27 minutes between two tries. */
    private static final Duration QUIET = Duration.ofMinutes(30);

    private final GuardSettings settings;
    private final IncidentWriter writer;
    private final Gathering gathering;
    private final InstantSource clock;
    private final Supplier<UUID> ids;

    Intake(GuardSettings settings, IncidentWriter writer, InstantSource clock, Supplier<UUID> ids) {
        this.settings = settings;
        this.writer = writer;
        this.gathering = new Gathering(settings.budget(), writer);
        this.clock = clock;
        this.ids = ids;
    }

    /** What taking an event in came to. */
    sealed interface Taken {

        /** Nothing more is to be done. */
        record Over(Handled handled) implements Taken {}

        /**
         * An incident wants to be examined.
         *
         * @param storm whose message has to tell now that this is one of many
         */
        record Open(Incident incident, String sign, Optional<UUID> storm) implements Taken {

            Open(Incident incident, String sign) {
                this(incident, sign, Optional.empty());
            }
        }
    }

    /** @param look at the live service, when the event asked for one */
    Taken takeIn(
            GuardEvent event,
            ServiceRef service,
            DeploymentId deployment,
            Optional<Observation.Look> look,
            Stores stores) {
        if (!stores.inbox().accept(event.key(), event.at())) {
            return takeUp(service, deployment, stores);
        }
        remember(event, service, stores);
        return Detectors.detect(observe(event, service, deployment, look, stores), settings.detection())
                .map(detection -> keep(detection, taskDefinitionOf(event), stores))
                .orElse(new Taken.Over(new Handled.Noted("nothing is wrong")));
    }

    /** A second delivery may mean that the first died half-way: then its incident still waits for a look. */
    private Taken takeUp(ServiceRef service, DeploymentId deployment, Stores stores) {
        return stores.incidents()
                .findOpen(service, deployment)
                .filter(this::waitsForALook)
                .<Taken>map(incident -> new Taken.Open(incident, "left without a look"))
                .orElse(new Taken.Over(new Handled.Duplicate("taken in before")));
    }

    private boolean waitsForALook(Incident incident) {
        return incident.diagnosis().isEmpty()
                || (incident.progress() instanceof Progress.Investigating investigating
                        && !investigating.lookAgainAt().isAfter(clock.instant()));
    }

    private static void remember(GuardEvent event, ServiceRef service, Stores stores) {
        switch (event) {
            case GuardEvent.TaskStateChange change -> stores.tasks().record(service, change.task(), change.at());
            case GuardEvent.DeploymentStateChange change -> {
                if (change.isInProgress()) {
                    stores.revisions().started(service, change.deployment(), change.at());
                } else if (change.isCompleted()) {
                    stores.revisions().completed(service, change.deployment(), change.at());
                } else if (change.isFailed()) {
                    stores.revisions().condemned(service, change.deployment(), change.at());
                }
            }
            case GuardEvent.CodeDeployStateChange _,
                    GuardEvent.ServiceAction _,
                    GuardEvent.AlarmStateChange _,
                    GuardEvent.HookStateChange _,
                    GuardEvent.HostChange _ -> {}
        }
    }

    /** An alarm is over: the incidents that it belongs to may end. */
    Handled endAlarm(GuardEvent.AlarmStateChange alarm, Stores stores) {
        var over = Incident.Sign.ofAlarmOver(alarm.name(), alarm.at());
        if (!stores.inbox().accept(alarm.key(), alarm.at())) {
            return new Handled.Duplicate(over.what());
        }
        return stores.incidents().open(MOST_OPEN).stream()
                .filter(incident -> alarm.isNear(incident.service()))
                .filter(incident -> incident.signs().stream().anyMatch(sign -> sign.isEndedBy(over)))
                .<Handled>map(incident -> add(over, incident, incident.progress(), stores))
                .reduce((first, second) -> first)
                .orElse(new Handled.Noted(over.what()));
    }

    private Observation observe(
            GuardEvent event,
            ServiceRef service,
            DeploymentId deployment,
            Optional<Observation.Look> look,
            Stores stores) {
        var since = event.at().minus(settings.detection().window());
        return new Observation(
                Optional.of(event),
                service,
                deployment,
                concernsTasks(event) ? stores.tasks().tasksOf(service, deployment, since) : List.of(),
                stores.revisions()
                        .find(service, deployment)
                        .flatMap(RevisionLedger.Entry::completedAt)
                        .isPresent(),
                look,
                clock.instant());
    }

    /** Of all steps in a task's life only an end that should not have been makes anybody count the others. */
    private static boolean concernsTasks(GuardEvent event) {
        return !(event instanceof GuardEvent.TaskStateChange change) || StopJudgement.isUnexpected(change.task());
    }

    private static Optional<String> taskDefinitionOf(GuardEvent event) {
        return event instanceof GuardEvent.TaskStateChange change
                ? Optional.of(change.task().taskDefinitionArn())
                : Optional.empty();
    }

    /**
     * Opens an incident for the detection, or adds it as a sign to the one it belongs to.
     *
     * @param taskDefinition that the detection speaks of, when it is known
     */
    Taken keep(Detection detection, Optional<String> taskDefinition, Stores stores) {
        var sign = Incident.Sign.of(detection);
        var known = stores.incidents().findOpen(detection.service(), detection.deployment());
        if (known.isPresent()) {
            return addTo(known.get(), detection, sign, stores);
        }
        var rollback = actedOn(detection, taskDefinition, stores);
        if (rollback.isPresent()) {
            return new Taken.Over(add(sign, rollback.get(), rollback.get().progress(), stores));
        }
        if (isHandedOver(detection, stores)) {
            return new Taken.Over(new Handled.Noted("not healed, and a person knows: " + sign.what()));
        }
        if (isOldNews(detection, stores)) {
            return new Taken.Over(new Handled.Noted("happened before the revision was found failing: " + sign.what()));
        }
        return isSuperseded(detection, stores)
                ? new Taken.Over(new Handled.Noted("another deployment has taken its place: " + sign.what()))
                : open(detection, sign, stores);
    }

    /**
     * A rollback is never rolled back: what fails while one is under way, under its own target, speaks about that action. Which deployment the
     * action made is not known for sure until the watch has seen it, so without a task definition every other revision counts as its target.
     */
    private static Optional<Incident> actedOn(Detection detection, Optional<String> taskDefinition, Stores stores) {
        return stores.incidents().openOf(detection.service()).stream()
                .filter(incident -> switch (incident.progress()) {
                    case Progress.Verifying verifying ->
                        taskDefinition
                                .map(verifying.targetTaskDefinitionArn()::equals)
                                .orElse(true);
                    case Progress.Planned _ ->
                        stores.journal().entriesOf(incident.id()).stream()
                                .anyMatch(entry -> entry.outcome().isEmpty());
                    case Progress.Suspected _,
                            Progress.Investigating _,
                            Progress.Advised _,
                            Progress.Dismissed _,
                            Progress.Closed _ -> false;
                })
                .findFirst();
    }

    /**
     * What goes on failing after an action has been told as not healed is no news: a person has it. It is once more as soon as the service was quiet,
     * or when something else has been deployed.
     */
    private static boolean isHandedOver(Detection detection, Stores stores) {
        var started = stores.revisions()
                .find(detection.service(), detection.deployment())
                .flatMap(RevisionLedger.Entry::startedAt);
        return started.isPresent()
                && stores
                        .incidents()
                        .openedSince(detection.service(), detection.at().minus(LONG_AGO), MOST_OPEN)
                        .stream()
                        .flatMap(incident -> notHealedAt(incident).stream())
                        .filter(started.get()::isBefore)
                        .anyMatch(told -> troubleBefore(detection, told, stores)
                                .plus(QUIET)
                                .isAfter(detection.at()));
    }

    private static Optional<Instant> notHealedAt(Incident incident) {
        return incident.progress() instanceof Progress.Closed closed && closed.outcome() == Progress.Outcome.NOT_HEALED
                ? Optional.of(closed.at())
                : Optional.empty();
    }

    /** The last unexpected stop before the detection, or when it was told as not healed. */
    private static Instant troubleBefore(Detection detection, Instant told, Stores stores) {
        return stores.tasks().tasksOf(detection.service(), detection.deployment(), told).stream()
                .filter(StopJudgement::isUnexpected)
                .flatMap(task -> StopJudgement.stoppedAt(task).stream())
                .filter(at -> at.isBefore(detection.at()))
                .filter(told::isBefore)
                .max(Instant::compareTo)
                .orElse(told);
    }

    /** ECS reports a stopped task again minutes later; by then its incident may have ended. */
    private static boolean isOldNews(Detection detection, Stores stores) {
        return stores.revisions()
                .find(detection.service(), detection.deployment())
                .flatMap(RevisionLedger.Entry::condemnedAt)
                .filter(condemned -> condemned.isAfter(detection.at()))
                .isPresent();
    }

    /**
     * Tasks that stop while another revision takes their place concern nobody; what ECS itself gave up does. One that was found failing took no place:
     * CodeDeploy goes back to the task set that was there before.
     */
    private static boolean isSuperseded(Detection detection, Stores stores) {
        var concerns = switch (detection) {
            case Detection.SuspiciousStop _, Detection.RestartLoop _ -> false;
            case Detection.FailedDeployment _,
                    Detection.ImpairedStart _,
                    Detection.UnreachableEndpoint _,
                    Detection.UnchangedImage _,
                    Detection.Alarm _,
                    Detection.Silence _ -> true;
        };
        var entries = stores.revisions().entriesOf(detection.service());
        return !concerns
                && entries.stream()
                        .filter(entry -> entry.deployment().equals(detection.deployment()))
                        .flatMap(entry -> entry.startedAt().stream())
                        .anyMatch(started -> entries.stream()
                                .filter(other -> !other.isCondemned())
                                .flatMap(other -> other.startedAt().stream())
                                .anyMatch(started::isBefore));
    }

    private Taken open(Detection detection, Incident.Sign sign, Stores stores) {
        var progress = Progress.first(detection, clock.instant());
        var opened = Incident.open(ids.get(), detection.service(), detection.deployment(), progress, sign);
        if (!stores.incidents().insert(opened)) {
            // Another function opened one since this transaction began: from the start, so that the sign is added to
            // it.
            throw new IncidentStore.ConcurrentChange(opened.id());
        }
        return new Taken.Open(opened, sign.what(), gathering.count(opened, stores, clock.instant()));
    }

    private Taken addTo(Incident known, Detection detection, Incident.Sign sign, Stores stores) {
        var first = Progress.first(detection, clock.instant());
        var confirmed = known.progress() instanceof Progress.Suspected && !(first instanceof Progress.Suspected);
        var handled = add(sign, known, confirmed ? first : known.progress(), stores);
        return (confirmed && Examination.isWorthAnotherLook(handled.incident()))
                        || Examination.isWorthALookNow(handled.incident(), clock.instant())
                        || isWhereTheBreakerActs(detection, handled.incident())
                ? new Taken.Open(handled.incident(), sign.what())
                : new Taken.Over(handled);
    }

    /** A stop at which the guard may go back without a cause is worth a look, however short ago the last one was. */
    private static boolean isWhereTheBreakerActs(Detection detection, Incident incident) {
        return detection instanceof Detection.RestartLoop loop
                && Examination.isWorthAnotherLook(incident)
                && incident.situation()
                        .filter(seen -> BreakerRule.isWorthALookAt(loop.stops(), seen.desired()))
                        .isPresent();
    }

    private Handled.Pursued add(Incident.Sign sign, Incident known, Progress progress, Stores stores) {
        var marked = known.withSign(sign, progress, clock.instant());
        if (!marked.equals(known)) {
            writer.save(stores, marked, sign.what());
        }
        return new Handled.Pursued(marked, sign.what());
    }
}
