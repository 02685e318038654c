package io.deployguard.simulation.account;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Elastic Load Balancing v2: load balancers and target groups of the account, and what its Describe actions tell of them. */
public final class LoadBalancing {
    private static final Duration DEREGISTRATION_DELAY = Duration.ofMinutes(5);

    private final Agenda agenda;
    private final Arns arns;
    private final Ids ids;
    private final Map<String, TargetGroup> groups = new LinkedHashMap<>();
    private final Map<String, LoadBalancer> balancers = new LinkedHashMap<>();

    LoadBalancing(Agenda agenda, Arns arns, Ids ids) {
        this.agenda = agenda;
        this.arns = arns;
        this.ids = ids;
    }

    /** A new target group with the deregistration delay that AWS sets, 300 s. */
    public TargetGroup targetGroup(String name, int port, TargetGroup.HealthCheck healthCheck) {
        return targetGroup(name, port, healthCheck, DEREGISTRATION_DELAY);
    }

    /** A new target group whose targets drain for {@code deregistrationDelay}. */
    public TargetGroup targetGroup(
            String name, int port, TargetGroup.HealthCheck healthCheck, Duration deregistrationDelay) {
        return agenda.exclusively(() -> {
            var arn = arns.targetGroup(name, ids.hex(16));
            var group = new TargetGroup(name, arn, port, healthCheck, deregistrationDelay);
            groups.put(arn, group);
            return group;
        });
    }

    /** A new Application Load Balancer, still without a listener. */
    public LoadBalancer loadBalancer(String name) {
        return agenda.exclusively(() -> {
            var balancer = new LoadBalancer(agenda, ids, name, arns.loadBalancer(name, ids.hex(16)));
            balancers.put(balancer.arn(), balancer);
            return balancer;
        });
    }

    /**
     * What DescribeTargetHealth tells of the targets of a group.
     *
     * @throws AwsError TargetGroupNotFound
     */
    public List<ObjectNode> targetHealth(String groupArn) {
        return agenda.exclusively(() -> {
            var group = require(groupArn);
            var inUse = isInUse(group);
            return group.targets().stream()
                    .map(target -> describe(target, inUse ? target.health() : TargetGroup.Health.NOT_IN_USE))
                    .toList();
        });
    }

    /** What DescribeTargetGroups tells; empty selections mean all. */
    public List<ObjectNode> describeTargetGroups(
            List<String> arnsWanted, List<String> names, Optional<String> balancerArn) {
        return agenda.exclusively(() -> {
            arnsWanted.forEach(this::require);
            names.stream()
                    .filter(name -> groups.values().stream()
                            .noneMatch(group -> group.name().equals(name)))
                    .findFirst()
                    .ifPresent(name -> {
                        throw groupNotFound();
                    });
            return groups.values().stream()
                    .filter(group -> arnsWanted.isEmpty() || arnsWanted.contains(group.arn()))
                    .filter(group -> names.isEmpty() || names.contains(group.name()))
                    .filter(group ->
                            balancerArn.map(balancersOf(group)::contains).orElse(true))
                    .map(group -> group.describe(balancersOf(group)))
                    .toList();
        });
    }

    /** What DescribeLoadBalancers tells; empty selections mean all. */
    public List<ObjectNode> describeLoadBalancers(List<String> arnsWanted, List<String> names) {
        return agenda.exclusively(() -> {
            arnsWanted.forEach(this::requireBalancer);
            return balancers.values().stream()
                    .filter(balancer -> arnsWanted.isEmpty() || arnsWanted.contains(balancer.arn()))
                    .filter(balancer -> names.isEmpty() || names.contains(balancer.name()))
                    .map(LoadBalancer::describe)
                    .toList();
        });
    }

    /** What DescribeListeners tells of one load balancer. */
    public List<ObjectNode> describeListeners(String balancerArn) {
        return agenda.exclusively(() -> requireBalancer(balancerArn).listeners().stream()
                .map(LoadBalancer.Listener::describe)
                .toList());
    }

    /** What DescribeListeners or ModifyListener tells of one listener. */
    public ObjectNode describeListener(String listenerArn) {
        return agenda.exclusively(() -> requireListener(listenerArn).describe());
    }

    /** What DescribeRules tells of one listener, the default rule last. */
    public List<ObjectNode> describeRules(String listenerArn) {
        return agenda.exclusively(() -> requireListener(listenerArn).describeRules());
    }

    /** Replaces the default actions of a listener, each as ModifyListener takes it. */
    public void modifyListener(String listenerArn, JsonNode defaultActions) {
        agenda.exclusively(() -> {
            var listener = requireListener(listenerArn);
            defaultActions.findValuesAsText("TargetGroupArn").forEach(this::require);
            listener.replaceDefaultActions(defaultActions);
        });
    }

    /**
     * Replaces the actions of a rule, each as ModifyRule takes it.
     *
     * @return what DescribeRules tells of it now
     */
    public ObjectNode modifyRule(String ruleArn, JsonNode actions) {
        return agenda.exclusively(() -> {
            actions.findValuesAsText("TargetGroupArn").forEach(this::require);
            return balancers.values().stream()
                    .flatMap(balancer -> balancer.listeners().stream())
                    .flatMap(listener -> listener.replaceActions(ruleArn, actions).stream())
                    .findFirst()
                    .orElseThrow(() -> AwsError.refused("RuleNotFound", "One or more rules not found"));
        });
    }

    /** The listener on that port of the load balancer of that name. */
    public LoadBalancer.Listener listenerOf(String balancer, int port) {
        return agenda.exclusively(() -> balancers.values().stream()
                .filter(known -> known.name().equals(balancer))
                .flatMap(known -> known.listeners().stream())
                .filter(listener -> listener.port() == port)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "no listener on port %d of load balancer %s".formatted(port, balancer))));
    }

    /** The target group of that name. */
    public TargetGroup groupNamed(String name) {
        return agenda.exclusively(() -> groups.values().stream()
                .filter(group -> group.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no target group " + name)));
    }

    /** What a request to a load balancer gets; {@code server} is that of the load balancer when it answers by itself. */
    public record Response(int status, Optional<String> server, String body) {
        private static Response ofBalancer(int status) {
            return new Response(status, Optional.of("awselb/2.0"), "");
        }
    }

    /** The answer to {@code GET path} for {@code host}; healthy targets answer 200. */
    public Response answer(LoadBalancer balancer, int port, String host, String path) {
        return agenda.exclusively(() -> {
            var action = balancer.listeners().stream()
                    .filter(listener -> listener.port() == port)
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("no listener on port " + port))
                    .actionFor(host, path);
            return switch (action.path("Type").asText()) {
                case "fixed-response" ->
                    Response.ofBalancer(action.path("FixedResponseConfig")
                            .path("StatusCode")
                            .asInt());
                case "forward" ->
                    require(heaviest(action)).targets().stream()
                                    .anyMatch(target -> target.health().isHealthy())
                            ? new Response(200, Optional.empty(), "{\"status\":\"ok\"}")
                            : Response.ofBalancer(503);
                case String other -> throw new IllegalStateException("cannot answer by an action of type " + other);
            };
        });
    }

    /** Of several target groups the one that gets most requests. */
    private static String heaviest(JsonNode action) {
        return LoadBalancer.weighted(action).stream()
                .max(Comparator.comparingInt(group -> group.path("Weight").asInt()))
                .map(group -> group.path("TargetGroupArn").asText())
                .orElseGet(() -> action.path("TargetGroupArn").asText());
    }

    /**
     * Splits the requests of a rule between two target groups, as ECS does on its way through a deployment. Weights are whole numbers, so that a
     * share below one percent becomes one.
     *
     * @param rule ARN of the rule, or of the listener for its default one
     * @param percent what {@code green} gets, from 0 to 100
     * @throws AwsError RuleNotFound
     */
    void split(String rule, String blue, String green, double percent) {
        var weight = (int) Math.ceil(percent);
        var action = LoadBalancer.split(blue, 100 - weight, green, weight);
        if (balancers.values().stream()
                .flatMap(balancer -> balancer.listeners().stream())
                .noneMatch(listener -> listener.answerBy(rule, action))) {
            throw AwsError.refused("RuleNotFound", "One or more rules not found");
        }
    }

    /** Whether requests of users go to the group. */
    boolean serves(TargetGroup group) {
        return balancers.values().stream()
                .flatMap(balancer -> balancer.listeners().stream())
                .anyMatch(listener -> listener.serves(group.arn()));
    }

    TargetGroup require(String arn) {
        return Optional.ofNullable(groups.get(arn)).orElseThrow(LoadBalancing::groupNotFound);
    }

    /** Whether any rule of any listener leads to the group. */
    boolean isInUse(TargetGroup group) {
        return balancers.values().stream().anyMatch(balancer -> balancer.forwardsTo(group));
    }

    private List<String> balancersOf(TargetGroup group) {
        return balancers.values().stream()
                .filter(balancer -> balancer.forwardsTo(group))
                .map(LoadBalancer::arn)
                .toList();
    }

    private LoadBalancer requireBalancer(String arn) {
        return Optional.ofNullable(balancers.get(arn))
                .orElseThrow(() -> AwsError.refused("LoadBalancerNotFound", "One or more load balancers not found"));
    }

    private LoadBalancer.Listener requireListener(String arn) {
        return balancers.values().stream()
                .map(LoadBalancer::listeners)
                .flatMap(Collection::stream)
                .filter(listener -> listener.arn().equals(arn))
                .findFirst()
                .orElseThrow(() -> AwsError.refused("ListenerNotFound", "One or more listeners not found"));
    }

    private static AwsError groupNotFound() {
        return AwsError.refused("TargetGroupNotFound", "One or more target groups not found");
    }

    private ObjectNode describe(TargetGroup.Target target, TargetGroup.Health health) {
        var node = Json.object();
        node.putObject("Target")
                .put("Id", target.address)
                .put("Port", target.port)
                .put("AvailabilityZone", arns.region() + "a");
        node.put("HealthCheckPort", Integer.toString(target.port));
        var told = node.putObject("TargetHealth").put("State", health.state());
        health.reason()
                .ifPresent(reason -> told.put("Reason", reason.reason()).put("Description", reason.description()));
        return node;
    }
}
