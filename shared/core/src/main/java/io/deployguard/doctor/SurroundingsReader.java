package io.deployguard.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import io.deployguard.ecs.ServiceDescription.Controller;
import io.deployguard.ecs.ServiceDescription.Strategy;
import io.deployguard.ecs.ServiceRef;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads what ECS and ELB tell of a service, as the AWS CLI prints it. */
public final class SurroundingsReader {

    private SurroundingsReader() {}

    /**
     * One of {@code services[]} of DescribeServices. Of a service that CodeDeploy deploys the primary task set tells what the service does not.
     *
     * @throws IllegalArgumentException naming the field and what is expected there
     */
    public static ServiceSetup service(JsonNode json) {
        var service = new Field(json, "").object(Set.of());
        var set = service.list("taskSets").stream()
                .filter(each -> each.text("status").filter("PRIMARY"::equals).isPresent())
                .findFirst()
                .orElse(service);
        var arn = service.text("clusterArn").orElse("");
        return new ServiceSetup(
                ServiceRef.findInCluster(arn, service.text("serviceName").orElse(""))
                        .orElseThrow(() -> service.get("serviceName").wrong("a service in a cluster")),
                service.text("status").orElse("ACTIVE"),
                service.text("taskDefinition")
                        .or(() -> set.text("taskDefinition"))
                        .orElse(""),
                service.text("launchType"),
                service.list("capacityProviderStrategy").stream()
                        .flatMap(item -> item.text("capacityProvider").stream())
                        .toList(),
                service.text("platformVersion"),
                service.text("schedulingStrategy").filter("DAEMON"::equals).isPresent(),
                Controller.parse(service.findObject("deploymentController")
                        .flatMap(controller -> controller.text("type"))
                        .orElse("ECS")),
                service.number("desiredCount").orElse(0),
                service.number("runningCount").orElse(0),
                service.findObject("networkConfiguration")
                        .or(() -> set.findObject("networkConfiguration"))
                        .filter(network -> network.has("awsvpcConfiguration"))
                        .isPresent(),
                service.number("healthCheckGracePeriodSeconds").map(Duration::ofSeconds),
                deploying(service.get("deploymentConfiguration")),
                (service.list("loadBalancers").isEmpty() ? set : service)
                        .list("loadBalancers").stream()
                                .map(balancer -> new ServiceSetup.Balancer(
                                        balancer.text("targetGroupArn"),
                                        balancer.text("containerName").orElse(""),
                                        balancer.number("containerPort").orElse(0),
                                        balancer.findObject("advancedConfiguration")
                                                .flatMap(pair -> pair.text("alternateTargetGroupArn"))))
                                .toList(),
                service.list("serviceRegistries").stream()
                        .map(registry -> new ServiceSetup.Registry(
                                registry.text("containerName"), registry.number("containerPort")))
                        .toList(),
                connectPorts(service),
                service.list("deployments").stream()
                        .map(rollout -> new ServiceSetup.Rollout(
                                rollout.text("status").orElse(""),
                                rollout.text("rolloutState"),
                                rollout.text("rolloutStateReason"),
                                rollout.number("failedTasks").orElse(0)))
                        .toList(),
                tags(service));
    }

    /** ECS tells of Service Connect in the deployment that has it. */
    private static List<String> connectPorts(Field service) {
        return service.list("deployments").stream()
                .filter(rollout ->
                        rollout.text("status").filter("PRIMARY"::equals).isPresent())
                .flatMap(rollout -> rollout.findObject("serviceConnectConfiguration").stream())
                .filter(connect -> connect.flag("enabled", false))
                .flatMap(connect -> connect.list("services").stream())
                .flatMap(port -> port.text("portName").stream())
                .toList();
    }

    private static ServiceSetup.Deploying deploying(Field given) {
        var breaker = given.get("deploymentCircuitBreaker");
        var alarms = given.get("alarms");
        return new ServiceSetup.Deploying(
                Strategy.parse(given.text("strategy").orElse("")),
                given.number("minimumHealthyPercent").orElse(100),
                given.number("maximumPercent").orElse(200),
                breaker.flag("enable", false),
                breaker.flag("rollback", false),
                alarms.texts("alarmNames"),
                alarms.flag("enable", false),
                alarms.flag("rollback", false));
    }

    private static Map<String, String> tags(Field service) {
        var tags = new LinkedHashMap<String, String>();
        service.list("tags")
                .forEach(tag -> tag.text("key")
                        .ifPresent(key -> tags.put(key, tag.text("value").orElse(""))));
        return tags;
    }

    /** One of {@code TargetGroups[]} of DescribeTargetGroups. */
    public static Surroundings.TargetGroup targetGroup(JsonNode json) {
        var group = new Field(json, "");
        var arn = group.text("TargetGroupArn").orElse("");
        return new Surroundings.TargetGroup(
                arn,
                group.text("TargetGroupName").orElse(arn),
                group.text("TargetType").orElse("instance"),
                group.text("HealthCheckPath"),
                group.text("HealthCheckPort").orElse("traffic-port"),
                group.number("HealthCheckIntervalSeconds").orElse(30),
                group.number("UnhealthyThresholdCount").orElse(2),
                group.findObject("Matcher").flatMap(matcher -> matcher.text("HttpCode")),
                !group.list("LoadBalancerArns").isEmpty());
    }

    /** One of {@code clusters[]} of DescribeClusters. */
    public static Surroundings.Cluster cluster(JsonNode json) {
        var cluster = new Field(json, "");
        return new Surroundings.Cluster(
                cluster.text("status").orElse("ACTIVE"),
                cluster.number("registeredContainerInstancesCount").orElse(0));
    }
}
