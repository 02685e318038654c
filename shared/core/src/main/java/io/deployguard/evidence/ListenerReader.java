package io.deployguard.evidence;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads what DescribeListeners and DescribeRules return: listeners, rules, or the whole answers.
 *
 * @see <a href="https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Rule.html">Rule</a>
 */
final class ListenerReader {

    private ListenerReader() {}

    static List<Evidence.ListenerRule> read(JsonNode json, String field) {
        var rules = new ArrayList<Evidence.ListenerRule>();
        if (json.isArray()) {
            for (int index = 0; index < json.size(); index++) {
                rules.addAll(readOne(json.get(index), field + "[" + index + "]", "", 0));
            }
        } else if (EvidenceReader.present(json)) {
            rules.addAll(readOne(json, field, "", 0));
        }
        return rules;
    }

    private static List<Evidence.ListenerRule> readOne(JsonNode json, String field, String listenerArn, int port) {
        if (!EvidenceReader.present(json)) {
            return List.of();
        }
        EvidenceReader.requireObject(json, field);
        String arn = EvidenceReader.text(json, "ListenerArn", field).orElse(listenerArn);
        int ownPort = json.path("Port").asInt(port);
        var rules = new ArrayList<Evidence.ListenerRule>();
        for (String nested : List.of("Listeners", "Rules")) {
            for (var each : EvidenceReader.elements(json, nested, field)) {
                rules.addAll(readOne(each.node(), each.field(), arn, ownPort));
            }
        }
        if (json.has("DefaultActions")) {
            rules.add(rule(json, field, arn, ownPort, true, "DefaultActions"));
        } else if (json.has("Actions")) {
            rules.add(rule(json, field, arn, ownPort, json.path("IsDefault").asBoolean(false), "Actions"));
        }
        return rules;
    }

    private static Evidence.ListenerRule rule(
            JsonNode json, String field, String arn, int port, boolean isDefault, String actionsField) {
        String action = "none";
        Optional<String> status = Optional.empty();
        var targetGroups = new ArrayList<String>();
        for (var each : EvidenceReader.elements(json, actionsField, field)) {
            // The last action decides: those before it authenticate.
            action = EvidenceReader.text(each.node(), "Type", each.field()).orElse(action);
            EvidenceReader.text(each.node(), "TargetGroupArn", each.field()).ifPresent(targetGroups::add);
            JsonNode forward = each.node().path("ForwardConfig");
            for (var group : EvidenceReader.elements(forward, "TargetGroups", each.field() + ".ForwardConfig")) {
                EvidenceReader.text(group.node(), "TargetGroupArn", group.field())
                        .filter(target -> !targetGroups.contains(target))
                        .ifPresent(targetGroups::add);
            }
            status = EvidenceReader.text(each.node().path("FixedResponseConfig"), "StatusCode", each.field())
                    .or(() -> EvidenceReader.text(each.node().path("RedirectConfig"), "StatusCode", each.field()))
                    .or(() -> Optional.empty());
        }
        return new Evidence.ListenerRule(arn, port, isDefault, conditions(json, field), action, targetGroups, status);
    }

    private static List<String> conditions(JsonNode json, String field) {
        var conditions = new ArrayList<String>();
        for (var each : EvidenceReader.elements(json, "Conditions", field)) {
            String kind =
                    EvidenceReader.text(each.node(), "Field", each.field()).orElse("condition");
            var values = new ArrayList<String>();
            each.node()
                    .findValues("Values")
                    .forEach(list -> list.forEach(value -> {
                        if (!values.contains(value.asText())) {
                            values.add(value.asText());
                        }
                    }));
            conditions.add(kind + " " + String.join(", ", values));
        }
        return conditions;
    }
}
