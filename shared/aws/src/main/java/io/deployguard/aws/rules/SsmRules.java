package io.deployguard.aws.rules;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deployguard.aws.AwsClients;
import io.deployguard.aws.AwsFaults;
import io.deployguard.aws.SignedCalls;
import io.deployguard.classification.RuleDocument;
import io.deployguard.classification.RuleLocation;
import io.deployguard.classification.RuleSource;
import io.deployguard.fault.GuardFault;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/**
 * Rules in parameters of AWS Systems Manager, one document each; a parameter holds 4 KB, an advanced one 8.
 *
 * @see <a href="https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParametersByPath.html">GetParametersByPath</a>
 */
final class SsmRules implements RuleSource {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** The most that one answer may hold. */
    private static final int PAGE = 10;

    private final RuleLocation.Ssm place;
    private final SignedCalls ssm;

    SsmRules(RuleLocation.Ssm place, AwsClients clients) {
        this.place = place;
        this.ssm = clients.signed("ssm");
    }

    @Override
    public String location() {
        return place.toString();
    }

    @Override
    public Reading read() {
        var parameters = belowPath();
        if (parameters.isEmpty()) {
            parameters = List.of(ask("GetParameter", JSON.createObjectNode().put("Name", place.path()))
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
            var question = JSON.createObjectNode()
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
        return AwsFaults.ask(
                "ssm:" + action,
                "parameter " + place.path(),
                () -> succeeded(ssm.post("AmazonSSM." + action, question.toString())));
    }

    private static JsonNode succeeded(SignedCalls.Answer answer) {
        var json = json(answer);
        if (answer.status() == 200) {
            return json;
        }
        throw AwsServiceException.builder()
                .statusCode(answer.status())
                .awsErrorDetails(AwsErrorDetails.builder()
                        // Some services put the namespace of their model in front.
                        .errorCode(json.path("__type")
                                .asText("status " + answer.status())
                                .replaceFirst("^.*#", ""))
                        .errorMessage(
                                json.path("message").asText(json.path("Message").asText()))
                        .build())
                .build();
    }

    private static JsonNode json(SignedCalls.Answer answer) {
        try {
            return JSON.readTree(answer.text());
        } catch (JsonProcessingException notJson) {
            if (answer.status() >= 500) {
                return JSON.createObjectNode();
            }
            throw new GuardFault.Malformed(
                    "Systems Manager answered %d without JSON".formatted(answer.status()), notJson);
        }
    }
}
