package io.deployguard.classification;

import io.deployguard.ecs.EndpointAnswer;
import io.deployguard.evidence.Evidence;
import io.deployguard.evidence.Evidence.ListenerRule;
import io.deployguard.evidence.EvidenceBundle;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Whether requests find their way from the listener to the targets. */
final class RoutingFacts implements Facts.Derivation {

    @Override
    public Set<String> names() {
        return Set.of(
                "listener-does-not-reach-target-group",
                "listener-forwards-by-rule-only",
                "target-group-unused",
                "endpoint-answered-by-load-balancer",
                "endpoint-answers-wrongly");
    }

    @Override
    public Stream<Fact> from(EvidenceBundle bundle) {
        List<ListenerRule> rules = bundle.only(ListenerRule.class);
        Stream<Fact> unused = bundle.only(Evidence.TargetReason.class).stream()
                .filter(target ->
                        target.reason().filter("Target.NotInUse"::equals).isPresent())
                .limit(1)
                .map(target -> new Fact(
                        "target-group-unused",
                        "the target group receives no traffic: "
                                + target.description().orElse("Target.NotInUse")));
        return Stream.of(unused, rules.isEmpty() ? Stream.<Fact>empty() : routes(rules), endpoint(bundle))
                .flatMap(Function.identity());
    }

    /** A load balancer answers by itself where no rule leads on, and where no target is well; only the first is a matter of routing. */
    private static Stream<Fact> endpoint(EvidenceBundle bundle) {
        List<Evidence.TargetReason> targets = bundle.only(Evidence.TargetReason.class);
        boolean targetsAreWell = !targets.isEmpty()
                && targets.stream().allMatch(target -> target.state().equals("healthy"));
        return bundle.only(Evidence.EndpointAnswered.class).stream()
                .flatMap(answered -> answered.endpoint().complaint(answered.answer()).stream()
                        .map(complaint -> new Fact(
                                isMisrouted(answered.answer()) && targetsAreWell
                                        ? "endpoint-answered-by-load-balancer"
                                        : "endpoint-answers-wrongly",
                                complaint)));
    }

    /** 502 and 504 are what a task did to a request that reached it. */
    private static boolean isMisrouted(EndpointAnswer answer) {
        return answer instanceof EndpointAnswer.Given given
                && given.isOfLoadBalancer()
                && given.status() != 502
                && given.status() != 504;
    }

    private static Stream<Fact> routes(List<ListenerRule> rules) {
        boolean forwards = rules.stream()
                .anyMatch(rule -> rule.action().equals("forward")
                        && !rule.targetGroupArns().isEmpty());
        List<ListenerRule> dead =
                rules.stream().filter(rule -> rule.isDefault() && !leads(rule)).toList();
        if (!forwards && rules.stream().noneMatch(rule -> rule.action().equals("redirect"))) {
            return Stream.of(new Fact(
                    "listener-does-not-reach-target-group", "no rule forwards to a target group: " + words(rules)));
        }
        String hosts = rules.stream()
                .filter(rule -> rule.action().equals("forward"))
                .flatMap(rule -> rule.conditions().stream())
                .collect(Collectors.joining("; "));
        return dead.stream()
                .limit(1)
                .map(rule -> new Fact(
                        "listener-forwards-by-rule-only",
                        "the default action of port " + rule.port() + " is " + rule.action()
                                + rule.fixedStatus().map(status -> " " + status).orElse("")
                                + (hosts.isEmpty() ? "" : "; only requests with " + hosts + " are forwarded")));
    }

    private static boolean leads(ListenerRule rule) {
        return rule.action().equals("redirect")
                || (rule.action().equals("forward") && !rule.targetGroupArns().isEmpty());
    }

    private static String words(List<ListenerRule> rules) {
        return rules.stream()
                .map(rule -> "port " + rule.port()
                        + (rule.isDefault() ? " default" : " " + String.join(", ", rule.conditions())) + " → "
                        + rule.action()
                        + rule.fixedStatus().map(status -> " " + status).orElse(""))
                .limit(5)
                .collect(Collectors.joining("; "));
    }
}
