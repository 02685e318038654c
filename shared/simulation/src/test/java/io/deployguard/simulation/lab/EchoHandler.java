package io.deployguard.simulation.lab;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A function that does what its event says; its jar is the folder of the test classes. */
public final class EchoHandler implements RequestStreamHandler {
    private int invocations;

    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        invocations++;
        var event = new String(input.readAllBytes(), StandardCharsets.UTF_8);
        System.out.println("log line: " + event);
        var answer = switch (event) {
            case "throw" -> throw new IllegalArgumentException("a \"bad\" event\nin two lines");
            case "exit" -> exit();
            case "hang" -> hang();
            case "count" -> Integer.toString(invocations);
            case "pid" -> Long.toString(ProcessHandle.current().pid());
            case "environment" -> environment();
            case "context" -> context(context);
            case "large" -> "x".repeat(RuntimeApi.MAX_ANSWER_BYTES + 1);
            default -> event;
        };
        output.write(answer.getBytes(StandardCharsets.UTF_8));
    }

    private static String exit() {
        System.exit(3);
        return "";
    }

    private static String hang() {
        try {
            TimeUnit.MINUTES.sleep(5);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return "";
    }

    private static String environment() {
        return System.getenv().keySet().stream().sorted().collect(Collectors.joining(" "));
    }

    private static String context(Context context) {
        context.getLogger().log("through the context's logger\n");
        return "%s %s %d %d %s"
                .formatted(
                        context.getFunctionName(),
                        context.getInvokedFunctionArn(),
                        context.getMemoryLimitInMB(),
                        context.getRemainingTimeInMillis() / 10_000,
                        context.getAwsRequestId().length());
    }

    /** A function whose construction fails. */
    public static final class Unmakeable implements RequestStreamHandler {
        public Unmakeable() {
            throw new IllegalStateException("DATABASE_URL is not set");
        }

        @Override
        public void handleRequest(InputStream input, OutputStream output, Context context) {}
    }
}
