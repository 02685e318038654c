package io.deployguard.functions.migrate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.deployguard.runtime.StructuredLog;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/**
 * CloudFormation's request for a custom resource, and the answer it waits for. Deleting the stack leaves the tables alone: they are the record of
 * what happened.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html">Custom resource response objects</a>
 */
final class CustomResource {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final JsonNode request;
    private final String logStream;

    CustomResource(JsonNode request, String logStream) {
        this.request = request;
        this.logStream = logStream;
    }

    /** Does the work unless the stack is being deleted, and tells CloudFormation what came of it, success or failure. */
    void answer(Supplier<Map<String, Object>> work, StructuredLog log) throws IOException {
        var answer = new LinkedHashMap<String, Object>();
        answer.put("StackId", request.path("StackId").asText());
        answer.put("RequestId", request.path("RequestId").asText());
        var name = request.path("LogicalResourceId").asText();
        answer.put("LogicalResourceId", name);
        answer.put(
                "PhysicalResourceId",
                request.path("PhysicalResourceId").asText("deploy-guard-" + name.toLowerCase(Locale.ROOT)));
        try {
            if (!request.path("RequestType").asText().equals("Delete")) {
                answer.put("Data", work.get());
            }
            answer.put("Status", "SUCCESS");
        } catch (RuntimeException failure) {
            log.error("custom resource failed", Map.of("resource", name), failure);
            answer.put("Status", "FAILED");
            answer.put("Reason", failure.getMessage() + " (log stream " + logStream + ")");
        }
        send(JSON.writeValueAsBytes(answer));
    }

    private void send(byte[] body) throws IOException {
        var connection = (HttpURLConnection)
                URI.create(request.path("ResponseURL").asText()).toURL().openConnection();
        connection.setRequestMethod("PUT");
        connection.setDoOutput(true);
        // The address is signed for an empty content type.
        connection.setRequestProperty("Content-Type", "");
        connection.setFixedLengthStreamingMode(body.length);
        try (var out = connection.getOutputStream()) {
            out.write(body);
        }
        if (connection.getResponseCode() >= 300) {
            throw new IOException("CloudFormation refused the answer with " + connection.getResponseCode());
        }
    }
}
