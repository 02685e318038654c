package io.deployguard.doctor;

import io.deployguard.ecs.ServiceDescription.Controller;
import io.deployguard.ecs.ServiceDescription.Strategy;
import io.deployguard.ecs.ServiceRef;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A service as it is set up to deploy.
 *
 * @param status {@code ACTIVE}, {@code DRAINING} or {@code INACTIVE}
 * @param launchType absent where capacity providers decide
 * @param daemon whether one task runs on each instance, so that counts mean nothing
 * @param awsvpc whether the service has a network configuration, which tasks in mode {@code awsvpc} need and others must not have
 * @param gracePeriod absent where ECS tells none
 * @param connectPorts {@code portName}s of Service Connect
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Service.html">Service</a>
 */
public record ServiceSetup(
        ServiceRef ref,
        String status,
        String taskDefinitionArn,
        Optional<String> launchType,
        List<String> capacityProviders,
        Optional<String> platformVersion,
        boolean daemon,
        Controller controller,
        int desired,
        int running,
        boolean awsvpc,
        Optional<Duration> gracePeriod,
        Deploying deploying,
        List<Balancer> balancers,
        List<Registry> registries,
        List<String> connectPorts,
        List<Rollout> rollouts,
        Map<String, String> tags) {

    public ServiceSetup {
        capacityProviders = List.copyOf(capacityProviders);
        balancers = List.copyOf(balancers);
        registries = List.copyOf(registries);
        connectPorts = List.copyOf(connectPorts);
        rollouts = List.copyOf(rollouts);
        tags = Map.copyOf(tags);
    }

    public boolean onFargate() {
        return launchType.filter("FARGATE"::equals).isPresent()
                || (!capacityProviders.isEmpty()
                        && capacityProviders.stream().allMatch(provider -> provider.startsWith("FARGATE")));
    }

    /** Whether ECS itself replaces tasks step by step: the percentages and the circuit breaker are for that. */
    public boolean rolls() {
        return controller == Controller.ECS && deploying.strategy() == Strategy.ROLLING;
    }

    /** {@code deploymentConfiguration}, with ECS's defaults where it says nothing. */
    public record Deploying(
            Strategy strategy,
            int minimumHealthyPercent,
            int maximumPercent,
            boolean breaker,
            boolean breakerRollsBack,
            List<String> alarms,
            boolean alarmsEnabled,
            boolean alarmsRollBack) {

        public Deploying {
            alarms = List.copyOf(alarms);
        }
    }

    /** A target group in which one port of one container is registered; a Classic Load Balancer has none. */
    public record Balancer(
            Optional<String> targetGroupArn, String container, int port, Optional<String> alternateArn) {}

    /** A service of Cloud Map in which tasks are registered. */
    public record Registry(Optional<String> container, Optional<Integer> port) {}

    /** One entry of {@code deployments[]}. */
    public record Rollout(String status, Optional<String> state, Optional<String> reason, int failedTasks) {}
}
