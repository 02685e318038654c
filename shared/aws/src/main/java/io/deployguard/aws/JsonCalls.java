package io.deployguard.aws;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deployguard.fault.GuardFault;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** Calls of a service that speaks AWS's JSON protocol and has no client here. Thread-safe. */
public final class JsonCalls {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final SignedCalls calls;
    private final String service;
    private final String target;

    /**
     * @param service as IAM calls it, such as {@code ssm}
     * @param target what stands before an action's name in {@code X-Amz-Target}, such as {@code AmazonSSM}
     */
    public JsonCalls(SignedCalls calls, String service, String target) {
        this.calls = calls;
        this.service = service;
        this.target = target;
    }

    /** The region that is asked. */
    public String region() {
        return calls.region();
    }

    public static ObjectNode question() {
        return JSON.createObjectNode();
    }

    /**
     * The answer to one question.
     *
     * @param subject what it is about, such as {@code parameter /deploy-guard/rules}
     * @throws GuardFault when the service refuses or cannot be asked
     */
    public JsonNode ask(String action, String subject, ObjectNode question) {
        return AwsFaults.ask(
                service + ":" + action,
                subject,
                () -> succeeded(calls.post(target + "." + action, question.toString())));
    }

    private JsonNode succeeded(SignedCalls.Answer answer) {
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

    private JsonNode json(SignedCalls.Answer answer) {
        try {
            return JSON.readTree(answer.text());
        } catch (JsonProcessingException notJson) {
            if (answer.status() >= 500) {
                return JSON.createObjectNode();
            }
            throw new GuardFault.Malformed("%s answered %d without JSON".formatted(service, answer.status()), notJson);
        }
    }
}
