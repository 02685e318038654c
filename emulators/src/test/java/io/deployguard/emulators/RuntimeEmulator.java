package io.deployguard.emulators;

import io.deployguard.simulation.lab.LambdaFunction;
import io.deployguard.simulation.lab.LambdaRuntime;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * One function behind AWS's own emulator of Lambda's runtime interface, the program {@code aws-lambda-rie}.
 *
 * @see <a href="https://github.com/aws/aws-lambda-runtime-interface-emulator">aws-lambda-runtime-interface-emulator</a>
 */
final class RuntimeEmulator implements AutoCloseable {

    static final String VARIABLE = "DEPLOY_GUARD_RIE";
    private static final String PROGRAM = "aws-lambda-rie";
    private static final boolean LINUX = "Linux".equals(System.getProperty("os.name"));
    /** From Java's names of processors to those in the program's. */
    private static final Map<String, String> PROCESSORS = Map.of("amd64", "x86_64", "aarch64", "arm64");

    private static final Duration START = Duration.ofSeconds(60);

    private final Process process;
    private final URI invocations;
    private final Path log;

    private RuntimeEmulator(Process process, URI invocations, Path log) {
        this.process = process;
        this.invocations = invocations;
        this.log = log;
    }

    /** Whether the program is to be had. */
    sealed interface Found {
        record Ready(Path program) implements Found {}

        record Missing(String reason) implements Found {}
    }

    /** The program that the variable names, else the one on the path, else the one in the SAM CLI, which is installed for it. */
    static Found find(Map<String, String> environment, Supplier<PythonTools.Found> sam) {
        var named = environment.getOrDefault(VARIABLE, "");
        if (!named.isBlank()) {
            return Files.isExecutable(Path.of(named))
                    ? new Found.Ready(Path.of(named))
                    : new Found.Missing("%s: expected the program %s, got %s, which cannot be run"
                            .formatted(VARIABLE, PROGRAM, named));
        }
        return Stream.of(environment.getOrDefault("PATH", "").split(":"))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, PROGRAM))
                .filter(Files::isExecutable)
                .findFirst()
                .<Found>map(Found.Ready::new)
                .orElseGet(() -> inSam(sam));
    }

    private static Found inSam(Supplier<PythonTools.Found> sam) {
        var file = "samcli/local/rapid/%s-%s".formatted(PROGRAM, PROCESSORS.get(System.getProperty("os.arch")));
        return switch (LINUX ? sam.get() : new PythonTools.Found.Missing("the SAM CLI's runs on Linux only")) {
            case PythonTools.Found.Ready(var tools) ->
                tools.findFile(file)
                        .<Found>map(Found.Ready::new)
                        .orElseGet(() -> new Found.Missing("the SAM CLI has no " + file));
            case PythonTools.Found.Missing(var reason) ->
                new Found.Missing("%s is not on the PATH, nor named by %s; %s".formatted(PROGRAM, VARIABLE, reason));
        };
    }

    /** Starts the function; it is loaded with the first invocation. */
    static RuntimeEmulator start(Path program, LambdaFunction function, Path folder) throws IOException {
        var address = "127.0.0.1:" + freePort();
        var command = new ArrayList<>(List.of(
                program.toString(),
                "--runtime-interface-emulator-address",
                address,
                "--runtime-api-address",
                "127.0.0.1:" + freePort()));
        command.addAll(LambdaRuntime.command(function));
        var log = folder.resolve(function.name() + ".log");
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(function.environment());
        builder.environment().put("AWS_LAMBDA_FUNCTION_NAME", function.name());
        builder.environment().put("_HANDLER", function.handler());
        return new RuntimeEmulator(
                builder.start(), URI.create("http://" + address + "/2015-03-31/functions/function/invocations"), log);
    }

    /** Invokes the function, once the emulator answers. */
    String invoke(String event) throws IOException, InterruptedException {
        try (var http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            var request = HttpRequest.newBuilder(invocations)
                    .timeout(START)
                    .POST(HttpRequest.BodyPublishers.ofString(event))
                    .build();
            for (var left = 100; ; left--) {
                try {
                    return http.send(request, HttpResponse.BodyHandlers.ofString())
                            .body();
                } catch (IOException notYet) {
                    if (left == 0 || !process.isAlive()) {
                        throw new IOException(notYet.getMessage() + "\n" + Files.readString(log), notYet);
                    }
                    TimeUnit.MILLISECONDS.sleep(100);
                }
            }
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
