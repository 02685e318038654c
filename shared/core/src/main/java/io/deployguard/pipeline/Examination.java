package io.deployguard.pipeline;

import io.deployguard.classification.Diagnosis;
import io.deployguard.decision.ActionBudget;
import io.deployguard.decision.Decision;
import io.deployguard.decision.DecisionPolicy;
import io.deployguard.detection.StopJudgement;
import io.deployguard.ecs.ServiceRef;
import io.deployguard.incident.Incident;
import io.deployguard.incident.Progress;
import io.deployguard.incident.Recurrence;
import io.deployguard.incident.RevisionLedger;
import io.deployguard.incident.Storm;
import io.deployguard.pipeline.Database.Stores;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Examines one open incident: investigates without a transaction, then keeps the findings in the second one and wakes whoever has work now. May
 * run as often as one likes: findings about an incident that has moved on in the meantime are dropped.
 */
final class Examination {

    /** Failures that are no further apart may have one cause. */
    private static final Duration SAME_MINUTES = Duration.ofMinutes(5);

    /** Completed deployments that tell how a service starts. */
    private static final int STARTS_OF = 5;

    /** More often nobody counts. */
    private static final int MOST_RECURRENCES = 200;

    private final Database database;
    private final Investigation investigation;
    private final IncidentWriter writer;
    private final GuardSettings settings;
    private final Nudge nudge;
    private final InstantSource clock;

    Examination(
            Database database,
            Investigation investigation,
            IncidentWriter writer,
            GuardSettings settings,
            Nudge nudge,
            InstantSource clock) {
        this.database = database;
        this.investigation = investigation;
        this.writer = writer;
        this.settings = settings;
        this.nudge = nudge;
        this.clock = clock;
    }

    /** In a crash loop every stop brings an event; looking at each of them would only wear out the limits of the APIs. */
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(30);

    /** Whether a new sign is a reason to look at once: while nothing is known for sure, and the last look is not of just now. */
    static boolean isWorthALookNow(Incident incident, Instant now) {
        return isWorthAnotherLook(incident)
                && incident.diagnosedAt()
                        .filter(at -> at.plus(BETWEEN_LOOKS).isAfter(now))
                        .isEmpty();
    }

    /** Whether more evidence could still change what the guard says or does. */
    static boolean isWorthAnotherLook(Incident incident) {
        return switch (incident.progress()) {
            case Progress.Suspected _, Progress.Investigating _ -> true;
            case Progress.Advised _ -> !isSure(incident) || mayHavePassed(incident);
            case Progress.Planned _, Progress.Verifying _, Progress.Dismissed _, Progress.Closed _ -> false;
        };
    }

    /** What kept the guard from acting may be over by the next stop: a crash loop is healthy between two crashes. */
    private static boolean mayHavePassed(Incident incident) {
        var overtaken = incident.decision()
                .filter(decision ->
                        decision instanceof Decision.StandDown down && down.reason() == Decision.Reason.OVERTAKEN)
                .isPresent();
        var kept = incident.grounds()
                .filter(grounds -> grounds.rule().equals("obstacle"))
                .isPresent();
        return incident.approval().isEmpty() && (overtaken || kept);
    }

    /**
     * The incident after the look.
     *
     * @throws io.deployguard.fault.GuardFault when the service cannot be described or the database is away
     */
    Incident examine(Incident incident, Instant deadline) {
        var memory = database.transact("read memory", stores -> remember(incident, stores));
        var findings = investigation.investigate(incident.service(), incident.deployment(), memory, deadline);
        var kept = database.transact("keep findings", stores -> keep(incident.id(), findings, stores));
        kept.ifPresent(this::wake);
        return kept.orElse(incident);
    }

    private void wake(Incident incident) {
        if (incident.progress() instanceof Progress.Planned) {
            nudge.act(incident.id());
        }
        if (incident.isTold()) {
            nudge.deliver(incident.id());
        }
    }

    private Optional<Incident> keep(UUID id, Findings findings, Stores stores) {
        var now = clock.instant();
        var next = stores.incidents()
                .find(id)
                .filter(Examination::isWorthAnotherLook)
                .map(current -> withFindings(current, restrained(findings, current), now))
                .map(examined -> examined.withRecurrence(Recurrence.of(
                        examined,
                        stores.incidents()
                                .openedSince(
                                        examined.service(),
                                        examined.openedAt().minus(Recurrence.WINDOW),
                                        MOST_RECURRENCES))));
        next.ifPresent(incident -> {
            writer.save(stores, incident, describe(incident));
            if (incident.isTold() && incident.isAgainstRevision()) {
                stores.revisions().condemned(incident.service(), incident.deployment(), now);
            }
        });
        return next;
    }

    private Incident withFindings(Incident current, Findings findings, Instant now) {
        return current.withFindings(
                findings.diagnosis(),
                findings.ruling(),
                findings.situation(),
                progressAfter(current, findings, now),
                now);
    }

    /** A release whose tasks are well is not taken back for what its log says: nothing but the log speaks against it. */
    private static Findings restrained(Findings findings, Incident incident) {
        if (incident.isAgainstRevision()) {
            return findings;
        }
        var because = "its tasks are healthy, so that going back is for a person to decide";
        var diagnosis = Optional.of(findings.diagnosis());
        return switch (findings.decision()) {
            case Decision.Act act ->
                findings.ruledBy("tasks-are-well", DecisionPolicy.insteadOf(act, diagnosis, because));
            case Decision.Ask ask ->
                findings.ruledBy("tasks-are-well", DecisionPolicy.insteadOf(ask, diagnosis, because));
            case Decision.Advise _, Decision.Wait _, Decision.StandDown _ -> findings;
        };
    }

    private Progress progressAfter(Incident incident, Findings findings, Instant now) {
        var untold = incident.progress() instanceof Progress.Suspected
                || incident.diagnosis().isEmpty();
        return switch (findings.decision()) {
            case Decision.StandDown down
            when untold && isNoConcern(down, incident) -> new Progress.Dismissed(now, down.because());
            case Decision.StandDown _, Decision.Act _, Decision.Ask _, Decision.Advise _, Decision.Wait _
            when incident.progress() instanceof Progress.Suspected && !isHopeless(findings.diagnosis()) ->
                incident.progress();
            case Decision.Act _ -> new Progress.Planned(now);
            case Decision.StandDown _, Decision.Ask _, Decision.Advise _, Decision.Wait _ ->
                isSure(findings.diagnosis()) ? new Progress.Advised() : lookAgain(incident, now);
        };
    }

    /** Logs arrive late, so an unsure diagnosis is worth a few more looks. One that an event caused before its time does not count. */
    private Progress lookAgain(Incident incident, Instant now) {
        var waits = settings.lookAgainAfter();
        return switch (incident.progress()) {
            case Progress.Investigating(var at, var looks)
            when at.isAfter(now) -> new Progress.Investigating(at, looks);
            case Progress.Investigating(var _, var looks)
            when looks < waits.size() -> new Progress.Investigating(now.plus(waits.get(looks)), looks + 1);
            case Progress.Investigating _,
                    Progress.Suspected _,
                    Progress.Advised _,
                    Progress.Planned _,
                    Progress.Verifying _,
                    Progress.Dismissed _,
                    Progress.Closed _ -> new Progress.Advised();
        };
    }

    /** A deployment that ECS gave up is told even though something else runs by now: it did fail. */
    private static boolean isNoConcern(Decision.StandDown down, Incident incident) {
        return switch (down.reason()) {
            case NOTHING_WRONG -> true;
            case SUPERSEDED -> incident.signs().stream().noneMatch(Incident.Sign::isEcsOwnVerdict);
            case ROLLBACK_UNDER_WAY, OVERTAKEN -> false;
        };
    }

    private static boolean isHopeless(Diagnosis diagnosis) {
        return isSure(diagnosis)
                && diagnosis instanceof Diagnosis.Identified found
                && found.hopeless()
                && found.proven();
    }

    static boolean isSure(Incident incident) {
        return incident.diagnosis().filter(Examination::isSure).isPresent();
    }

    private static boolean isSure(Diagnosis diagnosis) {
        return diagnosis instanceof Diagnosis.Identified found && found.confidence() >= DecisionPolicy.SURE;
    }

    private static String describe(Incident examined) {
        var cause = examined.diagnosis()
                .map(diagnosis -> switch (diagnosis) {
                    case Diagnosis.Identified found ->
                        "diagnosis %s, %d %% sure".formatted(found.cause(), Math.round(found.confidence() * 100));
                    case Diagnosis.Unknown _ -> "diagnosis unknown";
                })
                .orElseThrow();
        return cause + "; decision: " + examined.decision().orElseThrow().because();
    }

    private Investigation.Memory remember(Incident incident, Stores stores) {
        return new Investigation.Memory(
                stores.tasks().tasksOf(incident.service(), incident.deployment(), Instant.EPOCH),
                Condemned.of(incident.service(), stores),
                Brake.find(settings.budget(), incident.service(), stores, clock.instant()),
                failingToo(incident, stores),
                startsAreFlaky(incident, stores));
    }

    /** Whether one of the last deployments of the service completed although tasks of it had failed on the way. */
    private static boolean startsAreFlaky(Incident incident, Stores stores) {
        return stores.revisions().entriesOf(incident.service()).stream()
                .filter(entry -> !entry.deployment().equals(incident.deployment()))
                .filter(RevisionLedger.Entry::isProven)
                .limit(STARTS_OF)
                .anyMatch(entry -> stores.tasks().tasksOf(entry.service(), entry.deployment(), Instant.EPOCH).stream()
                        .filter(StopJudgement::isUnexpected)
                        .flatMap(task -> StopJudgement.stoppedAt(task).stream())
                        .anyMatch(at -> at.isBefore(entry.completedAt().orElseThrow())));
    }

    /** Other services of the same account and region that began to fail within some minutes before or after. */
    private static List<ServiceRef> failingToo(Incident incident, Stores stores) {
        var around = incident.openedAt();
        return Brake.failuresOf(Storm.placeOf(incident.service()), around.minus(SAME_MINUTES), stores).stream()
                .filter(failure -> !failure.at().isAfter(around.plus(SAME_MINUTES)))
                .map(ActionBudget.Failure::service)
                .filter(service -> !service.equals(incident.service()))
                .distinct()
                .sorted(Comparator.comparing(ServiceRef::toString))
                .toList();
    }
}
