package io.deployguard.simulation.account;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;

/** Describes a service for CreateService: one task, no load balancer, no circuit breaker, unless told otherwise. */
public final class ServiceBuilder {
    private final ControlPlane controlPlane;
    private final ObjectNode request = Json.object();

    ServiceBuilder(ControlPlane controlPlane, String cluster, String name) {
        this.controlPlane = controlPlane;
        request.put("cluster", cluster).put("serviceName", name).put("desiredCount", 1);
        var network = request.putObject("networkConfiguration").putObject("awsvpcConfiguration");
        network.putArray("subnets").add("subnet-0a1b2c3d4e5f60718").add("subnet-1a1b2c3d4e5f60718");
        network.putArray("securityGroups").add("sg-0a1b2c3d4e5f60718");
        network.put("assignPublicIp", "DISABLED");
    }

    /** How many tasks it wants. */
    public ServiceBuilder desired(int count) {
        request.put("desiredCount", count);
        return this;
    }

    /** Registers the port of a container of each task in a target group. */
    public ServiceBuilder behind(TargetGroup group, String container, int port) {
        request.withArray("loadBalancers")
                .addObject()
                .put("targetGroupArn", group.arn())
                .put("containerName", container)
                .put("containerPort", port);
        return this;
    }

    /** Switches the deployment circuit breaker on. */
    public ServiceBuilder circuitBreaker(boolean rollback) {
        request.withObject("/deploymentConfiguration/deploymentCircuitBreaker")
                .put("enable", true)
                .put("rollback", rollback);
        return this;
    }

    /**
     * Gives the target group named last a second one, so that the tasks of two revisions can stand side by side.
     *
     * @param productionRule ARN of the rule that brings users to the service
     */
    public ServiceBuilder paired(TargetGroup alternate, String productionRule) {
        ((ObjectNode) request.withArray("loadBalancers")
                        .get(request.withArray("loadBalancers").size() - 1))
                .putObject("advancedConfiguration")
                .put("alternateTargetGroupArn", alternate.arn())
                .put("productionListenerRule", productionRule)
                .put("roleArn", "arn:aws:iam::123456789012:role/ecs-load-balancers");
        return this;
    }

    /** Shifts all traffic at once, and keeps the earlier revision for that long after it. */
    public ServiceBuilder blueGreen(Duration bake) {
        return strategy("BLUE_GREEN", bake);
    }

    /** Shifts {@code percent} first and the rest after {@code wait}. */
    public ServiceBuilder canary(double percent, Duration wait, Duration bake) {
        request.withObject("/deploymentConfiguration/canaryConfiguration")
                .put("canaryPercent", percent)
                .put("canaryBakeTimeInMinutes", wait.toMinutes());
        return strategy("CANARY", bake);
    }

    /** Shifts {@code percent} more after each {@code wait}. */
    public ServiceBuilder linear(double percent, Duration wait, Duration bake) {
        request.withObject("/deploymentConfiguration/linearConfiguration")
                .put("stepPercent", percent)
                .put("stepBakeTimeInMinutes", wait.toMinutes());
        return strategy("LINEAR", bake);
    }

    private ServiceBuilder strategy(String name, Duration bake) {
        request.withObject("/deploymentConfiguration").put("strategy", name).put("bakeTimeInMinutes", bake.toMinutes());
        return this;
    }

    /**
     * Pauses deployments at a stage.
     *
     * @param onTimeout {@code ROLLBACK} or {@code CONTINUE}, when nobody answers within {@code patience}
     */
    public ServiceBuilder pause(String stage, Duration patience, String onTimeout) {
        hook(stage)
                .put("targetType", "PAUSE")
                .putObject("timeoutConfiguration")
                .put("timeoutInMinutes", patience.toMinutes())
                .put("action", onTimeout);
        return this;
    }

    /** Asks a function at a stage; see {@link SimulatedAccount#hookFunction}. */
    public ServiceBuilder hook(String stage, String functionArn) {
        hook(stage).put("targetType", "AWS_LAMBDA").put("hookTargetArn", functionArn);
        return this;
    }

    private ObjectNode hook(String stage) {
        var hook = request.withObject("/deploymentConfiguration")
                .withArray("lifecycleHooks")
                .addObject();
        hook.putArray("lifecycleStages").add(stage);
        return hook;
    }

    /** The bounds of a rolling update, in percent of the desired count. */
    public ServiceBuilder healthyPercent(int minimum, int maximum) {
        request.withObject("/deploymentConfiguration")
                .put("minimumHealthyPercent", minimum)
                .put("maximumPercent", maximum);
        return this;
    }

    /** For how long after a task's start its failed checks are ignored. */
    public ServiceBuilder gracePeriod(Duration grace) {
        request.put("healthCheckGracePeriodSeconds", grace.toSeconds());
        return this;
    }

    /** Hands deployments to another controller, e.g. {@code CODE_DEPLOY}. */
    public ServiceBuilder controller(String type) {
        request.putObject("deploymentController").put("type", type);
        return this;
    }

    public ServiceBuilder tag(String key, String value) {
        request.withArray("tags").addObject().put("key", key).put("value", value);
        return this;
    }

    /** Creates the service, which begins its first deployment; returns its ARN. */
    public String create(String taskDefinition) {
        request.put("taskDefinition", taskDefinition);
        return controlPlane
                .createService(request)
                .path("service")
                .path("serviceArn")
                .asText();
    }
}
