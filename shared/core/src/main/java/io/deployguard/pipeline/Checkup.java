package io.deployguard.pipeline;

import io.deployguard.classification.CauseId;
import io.deployguard.classification.Diagnosis;
import io.deployguard.decision.DecisionPolicy;
import io.deployguard.detection.StopJudgement;
import io.deployguard.ecs.DeploymentId;
import io.deployguard.ecs.ServiceDeployment;
import io.deployguard.ecs.ServiceDescription.Rollout;
import io.deployguard.ecs.ServiceRef;
import io.deployguard.ecs.ServiceSnapshot;
import io.deployguard.ecs.SnapshotSource;
import io.deployguard.ecs.TargetHealth;
import io.deployguard.ecs.Task;
import io.deployguard.ecs.TaskHealth;
import io.deployguard.evidence.Evidence;
import io.deployguard.evidence.EvidenceBundle;
import io.deployguard.fault.GuardFault;
import java.time.Instant;
import java.util.Optional;

/**
 * A look at a live service when somebody asks, rather than when an event came: how it is, and if it is not well, why. Read-only, remembers
 * nothing.
 */
public final class Checkup {

    private final SnapshotSource snapshots;
    private final Investigation investigation;
    private final Diagnose diagnose;

    public Checkup(SnapshotSource snapshots, Investigation investigation, Diagnose diagnose) {
        this.snapshots = snapshots;
        this.investigation = investigation;
        this.diagnose = diagnose;
    }

    /** How the service is. */
    public enum State {
        /** It serves with all its tasks, and requests reach them. */
        WELL,
        /** A deployment is under way and nothing speaks against it so far. */
        DEPLOYING,
        /** The current revision does not serve as it should. */
        FAILING,
        /** It serves with an earlier revision, since its last deployment failed. */
        ROLLED_BACK
    }

    /**
     * What was found.
     *
     * @param subject the revision that was examined
     * @param because what the state was read from, in one sentence
     * @param findings of the revision; for a service that is well or deploying there is usually no cause among them
     */
    public record Report(
            ServiceSnapshot snapshot, DeploymentId subject, State state, String because, Findings findings) {}

    /**
     * Examines the service.
     *
     * @param deadline by which all evidence must be in; what is late is missing
     * @throws GuardFault.NotFound when there is no such service, or it is deleted
     * @throws GuardFault when the service cannot be described
     */
    public Report examine(ServiceRef service, Instant deadline) {
        var snapshot = snapshots.describe(service);
        var primary = snapshot.service()
                .primary()
                .filter(_ -> snapshot.service().isActive())
                .orElseThrow(() -> new GuardFault.NotFound(
                        "service " + service + ": it is " + snapshot.service().status() + " and has no deployment",
                        null));
        var trouble = trouble(primary, snapshot);
        if (trouble.isPresent()) {
            return report(snapshot, primary.id(), State.FAILING, trouble.get(), deadline);
        }
        if (primary.isInProgress()) {
            var state = "deployment %s is under way, %s".formatted(primary.id(), counts(primary, snapshot));
            return deploying(report(snapshot, primary.id(), State.DEPLOYING, state, deadline));
        }
        var undone = snapshot.currentDeployment().filter(Checkup::isUndone);
        return undone.isPresent()
                ? report(snapshot, undone.get().deploymentId(), State.ROLLED_BACK, undone(undone.get()), deadline)
                : well(report(snapshot, primary.id(), State.WELL, counts(primary, snapshot), deadline));
    }

    private Report report(
            ServiceSnapshot snapshot, DeploymentId subject, State state, String because, Instant deadline) {
        return new Report(
                snapshot,
                subject,
                state,
                because,
                investigation.investigate(snapshot, subject, Investigation.Memory.NONE, deadline));
    }

    /** ECS may have forgotten the tasks that failed; a sure cause and no healthy task speak for themselves. */
    private static Report deploying(Report report) {
        var told = report.findings().diagnosis() instanceof Diagnosis.Identified found
                && !found.cause().equals(CauseId.NOT_A_FAILURE)
                && found.confidence() >= DecisionPolicy.SURE
                && report.findings().situation().servingNew() == 0;
        return told
                ? new Report(report.snapshot(), report.subject(), State.FAILING, report.because(), report.findings())
                : report;
    }

    /** What healthy tasks log proves nothing; but they may be well while no request reaches them. */
    private Report well(Report report) {
        var evidence = report.findings().evidence().all().stream()
                .filter(piece -> !(piece instanceof Evidence.LogLine))
                .toList();
        var diagnosis = diagnose.diagnose(new EvidenceBundle(evidence));
        var findings = new Findings(
                diagnosis,
                report.findings().ruling(),
                report.findings().situation(),
                report.findings().evidence());
        var misrouted = diagnosis instanceof Diagnosis.Identified found
                && found.cause().equals(CauseId.LISTENER_MISROUTED)
                && found.confidence() >= DecisionPolicy.SURE;
        return new Report(
                report.snapshot(),
                report.subject(),
                misrouted ? State.FAILING : State.WELL,
                misrouted ? diagnosis.explanation() : report.because(),
                findings);
    }

    private static Optional<String> trouble(Rollout primary, ServiceSnapshot snapshot) {
        var desired = snapshot.service().desired();
        var healthy = TaskHealth.healthyTasksOf(primary.id(), snapshot).size();
        var stops = snapshot.tasksOf(primary.id()).stream()
                .filter(StopJudgement::isUnexpected)
                .count();
        if (primary.isFailed()) {
            return Optional.of("ECS gave the deployment up"
                    + primary.stateReason().map(reason -> ": " + reason).orElse(""));
        }
        if (desired == 0 || healthy >= desired) {
            return Optional.empty();
        }
        if (stops > 0) {
            return Optional.of(
                    "%s, and %d of its tasks stopped unexpectedly".formatted(counts(primary, snapshot), stops));
        }
        if (primary.failedTasks() > 0) {
            return Optional.of(
                    "%s, and ECS counts %d failed tasks".formatted(counts(primary, snapshot), primary.failedTasks()));
        }
        return unhealthy(primary, snapshot)
                .or(() -> primary.isInProgress() ? Optional.empty() : Optional.of(counts(primary, snapshot)));
    }

    private static Optional<String> unhealthy(Rollout primary, ServiceSnapshot snapshot) {
        var addresses = snapshot.tasksOf(primary.id()).stream()
                .flatMap(task -> task.privateIp().stream())
                .toList();
        var targets = snapshot.targets().stream()
                .filter(TargetHealth::isUnhealthy)
                .filter(target -> target.targetId().filter(addresses::contains).isPresent())
                .count();
        var containers = snapshot.tasksOf(primary.id()).stream()
                .filter(Task::isRunning)
                .filter(task -> task.health() == io.deployguard.ecs.Container.Health.UNHEALTHY)
                .count();
        return targets + containers == 0
                ? Optional.empty()
                : Optional.of("%s; unhealthy by their own check: %d, by the load balancer's: %d"
                        .formatted(counts(primary, snapshot), containers, targets));
    }

    private static String counts(Rollout rollout, ServiceSnapshot snapshot) {
        return "%d of %d tasks of %s are healthy"
                .formatted(
                        TaskHealth.healthyTasksOf(rollout.id(), snapshot).size(),
                        snapshot.service().desired(),
                        name(rollout.taskDefinitionArn()));
    }

    private static boolean isUndone(ServiceDeployment deployment) {
        return switch (deployment.status()) {
            case STOPPED, ROLLBACK_SUCCESSFUL, ROLLBACK_FAILED, ROLLBACK_REQUESTED, ROLLBACK_IN_PROGRESS -> true;
            case PENDING, IN_PROGRESS, STOP_REQUESTED, SUCCESSFUL, UNKNOWN -> false;
        };
    }

    private static String undone(ServiceDeployment deployment) {
        return "the last deployment is %s%s"
                .formatted(
                        deployment.status(),
                        deployment
                                .rollbackReason()
                                .or(deployment::statusReason)
                                .map(reason -> ": " + reason)
                                .orElse(""));
    }

    private static String name(String taskDefinitionArn) {
        return taskDefinitionArn.substring(taskDefinitionArn.lastIndexOf('/') + 1);
    }
}
