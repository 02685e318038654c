package io.deployguard.channels;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;

/** A server that answers what it was told to, in order, and remembers what it was asked. */
public final class HttpStub implements AutoCloseable {

    private final HttpServer server;
    private final Deque<Answer> answers = new ArrayDeque<>();
    private final List<Request> requests = new ArrayList<>();

    public HttpStub() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    public URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    }

    public HttpStub then(Answer answer) {
        synchronized (answers) {
            answers.add(answer);
        }
        return this;
    }

    public HttpStub then(int status, String body) {
        return then(new Answer(status, body, Map.of(), Duration.ZERO));
    }

    public List<Request> requests() {
        synchronized (requests) {
            return List.copyOf(requests);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void handle(HttpExchange exchange) throws IOException {
        var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        synchronized (requests) {
            requests.add(new Request(
                    exchange.getRequestURI().getPath(),
                    body,
                    Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))));
        }
        Answer answer;
        synchronized (answers) {
            answer = answers.isEmpty()
                    ? new Answer(599, "no answer was prepared", Map.of(), Duration.ZERO)
                    : answers.remove();
        }
        try (exchange) {
            Thread.sleep(answer.delay());
            if (answer.status() == Answer.HANG_UP) {
                return;
            }
            answer.headers()
                    .forEach((name, value) -> exchange.getResponseHeaders().add(name, value));
            var bytes = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** One request. */
    public record Request(String path, String body, Optional<String> authorization) {}

    /** One answer. */
    public record Answer(int status, String body, Map<String, String> headers, Duration delay) {

        static final int HANG_UP = -1;

        /** The connection is closed after the request was read: nobody knows whether it took effect. */
        public static Answer hangUp() {
            return new Answer(HANG_UP, "", Map.of(), Duration.ZERO);
        }

        public Answer late(Duration by) {
            return new Answer(status, body, headers, by);
        }

        public Answer with(String header, String value) {
            return new Answer(status, body, Map.of(header, value), delay);
        }
    }
}
