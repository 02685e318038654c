package io.deployguard.simulation.account;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** An Application Load Balancer with its listeners and their rules. Guarded by the lock of the account. */
public final class LoadBalancer {
    /** Forwards to one target group. */
    public static ObjectNode forwardTo(TargetGroup group) {
        var action = Json.object().put("Type", "forward").put("TargetGroupArn", group.arn());
        action.putObject("ForwardConfig")
                .putArray("TargetGroups")
                .addObject()
                .put("TargetGroupArn", group.arn())
                .put("Weight", 1);
        return action;
    }

    /** Forwards to the first of a pair of target groups; the load balancer checks the targets of both. */
    public static ObjectNode forwardTo(TargetGroup serving, TargetGroup idle) {
        return split(serving.arn(), 100, idle.arn(), 0);
    }

    static ObjectNode split(String group, int weight, String otherGroup, int otherWeight) {
        var action = Json.object().put("Type", "forward");
        var groups = action.putObject("ForwardConfig").putArray("TargetGroups");
        groups.addObject().put("TargetGroupArn", group).put("Weight", weight);
        groups.addObject().put("TargetGroupArn", otherGroup).put("Weight", otherWeight);
        return action;
    }

    /** Answers by itself. */
    public static ObjectNode fixedResponse(int status) {
        var action = Json.object().put("Type", "fixed-response");
        action.putObject("FixedResponseConfig")
                .put("StatusCode", Integer.toString(status))
                .put("ContentType", "text/plain")
                .put("MessageBody", "");
        return action;
    }

    /** Matches these host names. */
    public static ObjectNode hostHeader(String... names) {
        return condition("host-header", "HostHeaderConfig", names);
    }

    /** Matches these paths. */
    public static ObjectNode pathPattern(String... patterns) {
        return condition("path-pattern", "PathPatternConfig", patterns);
    }

    /** A port of the balancer, its default action and its rules. */
    public final class Listener {
        private final String arn;
        private final int port;
        private final List<ObjectNode> rules = new ArrayList<>();
        private ArrayNode defaultActions;
        private Set<String> groups;

        private Listener(String arn, int port, ArrayNode defaultActions) {
            this.arn = arn;
            this.port = port;
            this.defaultActions = defaultActions;
            this.groups = groupsInRules();
        }

        public String arn() {
            return arn;
        }

        /** Adds a rule that is evaluated before the default action. */
        public Listener rule(int priority, ObjectNode condition, ObjectNode action) {
            agenda.exclusively(() -> {
                var rule = rule(
                        Integer.toString(priority),
                        Json.array().add(condition),
                        Json.array().add(action),
                        false);
                rules.add(rule);
                groups = groupsInRules();
            });
            return this;
        }

        /** The ARN of the rule that is evaluated last. */
        public String defaultRule() {
            return ruleArn("default");
        }

        /** Replaces the action of one rule, named by its ARN, or of the default one, named by the listener's; false when it has none such. */
        boolean answerBy(String rule, ObjectNode action) {
            if (rule.equals(arn) || rule.equals(defaultRule())) {
                replaceDefaultActions(Json.array().add(action));
                return true;
            }
            var own = rules.stream()
                    .filter(candidate -> candidate.path("RuleArn").asText().equals(rule))
                    .findFirst();
            own.ifPresent(found -> {
                found.set("Actions", Json.array().add(action));
                groups = groupsInRules();
            });
            return own.isPresent();
        }

        /** Whether a rule sends requests to the group; one of weight 0 gets health checks and nothing else. */
        boolean serves(String groupArn) {
            return describeRules().stream()
                    .flatMap(rule -> Json.elements(rule, "Actions").stream())
                    .anyMatch(action -> action.path("TargetGroupArn").asText().equals(groupArn)
                            || weighted(action).stream()
                                    .anyMatch(group -> group.path("Weight").asInt() > 0
                                            && group.path("TargetGroupArn")
                                                    .asText()
                                                    .equals(groupArn)));
        }

        /** Replaces the default action. */
        public void answerBy(ObjectNode action) {
            agenda.exclusively(() -> {
                replaceDefaultActions(Json.array().add(action));
            });
        }

        /** Leads its default traffic to another group. */
        void forwardTo(String targetGroupArn) {
            replaceDefaultActions(
                    Json.array().add(Json.object().put("Type", "forward").put("TargetGroupArn", targetGroupArn)));
        }

        void replaceDefaultActions(JsonNode actions) {
            defaultActions = Json.array();
            actions.forEach(action -> defaultActions.add(withForwardConfig(action)));
            groups = groupsInRules();
        }

        /** Of the rule with that ARN; absent when the listener has none such, or it is the default rule. */
        Optional<ObjectNode> replaceActions(String ruleArn, JsonNode actions) {
            var found = rules.stream()
                    .filter(rule -> rule.path("RuleArn").asText().equals(ruleArn))
                    .findFirst();
            found.ifPresent(rule -> {
                var replaced = rule.putArray("Actions");
                actions.forEach(action -> replaced.add(withForwardConfig(action)));
                groups = groupsInRules();
            });
            return found;
        }

        /** As DescribeRules tells them, the default rule last. */
        List<ObjectNode> describeRules() {
            var all = new ArrayList<>(rules);
            all.add(rule("default", Json.array(), defaultActions, true));
            return List.copyOf(all);
        }

        int port() {
            return port;
        }

        /** The action of the first rule that matches, in the order in which they were added; else the default. */
        JsonNode actionFor(String host, String path) {
            return rules.stream()
                    .filter(rule -> matches(rule.path("Conditions"), host, path))
                    .findFirst()
                    .map(rule -> rule.path("Actions"))
                    .orElse(defaultActions)
                    .path(0);
        }

        private static boolean matches(JsonNode conditions, String host, String path) {
            for (var condition : conditions) {
                var subject = condition.path("Field").asText().equals("host-header") ? host : path;
                var any = false;
                for (var value : condition.path("Values")) {
                    any |= subject.matches(value.asText()
                            .replace(".", "\\.")
                            .replace("*", ".*")
                            .replace("?", "."));
                }
                if (!any) {
                    return false;
                }
            }
            return true;
        }

        /** As DescribeListeners tells it. */
        ObjectNode describe() {
            var node = Json.object()
                    .put("ListenerArn", arn)
                    .put("LoadBalancerArn", LoadBalancer.this.arn)
                    .put("Port", port)
                    .put("Protocol", port == 443 ? "HTTPS" : "HTTP");
            node.set("DefaultActions", defaultActions);
            return node;
        }

        boolean forwardsTo(TargetGroup group) {
            return groups.contains(group.arn());
        }

        /** Asked for at every look at a target's health, so that the rules are read only when they change. */
        private Set<String> groupsInRules() {
            return Stream.concat(rules.stream(), Stream.of(defaultActions))
                    .flatMap(actions -> actions.findValuesAsText("TargetGroupArn").stream())
                    .collect(Collectors.toUnmodifiableSet());
        }

        private String ruleArn(String priority) {
            return arn.replace(":listener/", ":listener-rule/") + "/" + "%016x".formatted(priority.hashCode());
        }

        private ObjectNode rule(String priority, ArrayNode conditions, ArrayNode actions, boolean isDefault) {
            var rule = Json.object()
                    .put("RuleArn", ruleArn(priority))
                    .put("Priority", priority)
                    .put("IsDefault", isDefault);
            rule.set("Conditions", conditions);
            rule.set("Actions", actions);
            return rule;
        }
    }

    private final Agenda agenda;
    private final Ids ids;
    private final String name;
    private final String arn;
    private final List<Listener> listeners = new ArrayList<>();

    LoadBalancer(Agenda agenda, Ids ids, String name, String arn) {
        this.agenda = agenda;
        this.ids = ids;
        this.name = name;
        this.arn = arn;
    }

    public String name() {
        return name;
    }

    public String arn() {
        return arn;
    }

    /** Opens a port. */
    public Listener listener(int port, ObjectNode defaultAction) {
        return agenda.exclusively(() -> {
            var listenerArn = arn.replace(":loadbalancer/", ":listener/") + "/" + ids.hex(16);
            var listener = new Listener(listenerArn, port, Json.array().add(defaultAction));
            listeners.add(listener);
            return listener;
        });
    }

    /** The target groups of a forward action with their weights. */
    static List<JsonNode> weighted(JsonNode action) {
        return Json.elements(action.path("ForwardConfig"), "TargetGroups");
    }

    boolean forwardsTo(TargetGroup group) {
        return listeners.stream().anyMatch(listener -> listener.forwardsTo(group));
    }

    List<Listener> listeners() {
        return List.copyOf(listeners);
    }

    /** As DescribeLoadBalancers tells it. */
    ObjectNode describe() {
        var node = Json.object()
                .put("LoadBalancerArn", arn)
                .put("LoadBalancerName", name)
                .put("DNSName", name + "-1234567890." + arn.split(":", -1)[3] + ".elb.amazonaws.com")
                .put("Scheme", "internet-facing")
                .put("Type", "application")
                .put("VpcId", "vpc-0a1b2c3d4e5f60718")
                .put("IpAddressType", "ipv4");
        node.putObject("State").put("Code", "active");
        return node;
    }

    private static JsonNode withForwardConfig(JsonNode action) {
        var copy = (ObjectNode) action.deepCopy();
        if (copy.has("TargetGroupArn") && !copy.has("ForwardConfig")) {
            copy.putObject("ForwardConfig")
                    .putArray("TargetGroups")
                    .addObject()
                    .put("TargetGroupArn", copy.get("TargetGroupArn").asText())
                    .put("Weight", 1);
        }
        return copy;
    }

    private static ObjectNode condition(String field, String config, String... values) {
        var condition = Json.object().put("Field", field);
        condition.set("Values", Json.texts(List.of(values)));
        condition.putObject(config).set("Values", Json.texts(List.of(values)));
        return condition;
    }
}
