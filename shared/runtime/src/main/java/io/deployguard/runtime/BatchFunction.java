package io.deployguard.runtime;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.deployguard.pipeline.Meter;
import io.deployguard.pipeline.Metric;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A function behind a queue, which can also be invoked directly with one message.
 *
 * <p>A batch is answered with the messages that failed, so that the others are not delivered again; a message that fails five times ends in the
 * dead-letter queue. A direct caller gets the outcome, or the failure as the function's error.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html">Partial batch responses</a>
 */
public final class BatchFunction {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** What the schedules of the template send to a function so that it is called at all. */
    static final String KEEP_WARM = "Deploy Guard Keep Warm";

    /** Kept back from the function's time, to write down what was found. */
    private static final Duration RESERVE = Duration.ofSeconds(5);

    private final MessageHandler handler;
    private final StructuredLog log;
    private final GuardClock clock;
    private final Meter meter;

    public BatchFunction(MessageHandler handler, StructuredLog log, GuardClock clock, Meter meter) {
        this.handler = handler;
        this.log = log;
        this.clock = clock;
        this.meter = meter;
    }

    /**
     * One invocation.
     *
     * @param requestId of Lambda, for the log
     * @param remaining until Lambda ends the function
     * @throws IOException when input or output break
     */
    public void handle(InputStream input, OutputStream output, String requestId, Duration remaining)
            throws IOException {
        var text = new String(input.readAllBytes(), StandardCharsets.UTF_8);
        var records = records(text);
        var deadline = clock.after(
                remaining.compareTo(RESERVE.multipliedBy(2)) > 0 ? remaining.minus(RESERVE) : remaining.dividedBy(2));
        if (records.isEmpty()) {
            output.write(JSON.writeValueAsBytes(direct(text, deadline, requestId)));
            return;
        }
        var failures = new ArrayList<Map<String, String>>();
        var longestFailure = Duration.ZERO;
        for (var message : records) {
            var begun = clock.instant();
            try {
                requireTime(begun.plus(longestFailure), deadline);
                report(handler.handle(message.body(), deadline), message.id(), requestId);
            } catch (RuntimeException failure) {
                fail("message failed", Map.of("message_id", message.id(), "request_id", requestId), failure);
                failures.add(Map.of("itemIdentifier", message.id()));
                var took = Duration.between(begun, clock.instant());
                longestFailure = took.compareTo(longestFailure) > 0 ? took : longestFailure;
            }
        }
        output.write(JSON.writeValueAsBytes(Map.of("batchItemFailures", failures)));
    }

    /**
     * What is not begun can be given back; what Lambda cuts off is delivered again with the whole batch.
     *
     * @param end when the message will be done if it fails as slowly as one before it, on a database that hangs for instance
     */
    private static void requireTime(Instant end, Instant deadline) {
        if (!end.isBefore(deadline)) {
            throw new IllegalStateException("no time left for this message; it will be delivered again");
        }
    }

    private Map<String, Object> direct(String text, Instant deadline, String requestId) {
        try {
            var outcome =
                    isKeepWarm(text) ? Map.<String, Object>of("outcome", "kept warm") : handler.handle(text, deadline);
            report(outcome, "", requestId);
            return outcome;
        } catch (RuntimeException failure) {
            fail("invocation failed", Map.of("request_id", requestId), failure);
            throw failure;
        }
    }

    private static boolean isKeepWarm(String text) {
        try {
            return JSON.readTree(text).path("detail-type").asText().equals(KEEP_WARM);
        } catch (JsonProcessingException notJson) {
            return false;
        }
    }

    private void fail(String event, Map<String, String> about, RuntimeException failure) {
        log.error(event, about, failure);
        meter.record(Map.of(Metric.FAILURES, 1.0), about);
    }

    private void report(Map<String, Object> outcome, String messageId, String requestId) {
        var fields = new LinkedHashMap<>(outcome);
        fields.put("request_id", requestId);
        if (!messageId.isEmpty()) {
            fields.put("message_id", messageId);
        }
        log.info("handled", fields);
    }

    private record Message(String id, String body) {}

    /** The messages of a queue's batch; empty for anything else. */
    private static List<Message> records(String text) {
        try {
            var records = new ArrayList<Message>();
            for (JsonNode entry : JSON.readTree(text).path("Records")) {
                if (entry.path("eventSource").asText().equals("aws:sqs")) {
                    records.add(new Message(
                            entry.path("messageId").asText(), entry.path("body").asText()));
                }
            }
            return records;
        } catch (JsonProcessingException notJson) {
            // Then it is one message, and the handler says what is wrong with it.
            return List.of();
        }
    }
}
