package io.deployguard.pipeline;

import io.deployguard.detection.StopJudgement;
import io.deployguard.ecs.DeploymentId;
import io.deployguard.ecs.ServiceDeployment;
import io.deployguard.ecs.ServiceDescription.Rollout;
import io.deployguard.ecs.ServiceRevision;
import io.deployguard.ecs.ServiceSnapshot;
import io.deployguard.ecs.TaskHealth;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Somebody waits until a revision runs healthy, a pipeline for instance. One look at a time, pure: each look either answers or says what is missing
 * and leaves the next state.
 *
 * @param wanted full ARN of the task definition that should run
 * @param since when the waiting began
 * @param soak how long all must look well without a break
 * @param steadySince since when it does
 * @param seen whether a deployment of the wanted revision was seen under way
 */
public record Waiting(String wanted, Instant since, Duration soak, Optional<Instant> steadySince, boolean seen) {

    /** An end that was there when the waiting began may be that of an earlier attempt: ECS needs a moment to list a new one. */
    static final Duration APPEARS_WITHIN = Duration.ofSeconds(15);

    /** How a look answers. */
    public enum State {
        /** Not decided yet. */
        PENDING,
        /** The wanted revision runs with all its tasks healthy, and its deployment is complete. */
        HEALTHY,
        /** ECS went back to another revision, or is about to. */
        ROLLED_BACK,
        /** ECS or a person gave the deployment up, or it cannot become healthy. */
        FAILED,
        /** Another deployment took its place. */
        REPLACED,
        /** It was not decided in time. */
        TIMEOUT
    }

    /**
     * What one look says.
     *
     * @param subject the deployment that it speaks of; absent when none of the wanted revision is to be seen
     * @param next the state for the next look
     */
    public record Look(State state, Optional<DeploymentId> subject, String because, Waiting next) {}

    /** Begins to wait for a task definition. */
    public static Waiting begin(String wanted, Instant now, Duration soak) {
        return new Waiting(wanted, now, soak, Optional.empty(), false);
    }

    /** What the newest deployment of the service is to bring, for somebody who names no task definition. */
    public static Optional<String> newestOf(ServiceSnapshot snapshot) {
        return snapshot.currentDeployment()
                .flatMap(deployment -> definitionOf(deployment, snapshot))
                .or(() -> snapshot.service().primary().map(Rollout::taskDefinitionArn));
    }

    /** Looks. */
    public Look look(ServiceSnapshot snapshot) {
        if (!snapshot.service().isActive()) {
            return end(
                    State.FAILED,
                    Optional.empty(),
                    "the service is " + snapshot.service().status());
        }
        return ended(snapshot).or(() -> replaced(snapshot)).orElseGet(() -> progress(snapshot));
    }

    /** The newest attempt to bring the wanted revision has ended otherwise than it should. */
    private Optional<Look> ended(ServiceSnapshot snapshot) {
        return attempt(snapshot)
                .filter(deployment -> isBelievable(deployment, snapshot))
                .flatMap(deployment -> {
                    var subject = Optional.of(deployment.deploymentId());
                    var why = deployment
                            .rollbackReason()
                            .or(deployment::statusReason)
                            .map(reason -> ": " + reason)
                            .orElse("");
                    return switch (deployment.status()) {
                        case ROLLBACK_REQUESTED, ROLLBACK_IN_PROGRESS ->
                            Optional.of(end(State.ROLLED_BACK, subject, name(wanted) + " is being rolled back" + why));
                        case ROLLBACK_SUCCESSFUL ->
                            Optional.of(end(State.ROLLED_BACK, subject, name(wanted) + " was rolled back" + why));
                        case ROLLBACK_FAILED ->
                            Optional.of(end(
                                    State.ROLLED_BACK,
                                    subject,
                                    name(wanted) + " was to be rolled back, and that failed too" + why));
                        // ECS stops an attempt too when a newer one takes its place.
                        case STOPPED, STOP_REQUESTED ->
                            isPrimary(snapshot) && isNewest(deployment, snapshot)
                                    ? Optional.of(end(
                                            State.FAILED,
                                            subject,
                                            "the deployment of " + name(wanted) + " was stopped" + why))
                                    : Optional.empty();
                        case PENDING, IN_PROGRESS, SUCCESSFUL, UNKNOWN -> Optional.empty();
                    };
                });
    }

    /** Something else is the primary deployment now. */
    private Optional<Look> replaced(ServiceSnapshot snapshot) {
        var primary = snapshot.service().primary();
        var own = rollout(snapshot);
        if (primary.isEmpty() || isPrimary(snapshot)) {
            return Optional.empty();
        }
        var began = own.isPresent() || attempt(snapshot).isPresent();
        if (!began || !hasSettled(snapshot)) {
            return Optional.empty();
        }
        var subject = own.map(Rollout::id).or(() -> attempt(snapshot).map(ServiceDeployment::deploymentId));
        return Optional.of(
                own.filter(Rollout::isFailed).isPresent()
                        ? end(State.ROLLED_BACK, subject, gaveUp(own.get()) + "; " + runs(primary.get()))
                        : end(State.REPLACED, subject, "another deployment took its place; " + runs(primary.get())));
    }

    private Look progress(ServiceSnapshot snapshot) {
        var primary = snapshot.service()
                .primary()
                .filter(rollout -> rollout.taskDefinitionArn().equals(wanted));
        if (primary.isEmpty()) {
            return pending(
                    Optional.empty(),
                    "no deployment of %s is to be seen yet%s"
                            .formatted(
                                    name(wanted),
                                    snapshot.service()
                                            .primary()
                                            .map(other -> "; " + runs(other))
                                            .orElse("")));
        }
        var rollout = primary.get();
        var subject = Optional.of(rollout.id());
        if (rollout.isFailed()) {
            return end(State.FAILED, subject, gaveUp(rollout));
        }
        var desired = snapshot.service().desired();
        var healthy = TaskHealth.healthyTasksOf(rollout.id(), snapshot).size();
        var counts = "%d of %d tasks of %s are healthy".formatted(healthy, desired, name(wanted));
        if (!rollout.isCompleted() || isUnfinished(snapshot)) {
            return pending(subject, counts + ", and its deployment is under way");
        }
        if (desired == 0) {
            return end(State.FAILED, subject, "the service is scaled to zero, so nothing of " + name(wanted) + " runs");
        }
        return healthy < desired ? pending(subject, counts) : steady(rollout, snapshot, counts);
    }

    private Look steady(Rollout rollout, ServiceSnapshot snapshot, String counts) {
        var now = snapshot.observedAt();
        var from = steadySince.orElse(now);
        var subject = Optional.of(rollout.id());
        var stopped = snapshot.tasksOf(rollout.id()).stream()
                .filter(StopJudgement::isUnexpected)
                .flatMap(task -> StopJudgement.stoppedAt(task).stream())
                .anyMatch(from::isBefore);
        if (stopped) {
            return pending(subject, counts + ", and one has stopped unexpectedly again");
        }
        return from.plus(soak).isAfter(now)
                ? new Look(
                        State.PENDING,
                        subject,
                        counts + "; is it so for " + soak.toSeconds() + " s?",
                        new Waiting(wanted, since, soak, Optional.of(from), true))
                : end(State.HEALTHY, subject, counts);
    }

    /** The newest attempt to bring the wanted task definition. */
    private Optional<ServiceDeployment> attempt(ServiceSnapshot snapshot) {
        return snapshot.deployments().stream()
                .filter(deployment -> definitionOf(deployment, snapshot)
                        .filter(wanted::equals)
                        .isPresent())
                .findFirst();
    }

    private boolean isPrimary(ServiceSnapshot snapshot) {
        return snapshot.service()
                .primary()
                .filter(primary -> primary.taskDefinitionArn().equals(wanted))
                .isPresent();
    }

    private static boolean isNewest(ServiceDeployment deployment, ServiceSnapshot snapshot) {
        return snapshot.currentDeployment().filter(deployment::equals).isPresent();
    }

    private Optional<Rollout> rollout(ServiceSnapshot snapshot) {
        return snapshot.service().rollouts().stream()
                .filter(rollout -> rollout.taskDefinitionArn().equals(wanted))
                .findFirst();
    }

    /** Blue/green deployments bake while all their tasks are healthy. */
    private boolean isUnfinished(ServiceSnapshot snapshot) {
        return attempt(snapshot)
                .filter(deployment -> !deployment.status().isFinished())
                .isPresent();
    }

    private boolean isBelievable(ServiceDeployment deployment, ServiceSnapshot snapshot) {
        return hasSettled(snapshot)
                || deployment.finishedAt().filter(since::isAfter).isEmpty();
    }

    private boolean hasSettled(ServiceSnapshot snapshot) {
        return seen || !snapshot.observedAt().isBefore(since.plus(APPEARS_WITHIN));
    }

    private static Optional<String> definitionOf(ServiceDeployment deployment, ServiceSnapshot snapshot) {
        return snapshot.findRevision(deployment.targetRevisionArn())
                .map(ServiceRevision::taskDefinitionArn)
                .or(() -> snapshot.service()
                        .findRollout(deployment.deploymentId())
                        .map(Rollout::taskDefinitionArn));
    }

    private Look end(State state, Optional<DeploymentId> subject, String because) {
        return new Look(state, subject, because, this);
    }

    private Look pending(Optional<DeploymentId> subject, String because) {
        return new Look(
                State.PENDING,
                subject,
                because,
                new Waiting(wanted, since, soak, Optional.empty(), seen || subject.isPresent()));
    }

    private String gaveUp(Rollout rollout) {
        return "ECS gave the deployment of " + name(wanted) + " up"
                + rollout.stateReason().map(reason -> ": " + reason).orElse("");
    }

    private static String runs(Rollout rollout) {
        return name(rollout.taskDefinitionArn()) + " is the primary one";
    }

    private static String name(String arn) {
        return arn.substring(arn.lastIndexOf('/') + 1);
    }
}
