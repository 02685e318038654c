package io.deployguard.classification;

import io.deployguard.evidence.Evidence;
import io.deployguard.evidence.Evidence.ListenerRule;
import io.deployguard.evidence.EvidenceBundle;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Whether requests find their way from the listener to the targets. */
final class RoutingFacts implements Facts.Derivation {

    @Override
    public Set<String> names() {
        return Set.of("listener-does-not-reach-target-group", "listener-forwards-by-rule-only", "target-group-unused");
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
        return Stream.concat(unused, rules.isEmpty() ? Stream.empty() : routes(rules));
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
