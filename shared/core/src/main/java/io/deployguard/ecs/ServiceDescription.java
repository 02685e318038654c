package io.deployguard.ecs;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A service as DescribeServices shows it.
 *
 * @param status {@code ACTIVE}, {@code DRAINING} or {@code INACTIVE}
 * @param strategy how a deployment of the controller {@code ECS} puts the new tasks in the old ones' place
 * @param rollouts {@code deployments[]} of the API: PRIMARY first; of a service that CodeDeploy deploys its task sets, see {@link TaskSets}
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
        Strategy strategy,
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

    /** The same with what its task sets tell. */
    ServiceDescription with(List<Rollout> others, List<LoadBalancer> balancers) {
        return new ServiceDescription(
                ref,
                status,
                desired,
                running,
                pending,
                controller,
                strategy,
                taskDefinitionArn,
                others,
                messages,
                balancers,
                healthCheckGracePeriod,
                circuitBreaker,
                circuitBreakerRollsBack,
                tags,
                createdAt);
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

    /** The target groups that tasks of the service may be registered with, both of a pair. */
    public List<String> targetGroups() {
        return loadBalancers.stream()
                .flatMap(balancer -> Stream.concat(
                        Stream.of(balancer.targetGroupArn()), balancer.alternateTargetGroupArn().stream()))
                .distinct()
                .toList();
    }

    /**
     * How new tasks take over.
     *
     * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html">DeploymentConfiguration</a>
     */
    public enum Strategy {
        ROLLING,
        BLUE_GREEN,
        LINEAR,
        CANARY,
        /** One that AWS added later. */
        OTHER;

        /** Rolling where ECS says nothing, as older services do. */
        public static Strategy parse(String text) {
            return switch (text) {
                case "", "ROLLING" -> ROLLING;
                case "BLUE_GREEN" -> BLUE_GREEN;
                case "LINEAR" -> LINEAR;
                case "CANARY" -> CANARY;
                default -> OTHER;
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

    /**
     * A target group that the service registers one container port with.
     *
     * @param alternateTargetGroupArn the other one of a pair: which of them serves changes with each blue/green, linear or canary deployment
     */
    public record LoadBalancer(
            String targetGroupArn, String container, int port, Optional<String> alternateTargetGroupArn) {}
}
