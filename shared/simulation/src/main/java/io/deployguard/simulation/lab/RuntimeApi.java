package io.deployguard.simulation.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import io.deployguard.simulation.lab.Invocation.Answered;
import io.deployguard.simulation.lab.Invocation.Crashed;
import io.deployguard.simulation.lab.Invocation.Failed;
import io.deployguard.simulation.lab.Invocation.TimedOut;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * The server side of Lambda's Runtime API, for one process of one function.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html">Runtime API</a>
 */
final class RuntimeApi implements AutoCloseable {
    /** What an answer may hold: 6 MB and some room for Lambda's own envelope. */
    static final int MAX_ANSWER_BYTES = 6_291_556;

    /** Lambda allows 10 s; a laptop that builds something else at the same time needs longer. */
    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    private static final String RUNTIME = "/2018-06-01/runtime/";
    private static final String INVOCATION = RUNTIME + "invocation/";
    private static final String RESTORE = RUNTIME + "restore/";
    private static final String CREDENTIALS = "/credentials";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final LambdaFunction function;
    private final LocalServer server;
    private final BlockingQueue<Event> handOver = new ArrayBlockingQueue<>(1);
    private final CompletableFuture<Boolean> started = new CompletableFuture<>();

    /** Completes when the process has done all that it wants in its snapshot. */
    private final CompletableFuture<Boolean> frozen = new CompletableFuture<>();

    private final CompletableFuture<Boolean> restored = new CompletableFuture<>();

    /** How this process ended, or failed to start: what every invocation gets that has no end of its own. */
    private final CompletableFuture<Invocation> ended = new CompletableFuture<>();

    private volatile @Nullable Event current;

    RuntimeApi(LambdaFunction function) {
        this.function = function;
        this.server = LocalServer.start(0, this::handle);
    }

    /** One event on its way through the function. */
    private static final class Event {
        final String id = UUID.randomUUID().toString();
        final byte[] payload;
        final Duration timeout;

        /** Completes with the nano time at which the function has the event. */
        final CompletableFuture<Long> taken = new CompletableFuture<>();

        final CompletableFuture<Invocation> end = new CompletableFuture<>();

        Event(byte[] payload, Duration timeout) {
            this.payload = payload;
            this.timeout = timeout;
        }

        Duration sinceTaken() {
            return Duration.ofNanos(System.nanoTime() - taken.join());
        }
    }

    String hostAndPort() {
        return server.hostAndPort();
    }

    /** Whether the process has neither ended nor reported that it cannot start. */
    boolean serving() {
        return !ended.isDone();
    }

    /** Tells that the process has ended; whoever waits for an answer stops waiting. */
    void processEnded(int exitCode) {
        ended.complete(new Crashed(exitCode));
    }

    /** The credentials of the function's role, for those that were restored: what their variables held would be in the snapshot. */
    URI credentials() {
        return server.uri().resolve(CREDENTIALS);
    }

    /**
     * Waits until the process can be frozen.
     *
     * @return how it failed to get there; empty when it did
     */
    Optional<Invocation> freeze() throws InterruptedException {
        var moment = await(CompletableFuture.anyOf(frozen, ended), START_LIMIT);
        return moment.isEmpty()
                ? Optional.of(new TimedOut(START_LIMIT))
                : moment.filter(Invocation.class::isInstance).map(Invocation.class::cast);
    }

    /**
     * Waits for the process to start, hands the event over, and waits for its end or that of the process.
     *
     * @return empty when a process that had started ended without taking the event: AWS's client leaves that way some time after an
     *     answer that was refused
     */
    Optional<Invocation> invoke(byte[] payload, Duration timeout) throws InterruptedException {
        restored.complete(true);
        var start = await(CompletableFuture.anyOf(started, ended), START_LIMIT);
        if (start.isEmpty()) {
            return Optional.of(new TimedOut(START_LIMIT));
        }
        if (start.get() instanceof Invocation failedStart && !started.isDone()) {
            return Optional.of(failedStart);
        }
        var event = new Event(payload, timeout);
        current = event;
        handOver.put(event);
        if (await(CompletableFuture.anyOf(event.taken, ended), START_LIMIT).isEmpty()) {
            return Optional.of(new TimedOut(START_LIMIT));
        }
        if (!event.taken.isDone()) {
            return Optional.empty();
        }
        var end = await(CompletableFuture.anyOf(event.end, ended), timeout);
        current = null;
        return Optional.of(end.map(Invocation.class::cast).orElseGet(() -> new TimedOut(timeout)));
    }

    private static Optional<Object> await(CompletableFuture<Object> future, Duration limit)
            throws InterruptedException {
        try {
            return Optional.of(future.get(limit.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new IllegalStateException("nothing completes these futures with an exception", e);
        }
    }

    private void handle(HttpExchange exchange) throws IOException, InterruptedException {
        var path = exchange.getRequestURI().getPath();
        if (path.equals(INVOCATION + "next")) {
            handOutNext(exchange);
        } else if (path.equals(RUNTIME + "init/error") || path.equals(RESTORE + "error")) {
            var step = path.startsWith(RESTORE) ? "restore" : "start";
            ended.complete(failure(exchange, "%s %s: ".formatted(step, function.handler())));
            accept(exchange);
        } else if (path.equals(RESTORE + "next")) {
            frozen.complete(true);
            restored.join();
            LocalServer.answer(exchange, 200, "application/json", "");
        } else if (path.equals(CREDENTIALS)) {
            LocalServer.answer(
                    exchange, 200, "application/json", function.credentials().json());
        } else if (path.startsWith(INVOCATION) && path.endsWith("/response")) {
            endCurrent(exchange, path);
        } else if (path.startsWith(INVOCATION) && path.endsWith("/error")) {
            endCurrent(exchange, path);
        } else {
            LocalServer.answer(exchange, 404, "application/json", "{\"errorType\":\"UnknownPath\"}");
        }
    }

    private void handOutNext(HttpExchange exchange) throws IOException, InterruptedException {
        started.complete(true);
        var event = handOver.take();
        var headers = exchange.getResponseHeaders();
        headers.set("Lambda-Runtime-Aws-Request-Id", event.id);
        headers.set(
                "Lambda-Runtime-Deadline-Ms",
                Long.toString(Instant.now().plus(event.timeout).toEpochMilli()));
        headers.set("Lambda-Runtime-Invoked-Function-Arn", function.arn());
        headers.set("Lambda-Runtime-Trace-Id", traceId(event));
        event.taken.complete(System.nanoTime());
        LocalServer.answer(exchange, 200, "application/json", event.payload);
    }

    /** The shape of an X-Ray header; nothing is sampled here. */
    private static String traceId(Event event) {
        var digits = event.id.replace("-", "");
        return "Root=1-%s-%s;Parent=%s;Sampled=0"
                .formatted(digits.substring(0, 8), digits.substring(8), digits.substring(16));
    }

    private void endCurrent(HttpExchange exchange, String path) throws IOException {
        var event = current;
        if (event == null || !path.startsWith(INVOCATION + event.id + "/")) {
            LocalServer.answer(exchange, 400, "application/json", "{\"errorType\":\"InvalidRequestID\"}");
            return;
        }
        if (path.endsWith("/error")) {
            var failed = failure(exchange, "");
            accept(exchange);
            event.end.complete(failed);
            return;
        }
        var duration = event.sinceTaken();
        var answer = LocalServer.body(exchange);
        if (answer.length > MAX_ANSWER_BYTES) {
            LocalServer.answer(exchange, 413, "application/json", "{\"errorType\":\"RequestEntityTooLarge\"}");
            event.end.complete(tooLarge(answer.length));
            return;
        }
        accept(exchange);
        event.end.complete(Answered.of(answer, duration));
    }

    private static Failed tooLarge(int bytes) {
        return new Failed(
                "Function.ResponseSizeTooLarge",
                "Response payload size (%d bytes) exceeded maximum allowed payload size (%d bytes)."
                        .formatted(bytes, MAX_ANSWER_BYTES),
                "");
    }

    private static Failed failure(HttpExchange exchange, String prefix) throws IOException {
        var header = exchange.getRequestHeaders().getFirst("Lambda-Runtime-Function-Error-Type");
        var body = LocalServer.body(exchange);
        JsonNode error;
        try {
            error = JSON.readTree(body);
        } catch (IOException e) {
            error = JSON.createObjectNode();
        }
        var type = error.path("errorType").asText(header == null ? "Unknown" : header);
        var trace = StreamSupport.stream(error.path("stackTrace").spliterator(), false)
                .map(JsonNode::asText)
                .collect(Collectors.joining("\n"));
        return new Failed(type, prefix + error.path("errorMessage").asText("no message"), trace);
    }

    private static void accept(HttpExchange exchange) throws IOException {
        LocalServer.answer(exchange, 202, "application/json", "{\"status\":\"OK\"}");
    }

    @Override
    public void close() {
        ended.complete(new Crashed(0));
        restored.complete(true);
        server.close();
    }
}
