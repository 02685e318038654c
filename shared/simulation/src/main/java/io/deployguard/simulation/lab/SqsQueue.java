package io.deployguard.simulation.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.stream.StreamSupport;

/**
 * The two calls of SQS that an event source mapping makes, over the JSON protocol and unsigned.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-making-api-requests-json.html">JSON protocol</a>
 */
final class SqsQueue implements AutoCloseable {
    /** What one call receives or deletes at most. */
    static final int MAX_MESSAGES = 10;

    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final URI endpoint;
    private final String queueUrl;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    SqsQueue(URI endpoint, String queueUrl) {
        this.endpoint = endpoint;
        this.queueUrl = queueUrl;
    }

    /**
     * Up to {@code limit} messages, after waiting for the first at most {@code wait}, which SQS counts in whole seconds.
     *
     * @throws IOException when SQS cannot be reached or refuses
     */
    List<JsonNode> receive(int limit, Duration wait) throws IOException, InterruptedException {
        var request = JSON.createObjectNode().put("QueueUrl", queueUrl).put("MaxNumberOfMessages", limit);
        request.put("WaitTimeSeconds", wait.toSeconds());
        request.putArray("MessageSystemAttributeNames").add("All");
        request.putArray("MessageAttributeNames").add("All");
        var answer = call("ReceiveMessage", request, wait.plus(ANSWER_LIMIT));
        return StreamSupport.stream(answer.path("Messages").spliterator(), false)
                .toList();
    }

    /**
     * Deletes these messages.
     *
     * @throws IOException when one of them was not deleted; the others may have been
     */
    void delete(List<JsonNode> messages) throws IOException, InterruptedException {
        for (var from = 0; from < messages.size(); from += MAX_MESSAGES) {
            deleteBatch(messages.subList(from, Math.min(from + MAX_MESSAGES, messages.size())));
        }
    }

    private void deleteBatch(List<JsonNode> messages) throws IOException, InterruptedException {
        var request = JSON.createObjectNode().put("QueueUrl", queueUrl);
        var entries = request.putArray("Entries");
        for (var message : messages) {
            entries.addObject()
                    .put("Id", "m" + entries.size())
                    .put("ReceiptHandle", message.path("ReceiptHandle").asText());
        }
        var refused = call("DeleteMessageBatch", request, ANSWER_LIMIT).path("Failed");
        if (!refused.isEmpty()) {
            throw new IOException("DeleteMessageBatch on %s: %s".formatted(queueUrl, refused));
        }
    }

    private JsonNode call(String action, ObjectNode body, Duration limit) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(endpoint)
                .header("Content-Type", "application/x-amz-json-1.0")
                .header("X-Amz-Target", "AmazonSQS." + action)
                .timeout(limit)
                .POST(BodyPublishers.ofString(body.toString()))
                .build();
        var answer = client.send(request, BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException(
                    "%s on %s: HTTP %d %s".formatted(action, queueUrl, answer.statusCode(), answer.body()));
        }
        return JSON.readTree(answer.body());
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
