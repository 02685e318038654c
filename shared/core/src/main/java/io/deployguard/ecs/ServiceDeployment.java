package io.deployguard.ecs;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One attempt to bring a service to a revision; its ARN is the key of the attempt.
 *
 * @param arn {@code arn:aws:ecs:R:A:service-deployment/C/S/ID}; of a deployment of CodeDeploy its {@link CodeDeployRef#arn()}
 * @param targetRevisionArn the revision that is being deployed
 * @param sourceRevisionArns the revisions that ran when it began
 * @param stage of a blue/green, linear or canary deployment, such as {@code BAKE_TIME}; kept as text, since AWS adds to them
 * @param hooks of the stage that it is in, as far as ECS tells of them
 * @param rollbackRevisionArn the revision it goes back to; present once a rollback has begun
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceDeployment.html">ServiceDeployment</a>
 */
public record ServiceDeployment(
        String arn,
        Status status,
        Optional<String> statusReason,
        String targetRevisionArn,
        List<String> sourceRevisionArns,
        Optional<String> stage,
        List<Hook> hooks,
        Optional<String> rollbackRevisionArn,
        Optional<String> rollbackReason,
        Optional<Instant> createdAt,
        Optional<Instant> finishedAt) {

    public ServiceDeployment {
        sourceRevisionArns = List.copyOf(sourceRevisionArns);
        hooks = List.copyOf(hooks);
    }

    /** Before this stage has passed ECS starts no task of the new revision; a pause hook may hold it there for days. */
    private static final Set<String> WITHOUT_TASKS = Set.of("RECONCILE_SERVICE", "PRE_SCALE_UP");

    /** Whether it waits, for a hook or a person, before ECS starts the first new task. */
    public boolean isBeforeItsTasks() {
        return stage.filter(WITHOUT_TASKS::contains).isPresent();
    }

    /** The hook at which it waits for somebody's answer; of several the first, since one answer to go back is enough. */
    public Optional<Hook> awaitedHook() {
        return status.canBeRolledBack()
                ? hooks.stream().filter(Hook::awaitsAction).findFirst()
                : Optional.empty();
    }

    /**
     * A lifecycle hook of a deployment, one of {@code lifecycleHookDetails[]}.
     *
     * @param status for instance {@code AWAITING_ACTION}, {@code IN_PROGRESS} or {@code TIMED_OUT}; kept as text, since AWS adds to them
     * @param expiresAt when ECS stops to wait, absent when it does not say
     * @param onTimeout what ECS does then: {@code ROLLBACK} or {@code CONTINUE}
     * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-lifecycle-hooks.html">Lifecycle hooks</a>
     */
    public record Hook(String id, String status, Optional<Instant> expiresAt, Optional<String> onTimeout) {

        /** Whether it is a pause, which {@code ContinueServiceDeployment} ends; the others end with the answer of their function. */
        public boolean awaitsAction() {
            return status.equals("AWAITING_ACTION");
        }
    }

    public DeploymentId deploymentId() {
        return DeploymentId.ofRevision(targetRevisionArn);
    }

    /** The statuses of the API model; {@link #UNKNOWN} for any AWS may add. */
    public enum Status {
        PENDING,
        IN_PROGRESS,
        STOP_REQUESTED,
        STOPPED,
        SUCCESSFUL,
        ROLLBACK_REQUESTED,
        ROLLBACK_IN_PROGRESS,
        ROLLBACK_SUCCESSFUL,
        ROLLBACK_FAILED,
        UNKNOWN;

        public static Status parse(String text) {
            for (var status : values()) {
                if (status.name().equals(text)) {
                    return status;
                }
            }
            return UNKNOWN;
        }

        /** Whether {@code StopServiceDeployment} with ROLLBACK can still turn it around. */
        public boolean canBeRolledBack() {
            return this == PENDING || this == IN_PROGRESS;
        }

        /** Whether ECS is on its way back, by itself or on somebody's request. */
        public boolean isRollingBack() {
            return this == ROLLBACK_REQUESTED || this == ROLLBACK_IN_PROGRESS;
        }

        public boolean isFinished() {
            return switch (this) {
                case STOPPED, SUCCESSFUL, ROLLBACK_SUCCESSFUL, ROLLBACK_FAILED -> true;
                case PENDING, IN_PROGRESS, STOP_REQUESTED, ROLLBACK_REQUESTED, ROLLBACK_IN_PROGRESS, UNKNOWN -> false;
            };
        }
    }
}
