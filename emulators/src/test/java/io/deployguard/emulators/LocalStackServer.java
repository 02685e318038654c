package io.deployguard.emulators;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * LocalStack, from where {@link LocalStackPlace} says: EventBridge, SQS, CloudFormation and what a stack needs beside them. Knows no ECS, and runs no
 * functions here.
 */
final class LocalStackServer implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration START = Duration.ofMinutes(2);
    private static final String SERVICES =
            "events,sqs,sns,logs,ssm,secretsmanager,cloudformation,s3,iam,sts,cloudwatch,scheduler,kms";

    private final URI endpoint;
    private final Running running;

    private LocalStackServer(URI endpoint, Running running) {
        this.endpoint = endpoint;
        this.running = running;
    }

    /** What was started for it. */
    private interface Running {

        /** Whether waiting for an answer makes sense. */
        boolean isAlive();

        String log() throws IOException;

        void end();
    }

    private static final class Once {
        private static final LocalStackPlace PLACE = LocalStackPlace.choose(
                System.getenv().getOrDefault(LocalStackPlace.VARIABLE, ""),
                PythonTools::findLocalStack,
                LocalStackContainer::canRun);

        static {
            System.err.println("emulators: " + PLACE.describe());
        }
    }

    /** Where it is taken from in this build. */
    static LocalStackPlace place() {
        return Once.PLACE;
    }

    /**
     * Starts one, unless it runs already, and waits until it answers.
     *
     * @param folder for what it writes
     */
    static LocalStackServer start(Path folder) {
        return switch (place()) {
            case LocalStackPlace.Given(var endpoint) -> new LocalStackServer(endpoint, new Elsewhere());
            case LocalStackPlace.OnThisMachine(var tools) -> startProgram(tools, folder);
            case LocalStackPlace.InDocker() -> {
                // The addresses of its queues are those that it was asked at: the port is known only later.
                var container = LocalStackContainer.start(
                        Map.of("SERVICES", SERVICES, "SQS_ENDPOINT_STRATEGY", "dynamic", "DISABLE_EVENTS", "1"));
                yield new LocalStackServer(container.endpoint(), new Contained(container));
            }
            case LocalStackPlace.Missing(var reason) -> throw new IllegalStateException(reason);
        };
    }

    private static LocalStackServer startProgram(PythonTools tools, Path folder) {
        try {
            var address = "127.0.0.1:" + freePort();
            var builder = new ProcessBuilder(tools.program("python").toString(), "-m", "localstack.runtime.main")
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("log").toFile());
            builder.environment().clear();
            builder.environment()
                    .putAll(Map.ofEntries(
                            Map.entry("PATH", System.getenv().getOrDefault("PATH", "/usr/bin:/bin")),
                            Map.entry("HOME", folder.toString()),
                            Map.entry("FILESYSTEM_ROOT", folder.resolve("root").toString()),
                            Map.entry("SERVICES", SERVICES),
                            Map.entry("GATEWAY_LISTEN", address),
                            // What the addresses of queues begin with: no name is looked up for them.
                            Map.entry("LOCALSTACK_HOST", address),
                            Map.entry("SQS_ENDPOINT_STRATEGY", "path"),
                            Map.entry("DNS_ADDRESS", "0"),
                            // It tells nobody that it runs.
                            Map.entry("DISABLE_EVENTS", "1"),
                            Map.entry("SKIP_SSL_CERT_DOWNLOAD", "1")));
            var server = new LocalStackServer(URI.create("http://" + address), new Program(builder.start(), folder));
            server.awaitReady();
            return server;
        } catch (IOException unable) {
            throw new UncheckedIOException("start LocalStack", unable);
        }
    }

    URI endpoint() {
        return endpoint;
    }

    /**
     * The stack of the shipped template with its defaults, less the functions, which cannot run here.
     *
     * @return from the logical names of its resources to their ids
     */
    JsonNode createStack() throws IOException {
        var scripts = Project.root().resolve("emulators/src/test/python");
        var made = Command.of(
                        pythonOfAws().program("python").toString(),
                        scripts.resolve("stack.py").toString(),
                        endpoint.toString(),
                        Project.root().resolve("template.yaml").toString(),
                        scripts.resolve("translate.py").toString())
                .with("AWS_ACCESS_KEY_ID", "test")
                .with("AWS_SECRET_ACCESS_KEY", "test")
                .with("AWS_DEFAULT_REGION", MotoAccount.REGION)
                .within(Duration.ofMinutes(3))
                .run();
        if (made.exit() != 0) {
            throw new IllegalStateException("create the stack: " + made.err() + running.log());
        }
        return JSON.readTree(made.out());
    }

    /** With boto3 and SAM's translator, which both environments have. */
    private static PythonTools pythonOfAws() {
        return place() instanceof LocalStackPlace.OnThisMachine(var tools) ? tools : PythonTools.require();
    }

    /**
     * One call over AWS's JSON protocol.
     *
     * @param target such as {@code AWSEvents.PutEvents}
     */
    JsonNode call(String target, JsonNode request) throws IOException {
        var connection = (HttpURLConnection) endpoint.toURL().openConnection();
        connection.setRequestMethod("POST");
        connection.setDoOutput(true);
        connection.setRequestProperty("X-Amz-Target", target);
        connection.setRequestProperty(
                "Content-Type",
                target.startsWith("AmazonSQS") ? "application/x-amz-json-1.0" : "application/x-amz-json-1.1");
        // Not checked; it says for which service and region.
        connection.setRequestProperty(
                "Authorization",
                "AWS4-HMAC-SHA256 Credential=test/20261121/%s/%s/aws4_request, SignedHeaders=host, Signature=00"
                        .formatted(MotoAccount.REGION, target.startsWith("AmazonSQS") ? "sqs" : "events"));
        try (var out = connection.getOutputStream()) {
            out.write(JSON.writeValueAsBytes(request));
        }
        if (connection.getResponseCode() != 200) {
            try (var error = connection.getErrorStream()) {
                throw new IOException(target + ": " + new String(error.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        try (var in = connection.getInputStream()) {
            return JSON.readTree(in);
        }
    }

    private void awaitReady() throws IOException {
        var end = System.nanoTime() + START.toNanos();
        while (System.nanoTime() < end && running.isAlive()) {
            if (answers()) {
                return;
            }
            pause();
        }
        var log = running.log();
        close();
        throw new IllegalStateException("LocalStack did not start within " + START + "\n" + log);
    }

    private boolean answers() {
        try {
            var connection = (HttpURLConnection)
                    endpoint.resolve("/_localstack/health").toURL().openConnection();
            connection.setConnectTimeout(500);
            connection.setReadTimeout(5_000);
            return connection.getResponseCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    private void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(200);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            close();
            throw new IllegalStateException("interrupted while LocalStack started", interrupted);
        }
    }

    /** The port may be taken by another program until it is used; then the start fails and says so. */
    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        running.end();
    }

    /** Somebody else's, who ends it as well. */
    private record Elsewhere() implements Running {

        @Override
        public boolean isAlive() {
            return true;
        }

        @Override
        public String log() {
            return "";
        }

        @Override
        public void end() {
            // not ours
        }
    }

    private record Contained(LocalStackContainer container) implements Running {

        @Override
        public boolean isAlive() {
            return true;
        }

        @Override
        public String log() {
            return container.log();
        }

        @Override
        public void end() {
            container.close();
        }
    }

    private record Program(Process process, Path folder) implements Running {

        @Override
        public boolean isAlive() {
            return process.isAlive();
        }

        @Override
        public String log() throws IOException {
            var lines = Files.readAllLines(folder.resolve("log"));
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
        }

        @Override
        public void end() {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            try {
                process.waitFor(10, TimeUnit.SECONDS);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
