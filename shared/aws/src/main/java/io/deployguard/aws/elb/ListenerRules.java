package io.deployguard.aws.elb;

import io.deployguard.aws.AwsFaults;
import io.deployguard.aws.SdkJson;
import io.deployguard.ecs.ListenerRule;
import io.deployguard.evidence.Evidence;
import io.deployguard.evidence.EvidenceRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Action;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Listener;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Rule;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.RuleCondition;

/** The rules of all listeners of the load balancers that target groups belong to, as evidence. Thread-safe. */
public final class ListenerRules {

    private final ElasticLoadBalancingV2Client elb;

    public ListenerRules(ElasticLoadBalancingV2Client elb) {
        this.elb = elb;
    }

    /** One piece of evidence per rule, the default rule of a listener last. */
    public List<Evidence> read(EvidenceRequest.ListenerRules wanted) {
        return all(wanted.targetGroupArns(), ListenerRules::evidence);
    }

    /** The same with what it takes to change a rule. */
    public List<ListenerRule> describe(List<String> targetGroupArns) {
        return all(targetGroupArns, ListenerRules::rule);
    }

    private <T> List<T> all(List<String> targetGroupArns, BiFunction<Listener, Rule, T> mapper) {
        var subject = String.join(", ", targetGroupArns);
        var balancers = AwsFaults.ask(
                        "elasticloadbalancing:DescribeTargetGroups",
                        subject,
                        () -> elb.describeTargetGroups(request -> request.targetGroupArns(targetGroupArns)))
                .targetGroups()
                .stream()
                .flatMap(group -> group.loadBalancerArns().stream())
                .distinct()
                .toList();
        var rules = new ArrayList<T>();
        for (var balancer : balancers) {
            for (var listener : AwsFaults.ask(
                            "elasticloadbalancing:DescribeListeners",
                            balancer,
                            () -> elb.describeListeners(request -> request.loadBalancerArn(balancer)))
                    .listeners()) {
                AwsFaults.ask(
                                "elasticloadbalancing:DescribeRules",
                                listener.listenerArn(),
                                () -> elb.describeRules(request -> request.listenerArn(listener.listenerArn())))
                        .rules()
                        .forEach(rule -> rules.add(mapper.apply(listener, rule)));
            }
        }
        return rules;
    }

    private static ListenerRule rule(Listener listener, Rule rule) {
        return new ListenerRule(
                listener.listenerArn(),
                listener.port() == null ? 0 : listener.port(),
                Boolean.TRUE.equals(rule.isDefault()) ? Optional.empty() : Optional.of(rule.ruleArn()),
                rule.conditions().stream().map(ListenerRules::condition).toList(),
                rule.actions().stream().map(Action::typeAsString).toList(),
                rule.actions().stream()
                        .flatMap(action -> Stream.concat(
                                Stream.ofNullable(action.targetGroupArn()),
                                Stream.ofNullable(action.forwardConfig())
                                        .flatMap(config -> config.targetGroups().stream())
                                        .map(group -> group.targetGroupArn())))
                        .distinct()
                        .toList(),
                SdkJson.text(rule.actions()));
    }

    /** Values where host and path are compared with them; a regular expression is none. */
    private static ListenerRule.Condition condition(RuleCondition condition) {
        var values = Stream.of(
                        condition.values().stream(),
                        Stream.ofNullable(condition.hostHeaderConfig()).flatMap(config -> config.values().stream()),
                        Stream.ofNullable(condition.pathPatternConfig()).flatMap(config -> config.values().stream()))
                .flatMap(Function.identity())
                .distinct()
                .toList();
        return new ListenerRule.Condition(condition.field(), values);
    }

    private static Evidence evidence(Listener listener, Rule rule) {
        // The last action decides; those before it authenticate.
        var action = rule.actions().isEmpty()
                ? Optional.<Action>empty()
                : Optional.of(rule.actions().getLast());
        return new Evidence.ListenerRule(
                listener.listenerArn(),
                listener.port() == null ? 0 : listener.port(),
                Boolean.TRUE.equals(rule.isDefault()),
                rule.conditions().stream().map(ListenerRules::inWords).toList(),
                action.map(Action::typeAsString).orElse("none"),
                action.stream().flatMap(ListenerRules::targets).distinct().toList(),
                action.flatMap(known -> Optional.ofNullable(known.fixedResponseConfig()))
                        .map(fixed -> fixed.statusCode()));
    }

    private static Stream<String> targets(Action action) {
        var weighted = action.forwardConfig() == null
                ? Stream.<String>empty()
                : action.forwardConfig().targetGroups().stream()
                        .filter(group -> group.weight() == null || group.weight() > 0)
                        .map(group -> group.targetGroupArn());
        return Stream.concat(Stream.ofNullable(action.targetGroupArn()), weighted);
    }

    private static String inWords(RuleCondition condition) {
        var values = new ArrayList<String>(condition.values());
        if (condition.hostHeaderConfig() != null) {
            values.addAll(condition.hostHeaderConfig().values());
        }
        if (condition.pathPatternConfig() != null) {
            values.addAll(condition.pathPatternConfig().values());
        }
        return condition.field() + " "
                + String.join(", ", values.stream().distinct().toList());
    }
}
