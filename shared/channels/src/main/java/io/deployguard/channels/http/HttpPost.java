package io.deployguard.channels.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Sends one POST and waits for its answer. {@link HttpURLConnection}, since its classes are loaded by the AWS SDK's client already: the cold start
 * of a function pays for nothing new. Threads may share it.
 *
 * @param connectTimeout until there is a connection
 * @param readTimeout until there is an answer
 */
public record HttpPost(Duration connectTimeout, Duration readTimeout) {

    /** 3 s to connect, 8 s for the answer: Slack promises neither, and a function has 30 s. */
    public static final HttpPost DEFAULT = new HttpPost(Duration.ofSeconds(3), Duration.ofSeconds(8));

    private static final int MAX_ANSWER = 1 << 20;
    private static final int LONGEST_WAIT = 3_600;

    /** Never throws for anything the network or the server does. */
    public Reply send(URI address, Map<String, String> headers, String body) {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        HttpURLConnection connection;
        try {
            connection = open(address, headers, bytes.length);
            connection.connect();
        } catch (SocketTimeoutException timeout) {
            return new Reply.NotSent("no connection within " + connectTimeout.toMillis() + " ms");
        } catch (IOException failure) {
            return new Reply.NotSent("no connection: " + failure.getClass().getSimpleName());
        }
        try {
            try (var out = connection.getOutputStream()) {
                out.write(bytes);
            }
            var status = connection.getResponseCode();
            if (status < 0) {
                return new Reply.Unclear("the answer was not HTTP");
            }
            return new Reply.Answered(status, read(connection, status), wait(connection));
        } catch (SocketTimeoutException timeout) {
            return new Reply.Unclear("no answer within " + readTimeout.toMillis() + " ms");
        } catch (IOException failure) {
            return new Reply.Unclear("connection lost: " + failure.getClass().getSimpleName());
        }
    }

    private HttpURLConnection open(URI address, Map<String, String> headers, int length) throws IOException {
        var connection = (HttpURLConnection) address.toURL().openConnection();
        connection.setRequestMethod("POST");
        connection.setConnectTimeout((int) connectTimeout.toMillis());
        connection.setReadTimeout((int) readTimeout.toMillis());
        connection.setInstanceFollowRedirects(false);
        connection.setUseCaches(false);
        connection.setDoOutput(true);
        // Without a fixed length the JDK silently sends a POST twice when a kept connection turns out to be closed.
        connection.setFixedLengthStreamingMode(length);
        headers.forEach(connection::setRequestProperty);
        return connection;
    }

    private static String read(HttpURLConnection connection, int status) throws IOException {
        try (InputStream in = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
            return in == null ? "" : new String(in.readNBytes(MAX_ANSWER), StandardCharsets.UTF_8);
        }
    }

    /**
     * How long the other side asks to be left alone: {@code Retry-After}, or until its quota is full again. The server's own clock counts.
     *
     * @see <a href="https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api">Rate limits of GitHub</a>
     */
    private static Optional<Duration> wait(HttpURLConnection connection) {
        var seconds = connection.getHeaderFieldLong("Retry-After", -1);
        if (seconds < 0 && connection.getHeaderFieldLong("X-RateLimit-Remaining", -1) == 0) {
            seconds = connection.getHeaderFieldLong("X-RateLimit-Reset", -1) - connection.getDate() / 1_000;
        }
        return seconds < 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(Math.min(seconds, LONGEST_WAIT)));
    }
}
