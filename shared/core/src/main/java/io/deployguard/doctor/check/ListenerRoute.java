package io.deployguard.doctor.check;

import io.deployguard.doctor.Check;
import io.deployguard.doctor.Draft;
import io.deployguard.doctor.Result;
import io.deployguard.doctor.Surroundings;
import io.deployguard.ecs.Endpoint;
import io.deployguard.ecs.ListenerRule;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Healthy targets that no rule leads to serve nobody, and no event tells. */
final class ListenerRoute implements Check.OfService {

    @Override
    public String id() {
        return "listener-route";
    }

    @Override
    public String about() {
        return "A listener that does not forward to the service, or that answers otherwise where the endpoint of the tag `deploy-guard:endpoint` arrives.";
    }

    @Override
    public String source() {
        return "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-listeners.html";
    }

    @Override
    public Stream<Result> examine(Draft draft, Surroundings around) {
        var groups = around.service().balancers().stream()
                .flatMap(
                        balancer -> Stream.concat(balancer.targetGroupArn().stream(), balancer.alternateArn().stream()))
                .collect(Collectors.toSet());
        return groups.isEmpty()
                ? Stream.empty()
                : around.rules()
                        .judge(
                                "listeners",
                                rules -> forwards(rules, groups)
                                        ? endpoint(around.service().tags(), rules, groups)
                                        : Stream.of(new Result.Problem(
                                                "listeners",
                                                "none of %d listener rules forwards to a target group of the service"
                                                        .formatted(rules.size()),
                                                "Let a rule, or the default action, forward to it.")));
    }

    private static boolean forwards(List<ListenerRule> rules, Set<String> groups) {
        return rules.stream().anyMatch(rule -> leadsTo(rule, groups));
    }

    private static boolean leadsTo(ListenerRule rule, Set<String> groups) {
        return rule.targetGroupArns().stream().anyMatch(groups::contains);
    }

    private static Stream<Result> endpoint(Map<String, String> tags, List<ListenerRule> rules, Set<String> groups) {
        Optional<Endpoint> known;
        try {
            known = Endpoint.of(tags);
        } catch (IllegalArgumentException unreadable) {
            return Stream.of(new Result.Warning(
                    "service.tags", String.valueOf(unreadable.getMessage()), "Write it as expected."));
        }
        return known.stream()
                .flatMap(endpoint -> first(rules, endpoint)
                        .filter(rule -> !leadsTo(rule, groups))
                        .map(rule -> new Result.Problem(
                                "listeners",
                                "%s meets the %s, which answers with %s"
                                        .formatted(endpoint.url(), rule.name(), String.join(", ", rule.actionTypes())),
                                "Let it forward to the service's target group."))
                        .stream());
    }

    /** The rule that a request for the endpoint surely meets. */
    private static Optional<ListenerRule> first(List<ListenerRule> rules, Endpoint endpoint) {
        return rules.stream()
                .filter(rule -> rule.port() == endpoint.port())
                .filter(rule -> rule.meets(endpoint.host(), endpoint.path()) != ListenerRule.Meets.NO)
                .findFirst()
                .filter(rule -> rule.meets(endpoint.host(), endpoint.path()) == ListenerRule.Meets.YES);
    }
}
