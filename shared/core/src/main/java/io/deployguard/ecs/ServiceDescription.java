package io.deployguard.ecs;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A service as DescribeServices shows it.
 *
 * @param status {@code ACTIVE}, {@code DRAINING} or {@code INACTIVE}
 * @param rollouts {@code deployments[]} of the API: PRIMARY first
 * @param messages {@code events[]} of the API, newest first, at most 100
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Service.html">Service</a>
 */
public record ServiceDescription(
        ServiceRef ref,
        String status,
        int desired,
        int running,
        int pending,
        Controller controller,
        String taskDefinitionArn,
        List<Rollout> rollouts,
        List<Message> messages,
        List<LoadBalancer> loadBalancers,
        Duration healthCheckGracePeriod,
        boolean circuitBreaker,
        boolean circuitBreakerRollsBack,
        Map<String, String> tags,
        Optional<Instant> createdAt) {

    public ServiceDescription {
        rollouts = List.copyOf(rollouts);
        messages = List.copyOf(messages);
        loadBalancers = List.copyOf(loadBalancers);
        tags = Map.copyOf(tags);
    }

    public boolean isActive() {
        return status.equals("ACTIVE");
    }

    public Optional<Rollout> primary() {
        return rollouts.stream().filter(Rollout::isPrimary).findFirst();
    }

    public Optional<Rollout> findRollout(DeploymentId id) {
        return rollouts.stream().filter(rollout -> rollout.id().equals(id)).findFirst();
    }

    /** Who brings new revisions into service. */
    public enum Controller {
        ECS,
        CODE_DEPLOY,
        EXTERNAL;

        public static Controller parse(String text) {
            return switch (text) {
                case "CODE_DEPLOY" -> CODE_DEPLOY;
                case "EXTERNAL" -> EXTERNAL;
                default -> ECS;
            };
        }
    }

    /**
     * One entry of {@code deployments[]}.
     *
     * @param status {@code PRIMARY}, {@code ACTIVE} or {@code INACTIVE}
     * @param state {@code IN_PROGRESS}, {@code COMPLETED} or {@code FAILED}; absent behind a Classic Load Balancer
     */
    public record Rollout(
            DeploymentId id,
            String status,
            String taskDefinitionArn,
            int desired,
            int running,
            int pending,
            int failedTasks,
            Optional<String> state,
            Optional<String> stateReason,
            Optional<Instant> createdAt,
            Optional<Instant> updatedAt) {

        public boolean isPrimary() {
            return status.equals("PRIMARY");
        }

        /** Where ECS gives no state, the counts tell. */
        public boolean isInProgress() {
            return state.map("IN_PROGRESS"::equals).orElse(isPrimary() && (running < desired || pending > 0));
        }

        /** Whether it has reached a steady state; where ECS gives no state, the counts tell. */
        public boolean isCompleted() {
            return state.map("COMPLETED"::equals).orElse(isPrimary() && !isInProgress());
        }

        public boolean isFailed() {
            return state.filter("FAILED"::equals).isPresent();
        }
    }

    /** One entry of {@code events[]}. */
    public record Message(Instant at, String text) {}

    /** A target group that the service registers one container port with. */
    public record LoadBalancer(String targetGroupArn, String container, int port) {}
}
