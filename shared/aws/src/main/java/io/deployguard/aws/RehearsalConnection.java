package io.deployguard.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.MalformedURLException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One request to AWS in a rehearsal. It is answered from {@code rehearsal/aws-answers.json}, where one service has failed; nothing leaves the process.
 * An action that is not listed there gets an empty answer.
 */
final class RehearsalConnection extends HttpURLConnection {

    private static final String ANSWERS = "/rehearsal/aws-answers.json";
    private static final String TARGET = "X-Amz-Target";
    private static final String NOTHING_IN_XML = "<Nothing/>";

    private final JsonNode answers;
    private final ByteArrayOutputStream request = new ByteArrayOutputStream();
    private byte @Nullable [] answer;

    private RehearsalConnection(URI address, JsonNode answers) throws MalformedURLException {
        super(address.toURL());
        this.answers = answers;
        this.responseCode = HTTP_OK;
        this.responseMessage = "OK";
    }

    /** What opens such connections; the answers are read once. */
    static java.util.function.Function<URI, HttpURLConnection> opening() {
        JsonNode answers;
        try (var file = RehearsalConnection.class.getResourceAsStream(ANSWERS)) {
            answers = JsonMapper.builder().build().readTree(file);
        } catch (IOException broken) {
            throw new UncheckedIOException("read " + ANSWERS, broken);
        }
        return address -> {
            try {
                return new RehearsalConnection(address, answers);
            } catch (MalformedURLException wrong) {
                throw new UncheckedIOException("rehearse " + address, wrong);
            }
        };
    }

    @Override
    public void connect() {
        // to nobody
    }

    @Override
    public void disconnect() {
        // from nobody
    }

    @Override
    public boolean usingProxy() {
        return false;
    }

    @Override
    public OutputStream getOutputStream() {
        return request;
    }

    @Override
    public int getResponseCode() {
        return responseCode;
    }

    @Override
    public InputStream getInputStream() {
        return new ByteArrayInputStream(answer());
    }

    @Override
    public @Nullable InputStream getErrorStream() {
        return null;
    }

    @Override
    public Map<String, List<String>> getHeaderFields() {
        return Map.of(
                "Content-Type", List.of(isJson() ? "application/x-amz-json-1.1" : "text/xml"),
                "Content-Length", List.of(Integer.toString(answer().length)));
    }

    private boolean isJson() {
        return getRequestProperty(TARGET) != null;
    }

    private byte[] answer() {
        var given = answer;
        if (given == null) {
            given = isJson()
                    ? answers.path(getRequestProperty(TARGET).replaceFirst("^.*\\.", ""))
                            .toString()
                            .getBytes(StandardCharsets.UTF_8)
                    : answers.path(request.toString(StandardCharsets.UTF_8).replaceFirst("^.*Action=(\\w+).*$", "$1"))
                            .asText(NOTHING_IN_XML)
                            .getBytes(StandardCharsets.UTF_8);
            given = given.length == 0 ? (isJson() ? "{}" : NOTHING_IN_XML).getBytes(StandardCharsets.UTF_8) : given;
            answer = given;
        }
        return given;
    }
}
