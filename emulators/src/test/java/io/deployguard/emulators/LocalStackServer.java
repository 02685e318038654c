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
 * LocalStack on this machine without Docker: EventBridge, SQS, CloudFormation and what a stack needs beside them. Knows no ECS, and runs no functions
 * here.
 */
final class LocalStackServer implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration START = Duration.ofMinutes(2);
    private static final String SERVICES =
            "events,sqs,sns,logs,ssm,secretsmanager,cloudformation,s3,iam,sts,cloudwatch,scheduler,kms";

    private final Process process;
    private final Path folder;
    private final URI endpoint;

    private LocalStackServer(Process process, Path folder, URI endpoint) {
        this.process = process;
        this.folder = folder;
        this.endpoint = endpoint;
    }

    /**
     * Starts one on a free port and waits until it answers.
     *
     * @param folder for what it writes
     */
    static LocalStackServer start(Path folder) {
        try {
            var address = "127.0.0.1:" + freePort();
            var builder = new ProcessBuilder(
                            PythonTools.requireLocalStack().program("python").toString(),
                            "-m",
                            "localstack.runtime.main")
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
            var server = new LocalStackServer(builder.start(), folder, URI.create("http://" + address));
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
                        PythonTools.requireLocalStack().program("python").toString(),
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
            throw new IllegalStateException("create the stack: " + made.err() + log());
        }
        return JSON.readTree(made.out());
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
        while (System.nanoTime() < end && process.isAlive()) {
            if (answers()) {
                return;
            }
            pause();
        }
        var log = log();
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

    private String log() throws IOException {
        var lines = Files.readAllLines(folder.resolve("log"));
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
    }

    /** The port may be taken by another program until it is used; then the start fails and says so. */
    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
