package io.deployguard.simulation.lab;

import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The inside of a function's process where AWS's runtime client has no native library (macOS): the same protocol in plain Java.
 *
 * <p>It serves {@link RequestStreamHandler}s, which all functions of this project are, and needs nothing on the class path but that
 * interface. It differs from AWS's client in what it leaves out: handlers of other shapes, tracing, CRaC hooks and structured logging.
 */
public final class PlainRuntime {
    private final Map<String, String> environment;
    private final String api;

    private PlainRuntime(Map<String, String> environment) {
        this.environment = environment;
        this.api = "http://%s/2018-06-01/runtime".formatted(environment.get("AWS_LAMBDA_RUNTIME_API"));
    }

    /**
     * Serves until the process is stopped; ends with 1 after reporting that the handler could not be made.
     *
     * @param arguments the handler: a class, or {@code class::handleRequest}
     */
    public static void main(String[] arguments) throws IOException {
        var runtime = new PlainRuntime(System.getenv());
        RequestStreamHandler handler;
        try {
            handler = handler(arguments[0]);
        } catch (InvocationTargetException e) {
            runtime.fail("init/error", Objects.requireNonNullElse(e.getCause(), e));
            System.exit(1);
            return;
        } catch (ReflectiveOperationException | LinkageError | ClassCastException e) {
            runtime.fail("init/error", e);
            System.exit(1);
            return;
        }
        runtime.serve(handler);
    }

    private static RequestStreamHandler handler(String name) throws ReflectiveOperationException {
        var className = name.split("::", 2)[0];
        return Class.forName(className)
                .asSubclass(RequestStreamHandler.class)
                .getDeclaredConstructor()
                .newInstance();
    }

    private void serve(RequestStreamHandler handler) throws IOException {
        while (true) {
            var next = open("invocation/next");
            var event = next.getInputStream().readAllBytes();
            var invocation = new LocalContext(
                    environment,
                    header(next, "Lambda-Runtime-Aws-Request-Id"),
                    header(next, "Lambda-Runtime-Invoked-Function-Arn"),
                    Long.parseLong(header(next, "Lambda-Runtime-Deadline-Ms")));
            serve(handler, event, invocation);
        }
    }

    // The one place where everything is caught: whatever a handler throws becomes the function's error, as in Lambda.
    @SuppressWarnings("CatchThrowable")
    private void serve(RequestStreamHandler handler, byte[] event, LocalContext invocation) throws IOException {
        var answer = new ByteArrayOutputStream();
        try {
            handler.handleRequest(new ByteArrayInputStream(event), answer, invocation);
        } catch (Throwable e) {
            fail("invocation/%s/error".formatted(invocation.requestId()), e);
            if (e instanceof VirtualMachineError) {
                System.exit(1);
            }
            return;
        }
        send("invocation/%s/response".formatted(invocation.requestId()), answer.toByteArray(), "");
    }

    private void fail(String path, Throwable fault) throws IOException {
        var type = fault.getClass().getName();
        var trace = Arrays.stream(fault.getStackTrace())
                .map(frame -> quote(frame.toString()))
                .collect(Collectors.joining(","));
        var json = "{\"errorMessage\":%s,\"errorType\":%s,\"stackTrace\":[%s]}"
                .formatted(quote(Objects.requireNonNullElse(fault.getMessage(), type)), quote(type), trace);
        send(path, json.getBytes(StandardCharsets.UTF_8), type);
    }

    private void send(String path, byte[] body, String errorType) throws IOException {
        var connection = open(path);
        connection.setRequestMethod("POST");
        connection.setDoOutput(true);
        connection.setRequestProperty("Content-Type", "application/json");
        if (!errorType.isEmpty()) {
            connection.setRequestProperty("Lambda-Runtime-Function-Error-Type", errorType);
        }
        connection.getOutputStream().write(body);
        if (connection.getResponseCode() == HttpURLConnection.HTTP_ACCEPTED) {
            connection.getInputStream().readAllBytes(); // read to its end, the connection serves again
        } else {
            connection.disconnect(); // refused (too large, too late): Lambda has judged; the next event comes
        }
    }

    private HttpURLConnection open(String path) throws IOException {
        return (HttpURLConnection) URI.create(api + "/" + path).toURL().openConnection();
    }

    private static String header(HttpURLConnection connection, String name) {
        return Objects.requireNonNull(connection.getHeaderField(name), name);
    }

    /** A JSON string; written out here, since a function brings its own JSON library or none. */
    private static String quote(String text) {
        return text.chars()
                .mapToObj(c -> switch (c) {
                    case '"' -> "\\\"";
                    case '\\' -> "\\\\";
                    default -> c < 0x20 ? "\\u%04x".formatted(c) : Character.toString((char) c);
                })
                .collect(Collectors.joining("", "\"", "\""));
    }

    private record LocalContext(Map<String, String> environment, String requestId, String arn, long deadlineMillis)
            implements Context {
        private String variable(String name) {
            return environment.getOrDefault(name, "");
        }

        @Override
        public String getAwsRequestId() {
            return requestId;
        }

        @Override
        public String getLogGroupName() {
            return variable("AWS_LAMBDA_LOG_GROUP_NAME");
        }

        @Override
        public String getLogStreamName() {
            return variable("AWS_LAMBDA_LOG_STREAM_NAME");
        }

        @Override
        public String getFunctionName() {
            return variable("AWS_LAMBDA_FUNCTION_NAME");
        }

        @Override
        public String getFunctionVersion() {
            return variable("AWS_LAMBDA_FUNCTION_VERSION");
        }

        @Override
        public String getInvokedFunctionArn() {
            return arn;
        }

        @Override
        public @Nullable CognitoIdentity getIdentity() {
            return null;
        }

        @Override
        public @Nullable ClientContext getClientContext() {
            return null;
        }

        @Override
        public int getRemainingTimeInMillis() {
            return Math.clamp(deadlineMillis - System.currentTimeMillis(), 0, Integer.MAX_VALUE);
        }

        @Override
        public int getMemoryLimitInMB() {
            return Integer.parseInt(variable("AWS_LAMBDA_FUNCTION_MEMORY_SIZE"));
        }

        @Override
        public LambdaLogger getLogger() {
            return new StdoutLogger();
        }
    }

    private static final class StdoutLogger implements LambdaLogger {
        @Override
        public void log(String message) {
            System.out.print(message);
        }

        @Override
        public void log(byte[] message) {
            System.out.writeBytes(message);
        }
    }
}
