package io.deployguard.aws.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deployguard.aws.AwsClients;
import io.deployguard.aws.JsonCalls;
import io.deployguard.classification.RuleDocument;
import io.deployguard.classification.RuleLocation;
import io.deployguard.classification.RuleSource;
import io.deployguard.fault.GuardFault;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Rules in parameters of AWS Systems Manager, one document each; a parameter holds 4 KB, an advanced one 8.
 *
 * @see <a href="https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParametersByPath.html">GetParametersByPath</a>
 */
final class SsmRules implements RuleSource {

    /** The most that one answer may hold. */
    private static final int PAGE = 10;

    private final RuleLocation.Ssm place;
    private final JsonCalls ssm;

    SsmRules(RuleLocation.Ssm place, AwsClients clients) {
        this.place = place;
        this.ssm = new JsonCalls(clients.signed("ssm"), "ssm", "AmazonSSM");
    }

    @Override
    public String location() {
        return place.toString();
    }

    @Override
    public Reading read() {
        var parameters = belowPath();
        if (parameters.isEmpty()) {
            parameters = List.of(ask("GetParameter", JsonCalls.question().put("Name", place.path()))
                    .path("Parameter"));
        }
        var documents = new ArrayList<RuleDocument>();
        var problems = new ArrayList<String>();
        parameters.stream()
                .sorted(Comparator.comparing(parameter -> parameter.path("Name").asText()))
                .forEach(parameter -> {
                    var name = "ssm:" + parameter.path("Name").asText();
                    if (parameter.path("Type").asText().equals("SecureString")) {
                        problems.add(name + ": expected a parameter of type String, got SecureString");
                    } else {
                        documents.add(
                                new RuleDocument(name, parameter.path("Value").asText()));
                    }
                });
        return new Reading(documents, problems);
    }

    private List<JsonNode> belowPath() {
        var found = new ArrayList<JsonNode>();
        var next = "";
        do {
            var question = JsonCalls.question()
                    .put("Path", place.path())
                    .put("Recursive", true)
                    .put("MaxResults", PAGE);
            if (!next.isEmpty()) {
                question.put("NextToken", next);
            }
            var answer = ask("GetParametersByPath", question);
            answer.path("Parameters").forEach(found::add);
            if (found.size() > MOST_DOCUMENTS) {
                throw new GuardFault.Malformed(
                        "rules of %s: expected at most %d parameters".formatted(place, MOST_DOCUMENTS), null);
            }
            next = answer.path("NextToken").asText("");
        } while (!next.isEmpty());
        return found;
    }

    private JsonNode ask(String action, ObjectNode question) {
        return ssm.ask(action, "parameter " + place.path(), question);
    }
}
