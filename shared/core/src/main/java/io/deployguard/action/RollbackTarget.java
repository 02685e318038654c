package io.deployguard.action;

import io.deployguard.ecs.DeploymentId;
import io.deployguard.ecs.ServiceDeployment;
import io.deployguard.ecs.ServiceDescription;
import io.deployguard.ecs.ServiceRevision;
import io.deployguard.ecs.ServiceSnapshot;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * The revision to go back to.
 *
 * @param taskDefinitionArn full ARN with revision
 */
public record RollbackTarget(DeploymentId deployment, String taskDefinitionArn) {

    /** A revision that was replaced earlier than this after it had become steady may have had no time to fail. */
    private static final Duration PROVEN_AFTER = Duration.ofMinutes(10);

    /**
     * The newest revision that reached a steady state, is not the failing one and is not condemned. From ECS's deployment history; for services
     * without one, the revision that still runs beside the failing one. Absent when ECS no longer knows what the newest one consists of: an
     * older one may be too old.
     *
     * @param condemned revisions that were found failing, so that two bad releases never alternate
     */
    public static Optional<RollbackTarget> find(
            ServiceSnapshot snapshot, DeploymentId failing, Set<DeploymentId> condemned) {
        var newest = snapshot.deployments().stream()
                .flatMap(deployment -> steadyRevision(deployment).stream())
                .filter(arn -> isCandidate(DeploymentId.ofRevision(arn), failing, condemned))
                .findFirst();
        return newest.isPresent()
                ? newest.flatMap(arn -> read(arn, snapshot))
                : stillRunning(snapshot, failing, condemned);
    }

    private static Optional<RollbackTarget> read(String revisionArn, ServiceSnapshot snapshot) {
        var id = DeploymentId.ofRevision(revisionArn);
        return snapshot.findRevision(revisionArn)
                .map(ServiceRevision::taskDefinitionArn)
                .or(() -> snapshot.service().findRollout(id).map(ServiceDescription.Rollout::taskDefinitionArn))
                .map(definition -> new RollbackTarget(id, definition));
    }

    /**
     * Where ECS itself goes back to when this deployment is stopped: its last completed deployment, else the one revision that ran when this one
     * began.
     *
     * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html">Circuit breaker</a>
     */
    static Optional<DeploymentId> ofEcs(ServiceSnapshot snapshot, ServiceDeployment stopped) {
        return snapshot.deployments().stream()
                .filter(deployment -> !deployment.arn().equals(stopped.arn()))
                .flatMap(deployment -> steadyRevision(deployment).stream())
                .findFirst()
                .or(() -> stopped.sourceRevisionArns().size() == 1
                        ? Optional.of(stopped.sourceRevisionArns().getFirst())
                        : Optional.empty())
                .map(DeploymentId::ofRevision);
    }

    /**
     * Why it may be no better than what fails: ECS calls a revision successful that was steady for a moment. Nobody doubts the only one there is.
     */
    Optional<String> doubt(ServiceSnapshot snapshot, DeploymentId failing, Set<DeploymentId> condemned) {
        var others = snapshot.deployments().stream()
                .flatMap(known -> steadyRevision(known).stream())
                .map(DeploymentId::ofRevision)
                .anyMatch(id -> !id.equals(deployment) && isCandidate(id, failing, condemned));
        return others
                ? inServiceFor(snapshot)
                        .filter(lasting -> lasting.compareTo(PROVEN_AFTER) < 0)
                        .map(lasting ->
                                "%s was in service for %d seconds only before it was replaced, so nothing shows that it holds"
                                        .formatted(name(), lasting.toSeconds()))
                : Optional.empty();
    }

    /** From its newest deployment's end until the next one began; absent when either is not known. */
    private Optional<Duration> inServiceFor(ServiceSnapshot snapshot) {
        var newestFirst = snapshot.deployments();
        for (var index = 1; index < newestFirst.size(); index++) {
            var known = newestFirst.get(index);
            if (steadyRevision(known)
                    .map(DeploymentId::ofRevision)
                    .filter(deployment::equals)
                    .isPresent()) {
                var next = newestFirst.get(index - 1).createdAt();
                return known.finishedAt().flatMap(from -> next.map(to -> Duration.between(from, to)));
            }
        }
        return Optional.empty();
    }

    private static Optional<String> steadyRevision(ServiceDeployment deployment) {
        return switch (deployment.status()) {
            case SUCCESSFUL -> Optional.of(deployment.targetRevisionArn());
            case ROLLBACK_SUCCESSFUL -> deployment.rollbackRevisionArn();
            case PENDING,
                    IN_PROGRESS,
                    STOP_REQUESTED,
                    STOPPED,
                    ROLLBACK_REQUESTED,
                    ROLLBACK_IN_PROGRESS,
                    ROLLBACK_FAILED,
                    UNKNOWN -> Optional.empty();
        };
    }

    private static Optional<RollbackTarget> stillRunning(
            ServiceSnapshot snapshot, DeploymentId failing, Set<DeploymentId> condemned) {
        return snapshot.service().rollouts().stream()
                .filter(rollout -> rollout.running() > 0)
                .filter(rollout -> !rollout.isFailed())
                .filter(rollout -> isCandidate(rollout.id(), failing, condemned))
                .findFirst()
                .map(RollbackTarget::of);
    }

    private static RollbackTarget of(ServiceDescription.Rollout rollout) {
        return new RollbackTarget(rollout.id(), rollout.taskDefinitionArn());
    }

    private static boolean isCandidate(DeploymentId id, DeploymentId failing, Set<DeploymentId> condemned) {
        return !id.equals(failing) && !condemned.contains(id);
    }

    /** {@code family:revision}. */
    public String name() {
        return taskDefinitionArn.substring(taskDefinitionArn.lastIndexOf('/') + 1);
    }
}
