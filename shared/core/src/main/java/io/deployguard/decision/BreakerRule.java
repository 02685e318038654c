package io.deployguard.decision;

import io.deployguard.classification.Diagnosis;
import io.deployguard.classification.RollbackHelps;
import io.deployguard.detection.StopJudgement;
import io.deployguard.ecs.Container;
import io.deployguard.ecs.DeploymentId;
import io.deployguard.ecs.ServiceDeployment;
import io.deployguard.ecs.ServiceDescription;
import io.deployguard.ecs.ServiceSnapshot;
import io.deployguard.ecs.Stop;
import io.deployguard.ecs.Task;
import io.deployguard.ecs.TaskHealth;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What ECS's deployment circuit breaker would do: it asks for no cause, only for how many tasks of a deployment failed before one was healthy. The
 * guard counts a container that runs and ends as well, which the breaker does not, and it needs fewer failures, since it sees more: whether any
 * task has outlived those that failed, and how the service's earlier deployments began.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html">Circuit breaker</a>
 */
public final class BreakerRule {

    private static final int LEAST = 3;
    private static final int MOST = 200;

    /** After so many failures in a row without a survivor the next ones teach little. */
    private static final int ENOUGH = 5;

    /** No two starts take equally long, and ECS shows an end some seconds late. */
    private static final Duration OUTLIVED_BY = Duration.ofSeconds(5);

    /** A task that a health check ended may have been healthy before, had it run longer than its grace period and this. */
    private static final Duration CHECKS_TAKE = Duration.ofMinutes(5);

    private BreakerRule() {}

    /** Failed tasks after which the breaker goes back: half the desired count, rounded up, 3 to 200. */
    public static int threshold(int desired) {
        return Math.clamp((desired + 1) / 2, LEAST, MOST);
    }

    /** Failed tasks after which the guard goes back where every task that had the time to fail has failed: half as many, 2 to 5. */
    public static int earlyThreshold(int desired) {
        return Math.clamp(Math.ceilDiv(threshold(desired), 2), 2, ENOUGH);
    }

    /** Whether that failure is worth a look: the one at which the guard may go back, every doubling after it, and the breaker's. */
    public static boolean isWorthALookAt(int failed, int desired) {
        return failed == threshold(desired)
                || (failed < threshold(desired)
                        && failed % earlyThreshold(desired) == 0
                        && Integer.bitCount(failed / earlyThreshold(desired)) == 1);
    }

    /**
     * Why to go back where nobody can name the cause, in words; absent when a task of the deployment was healthy once or may have been, or too few
     * have failed.
     *
     * @param tasks of the failing revision, from ECS and from the guard's own memory
     * @param since when its deployment began
     * @param flaky whether tasks of earlier deployments failed at first and the deployment completed all the same: then as many are waited for as
     *     the breaker waits for
     */
    public static Optional<String> find(
            ServiceSnapshot snapshot, DeploymentId failing, List<Task> tasks, Instant since, boolean flaky) {
        var rollout = snapshot.service().findRollout(failing);
        if (rollout.filter(ServiceDescription.Rollout::isInProgress).isEmpty()
                || snapshot.deployments().stream().anyMatch(deployment -> wasInService(deployment, failing))
                || tasks.stream().anyMatch(task -> mayHaveBeenHealthy(task, snapshot))) {
            return Optional.empty();
        }
        var seen = tasks.stream()
                .filter(StopJudgement::isUnexpected)
                .filter(task -> StopJudgement.stoppedAt(task)
                        .filter(at -> at.isBefore(since))
                        .isEmpty())
                .toList();
        var failed = Math.max(seen.size(), rollout.get().failedTasks());
        var desired = snapshot.service().desired();
        if (failed >= threshold(desired)) {
            return Optional.of(
                    "none of its tasks was ever healthy, and %d have failed; ECS's own circuit breaker goes back after %d"
                            .formatted(failed, threshold(desired)));
        }
        return !flaky && seen.size() >= earlyThreshold(desired) && !isOutlived(seen, tasks, snapshot.observedAt())
                ? Optional.of(
                        "none of its tasks was ever healthy, %d have failed and none has outlived them; ECS's own circuit breaker goes back after %d"
                                .formatted(failed, threshold(desired)))
                : Optional.empty();
    }

    /** Whether a task has run for longer than each of those that failed: then not every start fails. */
    private static boolean isOutlived(List<Task> failed, List<Task> tasks, Instant now) {
        var longest = failed.stream()
                .flatMap(task -> lifetime(task).stream())
                .max(Duration::compareTo)
                .orElse(Duration.ZERO)
                .plus(OUTLIVED_BY);
        return tasks.stream()
                .filter(task -> !task.isStopping())
                .flatMap(task -> task.startedAt().stream())
                .anyMatch(started -> started.plus(longest).isBefore(now));
    }

    private static Optional<Duration> lifetime(Task ended) {
        return ended.startedAt()
                .flatMap(started -> StopJudgement.stoppedAt(ended).map(stopped -> Duration.between(started, stopped)));
    }

    /**
     * Whether nobody can name the cause and nothing that was considered speaks against going back. A guess by words
     * counts as not known; so does a rule's answer that is not sure, as long as it says that a rollback helps.
     */
    static boolean isOpenTo(Diagnosis diagnosis) {
        var noneSpeaksAgainst = diagnosis.alternatives().stream()
                .flatMap(alternative -> alternative.rollback().stream())
                .noneMatch(RollbackHelps.DOES_NOT_HELP::equals);
        return noneSpeaksAgainst
                && switch (diagnosis) {
                    case Diagnosis.Unknown _ -> true;
                    case Diagnosis.Identified found ->
                        found.isOpen() || (!DecisionPolicy.isSure(found) && found.rollback() == RollbackHelps.HELPS);
                };
    }

    private static boolean wasInService(ServiceDeployment deployment, DeploymentId failing) {
        var deployed = deployment.status() == ServiceDeployment.Status.SUCCESSFUL
                && deployment.deploymentId().equals(failing);
        return deployed
                || deployment
                        .rollbackRevisionArn()
                        .map(DeploymentId::ofRevision)
                        .filter(failing::equals)
                        .isPresent();
    }

    /** Health is not kept, so that the time for which a task ran has to tell. Where that is not known either, it may have been. */
    private static boolean mayHaveBeenHealthy(Task task, ServiceSnapshot snapshot) {
        if (task.health() == Container.Health.HEALTHY || TaskHealth.isHealthy(task, snapshot)) {
            return true;
        }
        return task.isStopping()
                && task.startedAt()
                        .filter(started -> StopJudgement.stoppedAt(task)
                                .filter(ended ->
                                        Duration.between(started, ended).compareTo(leastToBeHealthy(task, snapshot))
                                                < 0)
                                .isEmpty())
                        .isPresent();
    }

    private static Duration leastToBeHealthy(Task task, ServiceSnapshot snapshot) {
        var endedByCheck = StopJudgement.isUnexpected(task)
                && task.stop()
                        .filter(stop -> stop.code() == Stop.Code.SERVICE_SCHEDULER_INITIATED)
                        .isPresent();
        return endedByCheck ? snapshot.service().healthCheckGracePeriod().plus(CHECKS_TAKE) : TaskHealth.WITHOUT_CHECKS;
    }
}
