package io.deployguard.pipeline;

import io.deployguard.detection.Detection;
import io.deployguard.detection.Detectors;
import io.deployguard.detection.Observation;
import io.deployguard.ecs.CodeDeployRef;
import io.deployguard.ecs.ServiceDeployment;
import io.deployguard.ecs.ServiceDescription;
import io.deployguard.ecs.ServiceSnapshot;
import io.deployguard.ecs.SnapshotSource;
import io.deployguard.ecs.TaskDefinition;
import io.deployguard.fault.GuardFault;
import io.deployguard.incident.Approval;
import io.deployguard.incident.Incident;
import io.deployguard.incident.Progress;
import io.deployguard.incident.RevisionLedger;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Runs every minute and notices what sends no event: deployments without a healthy task, incidents that were left half-way, plans nobody carried
 * out, recoveries, channels that lag behind. With nothing going on it costs four queries.
 */
public final class Watch {

    /** Deployments that began earlier than this are no longer waited for; ECS itself gives up long before. */
    private static final Duration LONGEST_DEPLOYMENT = Duration.ofDays(2);

    /** Deployments that tell what is usual. */
    private static final int USUAL_OF = 5;

    /** Things that merely wait and are looked at in one run; with more of them they take turns, so that none is forgotten. */
    private static final int LIMIT = 100;

    /** Most that is read from the database in one run. */
    private static final int MOST = 1_000;

    /** A deployment is not called gone before: ECS may not list yet what its own event has announced. */
    private static final Duration APPEARS_WITHIN = Duration.ofMinutes(5);

    /** Hooks before the first task of a deployment by CodeDeploy may take an hour. */
    private static final Duration TASK_SET_APPEARS_WITHIN = Duration.ofHours(2);

    private final Database database;
    private final SnapshotSource snapshots;
    private final GuardSettings settings;
    private final Investigation investigation;
    private final Intake intake;
    private final Examination examination;
    private final FollowUp followUp;
    private final Gathering gathering;
    private final Nudge nudge;
    private final InstantSource clock;

    public Watch(
            Database database,
            SnapshotSource snapshots,
            Investigation investigation,
            GuardSettings settings,
            Nudge nudge,
            InstantSource clock,
            Supplier<UUID> ids) {
        this.database = database;
        this.snapshots = snapshots;
        this.settings = settings;
        this.investigation = investigation;
        var writer = new IncidentWriter(settings.channels(), clock);
        this.intake = new Intake(settings, writer, clock, ids);
        this.gathering = new Gathering(settings.budget(), writer);
        this.examination = new Examination(database, investigation, writer, settings, nudge, clock);
        this.followUp = new FollowUp(database, snapshots, investigation, examination, writer, settings, nudge, clock);
        this.nudge = nudge;
        this.clock = clock;
    }

    /**
     * What one run did, and what it could not do.
     *
     * @param faults one sentence each; whatever it is about is tried again next minute
     * @param outboxAge how long the message that waits longest has waited for its channel
     */
    public record Report(int deployments, int incidents, List<String> done, List<String> faults, Duration outboxAge) {

        public Report {
            done = List.copyOf(done);
            faults = List.copyOf(faults);
        }
    }

    /**
     * One run.
     *
     * @param deadline after which nothing more is begun
     */
    public Report run(Instant deadline) {
        var done = new ArrayList<String>();
        var faults = new ArrayList<String>();
        var unfinished = database.transact(
                "read unfinished deployments",
                stores -> stores.revisions().unfinished(clock.instant().minus(LONGEST_DEPLOYMENT), MOST));
        var lookedAfter = unfinished.stream()
                .filter(entry -> snapshots.includes(entry.service()))
                .toList();
        for (var entry : inTurn(lookedAfter)) {
            attempt(deadline, "deployment " + entry.deployment() + " of " + entry.service(), faults, () -> {
                listen(entry, deadline).ifPresent(done::add);
            });
        }
        var open = database.transact(
                "read open incidents", stores -> stores.incidents().open(MOST));
        for (var incident : urgentFirst(open)) {
            attempt(deadline, "incident " + incident.id(), faults, () -> {
                followUp.on(incident, deadline).ifPresent(done::add);
            });
        }
        followStorms(done, faults, deadline);
        var outboxAge = sweepOutbox(done);
        investigation.gaps().forEach(gap -> faults.add("rules: " + gap));
        return new Report(unfinished.size(), open.size(), done, faults, outboxAge);
    }

    private void attempt(Instant deadline, String what, List<String> faults, Runnable work) {
        if (!clock.instant().isBefore(deadline)) {
            faults.add(what + ": no time left in this run");
            return;
        }
        try {
            work.run();
        } catch (RuntimeException fault) {
            // Whatever it is, the others must not go unwatched for it.
            faults.add(what + ": " + fault.getMessage());
        }
    }

    /** Incidents that only wait for the end come last and take turns: some stay open for days. A request has its time. */
    private List<Incident> urgentFirst(List<Incident> open) {
        var waiting = open.stream().filter(Watch::onlyWaits).toList();
        var urgent = open.stream().filter(incident -> !onlyWaits(incident));
        return Stream.concat(urgent, inTurn(waiting).stream()).toList();
    }

    private static boolean onlyWaits(Incident incident) {
        return incident.progress() instanceof Progress.Advised
                && incident.approval().filter(Approval::isOpen).isEmpty();
    }

    private <T> List<T> inTurn(List<T> all) {
        if (all.size() <= LIMIT) {
            return all;
        }
        var minute = clock.instant().getEpochSecond() / 60;
        var first = (int) (minute * LIMIT % all.size());
        return Stream.concat(all.stream().skip(first), all.stream().limit(first))
                .limit(LIMIT)
                .toList();
    }

    /** Listens for silence. */
    private Optional<String> listen(RevisionLedger.Entry entry, Instant deadline) {
        Optional<ServiceSnapshot> look = find(entry);
        if (entry.deployment().isOfCodeDeploy()) {
            return identify(entry, look);
        }
        var rollout = look.flatMap(snapshot -> snapshot.service().findRollout(entry.deployment()));
        var current =
                rollout.filter(ServiceDescription.Rollout::isPrimary).filter(ServiceDescription.Rollout::isInProgress);
        if (look.isEmpty() || current.isEmpty()) {
            return rollout.filter(ServiceDescription.Rollout::isFailed).isPresent()
                    ? pursue(givenUp(entry, rollout.get(), look.get()), rollout.get(), deadline)
                    : settle(entry, rollout);
        }
        return Detectors.detect(observe(entry, current.get(), look.get()), settings.detection())
                .flatMap(found -> pursue(found, current.get(), deadline));
    }

    /** From now on it is told by its task set, as its tasks tell it. */
    private Optional<String> identify(RevisionLedger.Entry entry, Optional<ServiceSnapshot> look) {
        var started = entry.startedAt().orElseThrow();
        var taskSet = look.stream()
                .flatMap(snapshot -> snapshot.deployments().stream())
                .filter(deployment -> CodeDeployRef.find(deployment.arn())
                        .filter(ref -> ref.id().equals(entry.deployment().value()))
                        .isPresent())
                .map(ServiceDeployment::deploymentId)
                .findFirst();
        if (taskSet.isEmpty()
                && look.isPresent()
                && started.plus(TASK_SET_APPEARS_WITHIN).isAfter(clock.instant())) {
            return Optional.empty();
        }
        database.transact("identify deployment", stores -> {
            taskSet.ifPresent(id -> stores.revisions().started(entry.service(), id, started));
            stores.revisions().forget(entry.service(), entry.deployment());
            return entry;
        });
        return Optional.of("%s: CodeDeploy deployment %s %s"
                .formatted(
                        entry.service(),
                        entry.deployment(),
                        taskSet.map(id -> "is " + id).orElse("has no task set")));
    }

    /** ECS's own event got lost on its way here. */
    private Detection givenUp(RevisionLedger.Entry entry, ServiceDescription.Rollout rollout, ServiceSnapshot look) {
        return new Detection.FailedDeployment(
                entry.service(),
                entry.deployment(),
                clock.instant(),
                rollout.stateReason()
                        .filter(_ -> look.service().controller() == ServiceDescription.Controller.CODE_DEPLOY)
                        .map(reason -> "CodeDeploy gave the deployment up: " + reason)
                        .orElse("ECS gave the deployment up"));
    }

    private Optional<String> pursue(Detection found, ServiceDescription.Rollout rollout, Instant deadline) {
        var taken = database.transact("keep detection", stores -> {
            var kept = intake.keep(found, Optional.of(rollout.taskDefinitionArn()), stores);
            if (rollout.isFailed()) {
                stores.revisions().condemned(found.service(), found.deployment(), clock.instant());
            }
            return kept;
        });
        if (!(taken instanceof Intake.Taken.Open open)
                || open.incident().diagnosis().isPresent()) {
            // Known already: it is followed up like every other incident.
            return Optional.empty();
        }
        open.storm().ifPresent(nudge::deliver);
        examination.examine(open.incident(), deadline);
        return Optional.of(found.service() + ": " + found.because());
    }

    private Optional<ServiceSnapshot> find(RevisionLedger.Entry entry) {
        try {
            return Optional.of(snapshots.describe(entry.service()))
                    .filter(snapshot -> snapshot.service().isActive());
        } catch (GuardFault.NotFound gone) {
            return Optional.empty();
        }
    }

    private Observation observe(
            RevisionLedger.Entry entry, ServiceDescription.Rollout rollout, ServiceSnapshot snapshot) {
        // A rollback brings an old rollout back, which keeps the time of its creation.
        var startedAt = Stream.of(rollout.createdAt(), entry.startedAt())
                .flatMap(Optional::stream)
                .max(Instant::compareTo)
                .orElse(snapshot.observedAt());
        return new Observation(
                Optional.empty(),
                entry.service(),
                entry.deployment(),
                List.of(),
                entry.completedAt().isPresent(),
                Optional.of(
                        new Observation.Look(snapshot, definition(rollout), startedAt, usual(entry), Optional.empty())),
                clock.instant());
    }

    /** The longest of the last few deployments of the service that completed. */
    private Optional<Duration> usual(RevisionLedger.Entry entry) {
        return database
                .transact("read deployments", stores -> stores.revisions().entriesOf(entry.service()))
                .stream()
                .flatMap(earlier -> earlier.duration().stream())
                .limit(USUAL_OF)
                .max(Duration::compareTo);
    }

    /** The deployment's end may have got lost on its way here; what ECS says now counts. */
    private Optional<String> settle(RevisionLedger.Entry entry, Optional<ServiceDescription.Rollout> rollout) {
        var now = clock.instant();
        if (rollout.isEmpty()
                && entry.startedAt()
                        .filter(started -> started.plus(APPEARS_WITHIN).isAfter(now))
                        .isPresent()) {
            return Optional.empty();
        }
        var completed = rollout.filter(ServiceDescription.Rollout::isCompleted).isPresent();
        // Replaced before it was steady once more, it is as good as it was before.
        var proven = entry.isProven();
        database.transact("settle deployment", stores -> {
            if (completed || proven) {
                stores.revisions().completed(entry.service(), entry.deployment(), now);
            } else {
                stores.revisions().condemned(entry.service(), entry.deployment(), now);
            }
            return entry;
        });
        return Optional.of(entry.service() + ": deployment " + entry.deployment()
                + (completed ? " has completed" : " is gone without having completed"));
    }

    private Optional<TaskDefinition> definition(ServiceDescription.Rollout rollout) {
        try {
            return Optional.of(snapshots.describeTaskDefinition(rollout.taskDefinitionArn()));
        } catch (GuardFault unreadable) {
            // Then only the least time of the settings counts.
            return Optional.empty();
        }
    }

    private void followStorms(List<String> done, List<String> faults, Instant deadline) {
        var storms = database.transact("read storms", stores -> stores.storms().current(LIMIT));
        for (var storm : storms) {
            attempt(
                    deadline,
                    "storm " + storm.leader(),
                    faults,
                    () -> database.transact("follow storm", stores -> gathering.follow(storm, stores, clock.instant()))
                            .ifPresent(done::add));
        }
    }

    private Duration sweepOutbox(List<String> done) {
        var pending =
                database.transact("sweep outbox", stores -> stores.outbox().pending(LIMIT));
        pending.stream().map(item -> item.incident()).distinct().forEach(nudge::deliver);
        if (pending.isEmpty()) {
            return Duration.ZERO;
        }
        done.add(
                pending.size() == 1
                        ? "1 message waits for its channel"
                        : pending.size() + " messages wait for their channel");
        return Duration.between(pending.getFirst().wantedSince(), clock.instant());
    }
}
