package io.deployguard.simulation.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A queue whose received messages stay invisible for ever: what is left in it has failed. */
final class FakeSqs implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, String> visible = new LinkedHashMap<>();
    private final Map<String, String> invisible = new LinkedHashMap<>();
    private final List<String> calls = new ArrayList<>();
    private final LocalServer server = LocalServer.start(0, this::handle);
    private int faults;

    URI uri() {
        return server.uri();
    }

    synchronized void send(String... bodies) {
        for (var body : bodies) {
            visible.put("m-" + body, body);
        }
    }

    synchronized void failNext(int calls) {
        faults = calls;
    }

    /** The bodies of the messages that were received and not deleted. */
    synchronized List<String> left() {
        return List.copyOf(invisible.values());
    }

    synchronized boolean isDrained() {
        return visible.isEmpty();
    }

    synchronized List<String> calls() {
        return List.copyOf(calls);
    }

    private void handle(HttpExchange exchange) throws IOException, InterruptedException {
        var action = exchange.getRequestHeaders().getFirst("X-Amz-Target");
        var request = JSON.readTree(LocalServer.body(exchange));
        if (takeFault()) {
            LocalServer.answer(exchange, 500, "application/x-amz-json-1.0", "{\"__type\":\"InternalError\"}");
            return;
        }
        var answer = action.equals("AmazonSQS.ReceiveMessage") ? receive(request) : delete(request);
        if (answer.equals("{}") && action.endsWith("ReceiveMessage")) {
            TimeUnit.MILLISECONDS.sleep(50); // a short "long poll"
        }
        LocalServer.answer(exchange, 200, "application/x-amz-json-1.0", answer);
    }

    private synchronized boolean takeFault() {
        return faults-- > 0;
    }

    private synchronized String receive(JsonNode request) {
        var answer = JSON.createObjectNode();
        var limit = request.path("MaxNumberOfMessages").asInt();
        for (var id : visible.keySet().stream().limit(limit).toList()) {
            var body = visible.remove(id);
            invisible.put(id, body);
            answer.withArray("Messages")
                    .addObject()
                    .put("MessageId", id)
                    .put("ReceiptHandle", "r-" + id)
                    .put("Body", body)
                    .put("MD5OfBody", "");
        }
        return answer.toString();
    }

    private synchronized String delete(JsonNode request) {
        calls.add("DeleteMessageBatch of " + request.path("Entries").size());
        request.path("Entries")
                .forEach(entry ->
                        invisible.remove(entry.path("ReceiptHandle").asText().substring("r-".length())));
        return "{}";
    }

    @Override
    public void close() {
        server.close();
    }
}
