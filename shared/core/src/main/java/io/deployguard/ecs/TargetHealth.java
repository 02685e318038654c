package io.deployguard.ecs;

import java.util.Optional;

/**
 * Health of one target of a target group.
 *
 * @param state {@code initial healthy unhealthy unhealthy.draining unused draining unavailable}
 * @param reason for instance {@code Target.ResponseCodeMismatch}; absent when healthy
 * @param description for instance {@code Health checks failed with these codes: [404]}
 * @see <a href="https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetHealth.html">TargetHealth</a>
 */
public record TargetHealth(
        Optional<String> targetGroupArn,
        Optional<String> targetId,
        Optional<Integer> port,
        String state,
        Optional<String> reason,
        Optional<String> description) {

    public boolean isHealthy() {
        return state.equals("healthy");
    }

    /** No listener uses its group, so that nobody checks it: the idle group of a pair is like that, which is no fault. */
    public boolean isUnchecked() {
        return state.equals("unused")
                && reason.filter("Target.NotInUse"::equals).isPresent();
    }

    public boolean isUnhealthy() {
        return state.startsWith("unhealthy");
    }
}
