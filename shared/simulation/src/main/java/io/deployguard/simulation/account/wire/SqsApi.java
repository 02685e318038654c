package io.deployguard.simulation.account.wire;

import static io.deployguard.simulation.account.wire.Action.read;
import static io.deployguard.simulation.account.wire.Action.write;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deployguard.simulation.account.Arns;
import io.deployguard.simulation.account.AwsError;
import io.deployguard.simulation.account.Json;
import io.deployguard.simulation.account.Queues;
import io.deployguard.simulation.account.SimulatedQueue;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** The actions of SQS that the endpoint serves. */
final class SqsApi {
    private final Queues queues;
    private final String account;
    private final Supplier<URI> endpoint;

    private SqsApi(Queues queues, String account, Supplier<URI> endpoint) {
        this.queues = queues;
        this.account = account;
        this.endpoint = endpoint;
    }

    static List<Action> of(Queues queues, String account, Supplier<URI> endpoint) {
        var api = new SqsApi(queues, account, endpoint);
        return List.of(
                read("sqs", "GetQueueUrl", "QueueName", api::getQueueUrl),
                read("sqs", "GetQueueAttributes", "QueueUrl AttributeNames", api::getQueueAttributes),
                write("sqs", "SendMessage", "QueueUrl MessageBody DelaySeconds", api::sendMessage),
                write("sqs", "SendMessageBatch", "QueueUrl Entries", api::sendMessageBatch),
                write(
                        "sqs",
                        "ReceiveMessage",
                        "QueueUrl MaxNumberOfMessages VisibilityTimeout WaitTimeSeconds AttributeNames MessageSystemAttributeNames"
                                + " MessageAttributeNames",
                        api::receiveMessage),
                write("sqs", "DeleteMessage", "QueueUrl ReceiptHandle", api::deleteMessage),
                write("sqs", "DeleteMessageBatch", "QueueUrl Entries", api::deleteMessageBatch),
                write(
                        "sqs",
                        "ChangeMessageVisibility",
                        "QueueUrl ReceiptHandle VisibilityTimeout",
                        api::changeVisibility));
    }

    private ObjectNode getQueueUrl(ObjectNode request) {
        var queue = queues.require(request.path("QueueName").asText());
        return Json.object().put("QueueUrl", endpoint.get() + "/" + account + "/" + queue.name());
    }

    private ObjectNode getQueueAttributes(ObjectNode request) {
        var queue = queue(request);
        var all = Json.object()
                .put("QueueArn", queue.arn())
                .put("ApproximateNumberOfMessages", Long.toString(queue.visible()))
                .put("ApproximateNumberOfMessagesNotVisible", Long.toString(queue.inFlight()))
                .put("ApproximateNumberOfMessagesDelayed", Long.toString(queue.delayed()))
                .put(
                        "VisibilityTimeout",
                        Long.toString(queue.visibilityTimeout().toSeconds()));
        queue.redrive()
                .ifPresent(redrive -> all.put(
                        "RedrivePolicy",
                        Json.object()
                                .put(
                                        "deadLetterTargetArn",
                                        redrive.deadLetters().arn())
                                .put("maxReceiveCount", redrive.maxReceiveCount())
                                .toString()));
        var names = Json.textsIn(request, "AttributeNames");
        var answer = Json.object();
        answer.set("Attributes", names.contains("All") ? all : all.retain(names));
        return answer;
    }

    private ObjectNode sendMessage(ObjectNode request) {
        return send(queue(request), request);
    }

    private ObjectNode sendMessageBatch(ObjectNode request) {
        var queue = queue(request);
        return batch(request, entry -> send(queue, entry));
    }

    private ObjectNode receiveMessage(ObjectNode request) {
        var queue = queue(request);
        var hidden =
                request.has("VisibilityTimeout") ? seconds(request, "VisibilityTimeout") : queue.visibilityTimeout();
        var most = request.path("MaxNumberOfMessages").asInt(1);
        if (most < 1 || most > 10) {
            throw AwsError.refused("InvalidParameterValue", "MaxNumberOfMessages must be between 1 and 10.");
        }
        try {
            var answer = Json.object();
            var messages = queue.receive(most, seconds(request, "WaitTimeSeconds"), hidden);
            if (!messages.isEmpty()) {
                var described = answer.putArray("Messages");
                messages.forEach(message -> described.add(describe(message)));
            }
            return answer;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AwsError("InternalError", 500, "The endpoint is being closed.");
        }
    }

    private ObjectNode deleteMessage(ObjectNode request) {
        queue(request).delete(request.path("ReceiptHandle").asText());
        return Json.object();
    }

    private ObjectNode deleteMessageBatch(ObjectNode request) {
        var queue = queue(request);
        return batch(request, entry -> {
            queue.delete(entry.path("ReceiptHandle").asText());
            return Json.object();
        });
    }

    private ObjectNode changeVisibility(ObjectNode request) {
        var found = queue(request)
                .changeVisibility(request.path("ReceiptHandle").asText(), seconds(request, "VisibilityTimeout"));
        if (!found) {
            throw AwsError.refused("ReceiptHandleIsInvalid", "The input receipt handle is invalid.");
        }
        return Json.object();
    }

    private static ObjectNode send(SimulatedQueue queue, JsonNode message) {
        var body = message.path("MessageBody").asText();
        return Json.object()
                .put("MessageId", queue.send(body, seconds(message, "DelaySeconds")))
                .put("MD5OfMessageBody", md5(body));
    }

    private static ObjectNode batch(ObjectNode request, Function<JsonNode, ObjectNode> each) {
        var entries = Json.elements(request, "Entries");
        if (entries.isEmpty()) {
            throw AwsError.refused("EmptyBatchRequest", "There should be at least one entry in the request.");
        }
        if (entries.size() > 10) {
            throw AwsError.refused("TooManyEntriesInBatchRequest", "Maximum number of entries per request are 10.");
        }
        var answer = Json.object();
        var successful = answer.putArray("Successful");
        entries.forEach(entry ->
                successful.add(each.apply(entry).put("Id", entry.path("Id").asText())));
        answer.putArray("Failed");
        return answer;
    }

    private SimulatedQueue queue(ObjectNode request) {
        return queues.require(Arns.nameIn(request.path("QueueUrl").asText()));
    }

    private static ObjectNode describe(SimulatedQueue.Received message) {
        var described = Json.object()
                .put("MessageId", message.id())
                .put("ReceiptHandle", message.receiptHandle())
                .put("MD5OfBody", md5(message.body()))
                .put("Body", message.body());
        described
                .putObject("Attributes")
                .put("ApproximateReceiveCount", Integer.toString(message.receiveCount()))
                .put("SentTimestamp", Long.toString(message.sentAt().toEpochMilli()));
        return described;
    }

    private static Duration seconds(JsonNode node, String field) {
        return Duration.ofSeconds(node.path(field).asLong(0));
    }

    /** The SDK compares it with the body it sent or received. */
    private static String md5(String body) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("MD5").digest(body.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has MD5", impossible);
        }
    }
}
