package io.deployguard.simulation.lab;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Messages of one queue on their way to a function: the event that Lambda makes of them, and what the function's reply means.
 *
 * @param messages as {@code ReceiveMessage} returns them
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html">Lambda with SQS</a>
 */
record SqsBatch(String queueArn, List<JsonNode> messages) {
    private static final ObjectMapper JSON = new ObjectMapper();

    SqsBatch {
        messages = List.copyOf(messages);
    }

    Set<String> messageIds() {
        return messages.stream()
                .map(message -> message.path("MessageId").asText())
                .collect(Collectors.toSet());
    }

    /** The event with its {@code Records}. */
    String event() {
        var event = JSON.createObjectNode();
        var records = event.putArray("Records");
        messages.forEach(message -> records.add(toRecord(message)));
        return event.toString();
    }

    private ObjectNode toRecord(JsonNode message) {
        var made = JSON.createObjectNode();
        made.put("messageId", message.path("MessageId").asText());
        made.put("receiptHandle", message.path("ReceiptHandle").asText());
        made.put("body", message.path("Body").asText());
        made.set("attributes", orEmpty(message.path("Attributes")));
        made.set("messageAttributes", toAttributes(message.path("MessageAttributes")));
        made.put("md5OfBody", message.path("MD5OfBody").asText());
        if (message.hasNonNull("MD5OfMessageAttributes")) {
            made.put(
                    "md5OfMessageAttributes",
                    message.path("MD5OfMessageAttributes").asText());
        }
        made.put("eventSource", "aws:sqs");
        made.put("eventSourceARN", queueArn);
        made.put("awsRegion", queueArn.split(":", -1)[3]);
        return made;
    }

    private static JsonNode orEmpty(JsonNode object) {
        return object.isObject() ? object : JSON.createObjectNode();
    }

    /** Lambda changes the case of the names, and adds the two lists that SQS has reserved and never fills. */
    private static ObjectNode toAttributes(JsonNode attributes) {
        var made = JSON.createObjectNode();
        for (var attribute : attributes.properties()) {
            var value = made.putObject(attribute.getKey());
            copy(attribute.getValue(), "StringValue", value, "stringValue");
            copy(attribute.getValue(), "BinaryValue", value, "binaryValue");
            value.putArray("stringListValues");
            value.putArray("binaryListValues");
            copy(attribute.getValue(), "DataType", value, "dataType");
        }
        return made;
    }

    private static void copy(JsonNode from, String name, ObjectNode to, String newName) {
        if (from.hasNonNull(name)) {
            to.set(newName, from.get(name));
        }
    }

    /**
     * The ids of the messages that failed by the function's reply.
     *
     * <p>No reply, {@code null}, an empty object and an empty or absent list mean that all succeeded. All failed when the reply is no
     * JSON, or when an identifier is absent, null, empty or not of this batch: that function has a defect, and losing messages would hide it.
     *
     * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html">Partial batch responses</a>
     */
    Set<String> failedIds(String reply) {
        if (reply.isBlank()) {
            return Set.of();
        }
        var failures = parse(reply).map(json -> json.path("batchItemFailures"));
        if (failures.isEmpty()) {
            return messageIds();
        }
        var list = failures.get();
        if (list.isMissingNode() || list.isNull()) {
            return Set.of();
        }
        return list instanceof ArrayNode array ? failedIds(array) : messageIds();
    }

    private Set<String> failedIds(ArrayNode failures) {
        var all = messageIds();
        var failed = new LinkedHashSet<String>();
        for (var failure : failures) {
            var id = failure.path("itemIdentifier").asText("");
            if (!all.contains(id)) {
                return all;
            }
            failed.add(id);
        }
        return failed;
    }

    private static Optional<JsonNode> parse(String reply) {
        try {
            return Optional.of(JSON.readTree(reply));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }
}
