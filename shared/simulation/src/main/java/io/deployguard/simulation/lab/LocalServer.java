package io.deployguard.simulation.lab;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * An HTTP server on the loopback interface, with one virtual thread for each request.
 *
 * <p>It does not keep the program alive: when {@code main} ends by an exception, the program ends.
 */
final class LocalServer implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads;

    private LocalServer(HttpServer server, ExecutorService threads) {
        this.server = server;
        this.threads = threads;
    }

    /** Answers one request; an exception becomes an answer with status 500. */
    interface Handler {
        void handle(HttpExchange exchange) throws IOException, InterruptedException;
    }

    /** Starts on a free port when {@code port} is 0. */
    static LocalServer start(int port, Handler handler) {
        try {
            var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
            var threads = Executors.newVirtualThreadPerTaskExecutor();
            server.setExecutor(threads);
            server.createContext("/", exchange -> handle(exchange, handler));
            // The server's own thread inherits "daemon" from the thread that starts it; there is no setting for it.
            var starter = Thread.ofPlatform().daemon().start(server::start);
            starter.join();
            return new LocalServer(server, threads);
        } catch (IOException e) {
            throw new UncheckedIOException("listen on port %d of 127.0.0.1: %s".formatted(port, e.getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while starting an HTTP server", e);
        }
    }

    private static void handle(HttpExchange exchange, Handler handler) {
        try (exchange) {
            handler.handle(exchange);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the server closes; the connection closes with the exchange
        } catch (IOException | RuntimeException e) {
            answerFault(exchange, e);
        }
    }

    private static void answerFault(HttpExchange exchange, Exception fault) {
        try {
            answer(exchange, 500, "text/plain; charset=utf-8", fault.toString());
        } catch (IOException e) {
            fault.addSuppressed(e); // the client has gone, or has its answer; there is nobody to tell
        }
    }

    /** The address without a path: {@code http://127.0.0.1:40123}. */
    URI uri() {
        return URI.create("http://" + hostAndPort());
    }

    String hostAndPort() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    static byte[] body(HttpExchange exchange) throws IOException {
        return exchange.getRequestBody().readAllBytes();
    }

    static void answer(HttpExchange exchange, int status, String contentType, String body) throws IOException {
        answer(exchange, status, contentType, body.getBytes(StandardCharsets.UTF_8));
    }

    static void answer(HttpExchange exchange, int status, String contentType, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", contentType);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
