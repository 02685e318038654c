package io.deployguard.simulation.port;

import com.fasterxml.jackson.databind.JsonNode;
import io.deployguard.ecs.ListenerRule;
import io.deployguard.evidence.Evidence;
import io.deployguard.simulation.account.Json;
import java.util.Optional;
import java.util.stream.Stream;

/** A listener's rule as evidence. */
final class AccountRules {

    private AccountRules() {}

    static Evidence read(JsonNode listener, JsonNode rule) {
        // The last action decides; those before it authenticate.
        var actions = Json.elements(rule, "Actions");
        var action = actions.isEmpty() ? Json.object() : actions.getLast();
        return new Evidence.ListenerRule(
                listener.path("ListenerArn").asText(),
                listener.path("Port").asInt(),
                rule.path("IsDefault").asBoolean(),
                Json.elements(rule, "Conditions").stream()
                        .map(AccountRules::inWords)
                        .toList(),
                action.path("Type").asText("none"),
                Stream.concat(
                                Json.text(action, "TargetGroupArn").stream(),
                                Json.elements(action.path("ForwardConfig"), "TargetGroups").stream()
                                        .map(group ->
                                                group.path("TargetGroupArn").asText()))
                        .distinct()
                        .toList(),
                Optional.of(action.path("FixedResponseConfig")).flatMap(fixed -> Json.text(fixed, "StatusCode")));
    }

    /** The same with what it takes to change it. */
    static ListenerRule rule(JsonNode listener, JsonNode rule) {
        var actions = Json.elements(rule, "Actions");
        return new ListenerRule(
                listener.path("ListenerArn").asText(),
                listener.path("Port").asInt(),
                rule.path("IsDefault").asBoolean() ? Optional.empty() : Json.text(rule, "RuleArn"),
                Json.elements(rule, "Conditions").stream()
                        .map(condition -> new ListenerRule.Condition(
                                condition.path("Field").asText(), Json.textsIn(condition, "Values")))
                        .toList(),
                actions.stream().map(action -> action.path("Type").asText()).toList(),
                rule.findValuesAsText("TargetGroupArn").stream().distinct().toList(),
                rule.path("Actions").toString());
    }

    private static String inWords(JsonNode condition) {
        var values = condition.findValues("Values").stream()
                .flatMap(list -> java.util.stream.StreamSupport.stream(list.spliterator(), false))
                .map(JsonNode::asText)
                .distinct()
                .toList();
        return condition.path("Field").asText() + " " + String.join(", ", values);
    }
}
