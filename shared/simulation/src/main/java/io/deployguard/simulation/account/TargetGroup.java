package io.deployguard.simulation.account;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A target group of type {@code ip} and the targets that ECS registers in it. Guarded by the lock of the account. */
public final class TargetGroup {
    /**
     * How targets are checked.
     *
     * @param unhealthyThreshold failed checks in a row that make a target unhealthy; one good check makes a new target healthy
     */
    public record HealthCheck(
            String path, Duration interval, Duration timeout, int unhealthyThreshold, String matcher) {
        /** The defaults of an Application Load Balancer. */
        public static HealthCheck of(String path) {
            return new HealthCheck(path, Duration.ofSeconds(30), Duration.ofSeconds(5), 2, "200");
        }

        /** The same, checking every {@code pause}. */
        public HealthCheck every(Duration pause) {
            return new HealthCheck(path, pause, timeout, unhealthyThreshold, matcher);
        }
    }

    /** What the load balancer says about a target; {@code reason} is empty when it is healthy. */
    public record Health(String state, Optional<Behavior.TargetAnswer> reason) {
        static final Health INITIAL =
                because("initial", "Elb.RegistrationInProgress", "Target registration is in progress");
        static final Health CHECKING =
                because("initial", "Elb.InitialHealthChecking", "Initial health checks in progress");
        static final Health HEALTHY = new Health("healthy", Optional.empty());
        static final Health DRAINING =
                because("draining", "Target.DeregistrationInProgress", "Target deregistration is in progress");
        static final Health NOT_IN_USE = because(
                "unused",
                "Target.NotInUse",
                "Target group is not configured to receive traffic from the load balancer");

        static Health unhealthy(Behavior.TargetAnswer answer) {
            return new Health("unhealthy", Optional.of(answer));
        }

        boolean isHealthy() {
            return state.equals("healthy");
        }

        boolean isUnhealthy() {
            return state.equals("unhealthy");
        }

        private static Health because(String state, String reason, String description) {
            return new Health(state, Optional.of(new Behavior.TargetAnswer(reason, description)));
        }
    }

    /** One address and port in the group. */
    static final class Target {
        final TargetGroup group;
        final String address;
        final int port;
        private Health health = Health.INITIAL;
        private int failures;

        private Target(TargetGroup group, String address, int port) {
            this.group = group;
            this.address = address;
            this.port = port;
        }

        Health health() {
            return health;
        }

        void passed() {
            failures = 0;
            health = Health.HEALTHY;
        }

        void failed(Behavior.TargetAnswer answer) {
            failures++;
            if (failures >= group.healthCheck.unhealthyThreshold()) {
                health = Health.unhealthy(answer);
            } else if (!health.isHealthy()) {
                health = Health.CHECKING;
            }
        }

        void drain() {
            health = Health.DRAINING;
        }

        void deregister() {
            group.targets.remove(this);
        }
    }

    private final String name;
    private final String arn;
    private final int port;
    private final HealthCheck healthCheck;
    private final Duration deregistrationDelay;
    private final List<Target> targets = new ArrayList<>();

    TargetGroup(String name, String arn, int port, HealthCheck healthCheck, Duration deregistrationDelay) {
        this.name = name;
        this.arn = arn;
        this.port = port;
        this.healthCheck = healthCheck;
        this.deregistrationDelay = deregistrationDelay;
    }

    public String name() {
        return name;
    }

    public String arn() {
        return arn;
    }

    HealthCheck healthCheck() {
        return healthCheck;
    }

    Duration deregistrationDelay() {
        return deregistrationDelay;
    }

    List<Target> targets() {
        return List.copyOf(targets);
    }

    Target register(String address, int targetPort) {
        var target = new Target(this, address, targetPort);
        targets.add(target);
        return target;
    }

    /** As DescribeTargetGroups tells it. */
    ObjectNode describe(List<String> loadBalancers) {
        var node = Json.object()
                .put("TargetGroupArn", arn)
                .put("TargetGroupName", name)
                .put("Protocol", "HTTP")
                .put("Port", port)
                .put("VpcId", "vpc-0a1b2c3d4e5f60718")
                .put("HealthCheckProtocol", "HTTP")
                .put("HealthCheckPort", "traffic-port")
                .put("HealthCheckEnabled", true)
                .put("HealthCheckIntervalSeconds", healthCheck.interval().toSeconds())
                .put("HealthCheckTimeoutSeconds", healthCheck.timeout().toSeconds())
                .put("HealthyThresholdCount", 5)
                .put("UnhealthyThresholdCount", healthCheck.unhealthyThreshold())
                .put("HealthCheckPath", healthCheck.path())
                .put("TargetType", "ip")
                .put("ProtocolVersion", "HTTP1")
                .put("IpAddressType", "ipv4");
        node.putObject("Matcher").put("HttpCode", healthCheck.matcher());
        node.set("LoadBalancerArns", Json.texts(loadBalancers));
        return node;
    }
}
