package io.deployguard.channels.github;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * GitHub's deployments on this machine: takes their statuses as the API does, refuses what it refuses, and keeps them in order.
 *
 * @see <a href="https://docs.github.com/en/rest/deployments/statuses#create-a-deployment-status">Create a deployment status</a>
 * @see <a href="https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api">What it refuses</a>
 */
final class GithubStandIn implements AutoCloseable {

    private static final Set<String> STATES =
            Set.of("error", "failure", "inactive", "in_progress", "queued", "pending", "success");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String token;
    private final HttpServer server;
    private final Map<String, List<JsonNode>> deployments = new TreeMap<>();
    private Optional<Duration> exhaustedFor = Optional.empty();
    private boolean mayWrite = true;

    GithubStandIn(String token) {
        this.token = token;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        server.createContext("/", this::handle);
        server.start();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Makes one, as a pipeline does. */
    synchronized void deployment(String repository, long id) {
        deployments.put("/repos/%s/deployments/%d/statuses".formatted(repository, id), new ArrayList<>());
    }

    /** What it was told, oldest first. */
    synchronized List<JsonNode> statusesOf(String repository, long id) {
        return List.copyOf(
                deployments.getOrDefault("/repos/%s/deployments/%d/statuses".formatted(repository, id), List.of()));
    }

    /** From now on the quota is used up. */
    synchronized void exhaust(Duration until) {
        exhaustedFor = Optional.of(until);
    }

    /** From now on the token may only read. */
    synchronized void readOnly() {
        mayWrite = false;
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private record Answer(int status, String message) {}

    private synchronized void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            var answer = answer(exchange, new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exhaustedFor.ifPresent(until -> {
                var headers = exchange.getResponseHeaders();
                headers.add("X-RateLimit-Remaining", "0");
                headers.add(
                        "X-RateLimit-Reset",
                        String.valueOf(Instant.now().plus(until).getEpochSecond()));
            });
            var body = JSON.createObjectNode()
                    .put("message", answer.message())
                    .toString()
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json; charset=utf-8");
            exchange.sendResponseHeaders(answer.status(), body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private Answer answer(HttpExchange exchange, String text) throws IOException {
        var headers = exchange.getRequestHeaders();
        if (headers.getFirst("User-Agent") == null) {
            return new Answer(403, "Request forbidden by administrative rules.");
        }
        if (!("Bearer " + token).equals(headers.getFirst("Authorization"))) {
            return new Answer(401, "Bad credentials");
        }
        if (exhaustedFor.isPresent()) {
            return new Answer(403, "API rate limit exceeded for installation ID 1.");
        }
        var statuses = deployments.get(exchange.getRequestURI().getPath());
        if (statuses == null || !exchange.getRequestMethod().equals("POST")) {
            return new Answer(404, "Not Found");
        }
        if (!mayWrite) {
            return new Answer(403, "Resource not accessible by personal access token");
        }
        var status = JSON.readTree(text);
        if (!STATES.contains(status.path("state").asText())
                || status.path("description").asText().length() > 140
                || !status.path("auto_inactive").isBoolean()) {
            return new Answer(422, "Validation Failed");
        }
        statuses.add(status);
        return new Answer(201, "");
    }
}
