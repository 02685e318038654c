package io.deployguard.simulation.lab;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A function that reports the messages with the body {@code bad…} as failed; it has no JSON library on its class path. */
public final class QueueHandler implements RequestStreamHandler {
    private static final Pattern BAD = Pattern.compile("\"messageId\":\"(m-bad\\w*)\"");

    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        var event = new String(input.readAllBytes(), StandardCharsets.UTF_8);
        if (event.contains("\"body\":\"throw\"")) {
            throw new IllegalStateException("one message spoils the batch");
        }
        var failures = BAD.matcher(event)
                .results()
                .map(found -> "{\"itemIdentifier\":\"%s\"}".formatted(found.group(1)))
                .collect(Collectors.joining(","));
        var reply =
                event.contains("\"body\":\"garbage\"") ? "oops" : "{\"batchItemFailures\":[%s]}".formatted(failures);
        output.write(reply.getBytes(StandardCharsets.UTF_8));
    }
}
