package io.deployguard.pipeline;

import io.deployguard.detection.Detectors;
import io.deployguard.detection.Observation;
import io.deployguard.ecs.ServiceDescription;
import io.deployguard.ecs.SnapshotSource;
import io.deployguard.ecs.TaskDefinition;
import io.deployguard.fault.GuardFault;
import io.deployguard.incident.Incident;
import io.deployguard.incident.Progress;
import io.deployguard.incident.Recovery;
import io.deployguard.incident.RevisionLedger;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Runs every minute and notices what sends no event: deployments without a healthy task, incidents that were left half-way, plans nobody carried
 * out, recoveries, channels that lag behind. With nothing going on it costs three queries.
 */
public final class Watch {

    /** Deployments that began earlier than this are no longer waited for; ECS itself gives up long before. */
    private static final Duration LONGEST_DEPLOYMENT = Duration.ofDays(2);

    /** Deployments that tell what is usual. */
    private static final int USUAL_OF = 5;

    /** Things looked at in one run; the rest comes next minute, the longest waiting first. */
    private static final int LIMIT = 100;

    private final Database database;
    private final SnapshotSource snapshots;
    private final GuardSettings settings;
    private final IncidentWriter writer;
    private final Intake intake;
    private final Examination examination;
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
        this.writer = new IncidentWriter(settings.channels(), clock);
        this.intake = new Intake(settings, writer, clock, ids);
        this.examination = new Examination(database, investigation, writer, settings, nudge, clock);
        this.nudge = nudge;
        this.clock = clock;
    }

    /**
     * What one run did, and what it could not do.
     *
     * @param faults one sentence each; whatever it is about is tried again next minute
     */
    public record Report(int deployments, int incidents, List<String> done, List<String> faults) {

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
                stores -> stores.revisions().unfinished(clock.instant().minus(LONGEST_DEPLOYMENT), LIMIT));
        for (var entry : unfinished) {
            attempt(deadline, "deployment " + entry.deployment() + " of " + entry.service(), faults, () -> {
                listen(entry, deadline).ifPresent(done::add);
            });
        }
        var open = database.transact(
                "read open incidents", stores -> stores.incidents().open(LIMIT));
        for (var incident : open) {
            attempt(deadline, "incident " + incident.id(), faults, () -> {
                followUp(incident, deadline).ifPresent(done::add);
            });
        }
        sweepOutbox().ifPresent(done::add);
        return new Report(unfinished.size(), open.size(), done, faults);
    }

    private void attempt(Instant deadline, String what, List<String> faults, Runnable work) {
        if (!clock.instant().isBefore(deadline)) {
            faults.add(what + ": no time left in this run");
            return;
        }
        try {
            work.run();
        } catch (GuardFault fault) {
            faults.add(what + ": " + fault.getMessage());
        }
    }

    /** Listens for silence. */
    private Optional<String> listen(RevisionLedger.Entry entry, Instant deadline) {
        var snapshot = snapshots.describe(entry.service());
        var rollout = snapshot.service().findRollout(entry.deployment());
        if (rollout.isEmpty() || !rollout.get().isInProgress()) {
            return settle(entry, rollout);
        }
        var startedAt = rollout.get().createdAt().or(entry::startedAt).orElse(snapshot.observedAt());
        var detection = Detectors.detect(
                new Observation(
                        Optional.empty(),
                        entry.service(),
                        entry.deployment(),
                        List.of(),
                        entry.completedAt().isPresent(),
                        Optional.of(new Observation.Look(snapshot, definition(rollout.get()), startedAt, usual(entry))),
                        clock.instant()),
                settings.detection());
        return detection.map(found -> {
            var taken = database.transact(
                    "keep detection",
                    stores -> intake.keep(found, rollout.map(ServiceDescription.Rollout::taskDefinitionArn), stores));
            if (taken instanceof Intake.Taken.Open open) {
                examination.examine(open.incident(), deadline);
            }
            return entry.service() + ": " + found.because();
        });
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
        var completed = rollout.flatMap(ServiceDescription.Rollout::state)
                .filter("COMPLETED"::equals)
                .isPresent();
        database.transact("settle deployment", stores -> {
            if (completed) {
                stores.revisions().completed(entry.service(), entry.deployment(), clock.instant());
            } else {
                stores.revisions().condemned(entry.service(), entry.deployment(), clock.instant());
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

    private Optional<String> followUp(Incident incident, Instant deadline) {
        return switch (incident.progress()) {
            case Progress.Suspected _ -> doubt(incident, deadline);
            case Progress.Investigating investigating -> lookAgain(incident, investigating, deadline);
            case Progress.Planned _ -> {
                nudge.act(incident.id());
                yield Optional.of("incident " + incident.id() + ": woke the actor");
            }
            case Progress.Verifying verifying -> verify(incident, verifying);
            case Progress.Advised _ -> recover(incident);
            case Progress.Dismissed _, Progress.Closed _ -> Optional.empty();
        };
    }

    private Optional<String> doubt(Incident incident, Instant deadline) {
        if (incident.openedAt().plus(settings.detection().window()).isBefore(clock.instant())) {
            var now = clock.instant();
            return store(
                    incident,
                    incident.withProgress(new Progress.Dismissed(now, "it stopped once and not again"), now),
                    "dismissed: it stopped once and not again");
        }
        return incident.diagnosis().isPresent() ? Optional.empty() : examine(incident, deadline);
    }

    private Optional<String> lookAgain(Incident incident, Progress.Investigating investigating, Instant deadline) {
        return investigating.lookAgainAt().isAfter(clock.instant()) ? Optional.empty() : examine(incident, deadline);
    }

    private Optional<String> examine(Incident incident, Instant deadline) {
        var examined = examination.examine(incident, deadline);
        return Optional.of("incident " + incident.id() + ": examined again, revision " + examined.revision());
    }

    private Optional<String> verify(Incident incident, Progress.Verifying verifying) {
        var now = clock.instant();
        var assessment = settings.recovery().assess(incident, verifying, snapshots.describe(incident.service()));
        return Recovery.next(verifying, assessment, now)
                .flatMap(next -> store(incident, incident.withProgress(next, now), assessment.because()));
    }

    private Optional<String> recover(Incident incident) {
        var now = clock.instant();
        return Recovery.withoutAction(
                        incident,
                        snapshots.describe(incident.service()),
                        settings.recovery().soak())
                .flatMap(closed -> store(incident, incident.withProgress(closed, now), closed.because()));
    }

    private Optional<String> store(Incident before, Incident after, String happened) {
        var stored = database.transact("follow up incident", stores -> {
            var current = stores.incidents().find(before.id());
            if (current.isEmpty() || current.get().revision() != before.revision()) {
                return false;
            }
            writer.save(stores, after, happened);
            return true;
        });
        if (stored) {
            nudge.deliver(before.id());
        }
        return stored ? Optional.of("incident " + before.id() + ": " + happened) : Optional.empty();
    }

    private Optional<String> sweepOutbox() {
        var pending =
                database.transact("sweep outbox", stores -> stores.outbox().pending(LIMIT));
        pending.stream().map(item -> item.incident()).distinct().forEach(nudge::deliver);
        return pending.isEmpty() ? Optional.empty() : Optional.of(pending.size() + " messages wait for their channel");
    }
}
