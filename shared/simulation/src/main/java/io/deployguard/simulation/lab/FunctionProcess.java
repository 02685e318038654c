package io.deployguard.simulation.lab;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One life of a function: its process and the Runtime API that this process, and no other, talks to. */
final class FunctionProcess implements AutoCloseable {
    private final Process process;
    private final RuntimeApi api;
    private final Optional<ClassArchive> archive;

    private FunctionProcess(Process process, RuntimeApi api, Optional<ClassArchive> archive) {
        this.process = process;
        this.api = api;
        this.archive = archive;
    }

    static FunctionProcess start(LambdaFunction function, RuntimeClient client, Consumer<String> log) {
        var api = new RuntimeApi(function);
        try {
            var builder = new ProcessBuilder(command(function, client)).redirectErrorStream(true);
            builder.environment().clear();
            builder.environment().putAll(environment(function, api));
            var process = Processes.start(builder);
            Thread.ofVirtual().name("log-" + function.name()).start(() -> pass(process, log));
            var _ = process.onExit().thenAccept(ended -> api.processEnded(ended.exitValue()));
            return new FunctionProcess(process, api, archive(function));
        } catch (IOException e) {
            api.close();
            throw new UncheckedIOException("start function %s: %s".formatted(function.name(), e.getMessage()), e);
        } catch (RuntimeException e) {
            api.close();
            throw e;
        }
    }

    /** Empty when the process had started and ended without taking this event. */
    Optional<Invocation> invoke(byte[] payload, Duration timeout) {
        try {
            var ended = api.invoke(payload, timeout);
            if (ended.orElse(null) instanceof Invocation.TimedOut) {
                kill();
            }
            return ended;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            kill();
            throw new IllegalStateException("interrupted while a function ran; the function was killed", e);
        }
    }

    /** Empty when the process waits to be restored, else how it failed to get there. */
    Optional<Invocation> freeze() {
        try {
            return api.freeze();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            kill();
            throw new IllegalStateException("interrupted while a function started; the function was killed", e);
        }
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    boolean alive() {
        return process.isAlive() && api.serving();
    }

    void kill() {
        Processes.kill(process);
    }

    @Override
    public void close() {
        archive.ifPresent(classes -> classes.writeFrom(process));
        Processes.stop(process);
        api.close();
    }

    static List<String> command(LambdaFunction function, RuntimeClient client) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(function.jvmFlags());
        archive(function).map(ClassArchive::jvmFlags).ifPresent(command::addAll);
        command.add("-Xmx%dm".formatted(function.memoryMegabytes()));
        command.add("--enable-native-access=ALL-UNNAMED");
        // Lambda logs UTF-8; the locale of this machine may know less.
        command.add("-Dstdout.encoding=UTF-8");
        command.add("-Dstderr.encoding=UTF-8");
        command.addAll(client.jvmFlags());
        command.add("-cp");
        command.add(Stream.concat(function.classPath().stream(), client.classPath().stream())
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator)));
        command.add(client.mainClass());
        command.add(function.handler());
        return command;
    }

    /** What Lambda sets, then what the function wants; of our own environment only where programs are found. */
    private static Map<String, String> environment(LambdaFunction function, RuntimeApi api) {
        var variables = new LinkedHashMap<String, String>();
        variables.put("PATH", System.getenv().getOrDefault("PATH", "/usr/local/bin:/usr/bin:/bin"));
        variables.put("LANG", "en_US.UTF-8");
        variables.put("TZ", ":UTC");
        variables.put("_HANDLER", function.handler());
        variables.put("LAMBDA_TASK_ROOT", taskRoot(function).toString());
        variables.put("AWS_LAMBDA_RUNTIME_API", api.hostAndPort());
        variables.put("AWS_EXECUTION_ENV", "AWS_Lambda_java25");
        variables.put(
                "AWS_LAMBDA_INITIALIZATION_TYPE", function.initialization().variable());
        variables.put("AWS_LAMBDA_FUNCTION_NAME", function.name());
        variables.put("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST");
        variables.put("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", Integer.toString(function.memoryMegabytes()));
        variables.put("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/" + function.name());
        variables.put("AWS_LAMBDA_LOG_STREAM_NAME", logStream());
        variables.put("AWS_REGION", function.region());
        variables.put("AWS_DEFAULT_REGION", function.region());
        switch (function.initialization()) {
            case ON_DEMAND -> {
                variables.put("AWS_ACCESS_KEY_ID", function.credentials().accessKeyId());
                variables.put("AWS_SECRET_ACCESS_KEY", function.credentials().secretAccessKey());
                variables.put("AWS_SESSION_TOKEN", function.credentials().sessionToken());
            }
            case SNAP_START -> {
                variables.put(
                        "AWS_CONTAINER_CREDENTIALS_FULL_URI", api.credentials().toString());
                variables.put("AWS_CONTAINER_AUTHORIZATION_TOKEN", "local");
            }
        }
        variables.putAll(function.environment());
        return variables;
    }

    private static Optional<ClassArchive> archive(LambdaFunction function) {
        return function.archive().map(ClassArchive::new);
    }

    private static Path taskRoot(LambdaFunction function) {
        var first = function.classPath().getFirst();
        var parent = first.getParent();
        return Files.isDirectory(first) || parent == null ? first : parent;
    }

    private static String logStream() {
        var day = LocalDate.now(ZoneOffset.UTC).toString().replace('-', '/');
        return "%s/[$LATEST]%s".formatted(day, UUID.randomUUID().toString().replace("-", ""));
    }

    private static void pass(Process process, Consumer<String> log) {
        try (var lines = new BufferedReader(process.inputReader(StandardCharsets.UTF_8))) {
            lines.lines().forEach(log);
        } catch (IOException | UncheckedIOException e) {
            log.accept("(the function's output ended: %s)".formatted(e.getMessage()));
        }
    }
}
