package io.deployguard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.deployguard.postgres.ConnectionSource;
import io.deployguard.postgres.SchemaMigrator;
import io.deployguard.simulation.lab.Invocation;
import io.deployguard.simulation.lab.LambdaRuntime;
import io.deployguard.simulation.lab.LocalPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs one function behind Lambda's real runtime interface, as {@code sam local invoke} does, without Docker. */
@Command(
        name = "invoke",
        mixinStandardHelpOptions = true,
        description = {
            "Runs one function with one event behind Lambda's real runtime interface.",
            "AWS_ENDPOINT_URL and DEPLOY_GUARD_DATABASE_URL say where AWS and the database are; without the latter an embedded PostgreSQL is used. The"
                    + " schema is brought up to date first."
        })
final class InvokeCommand implements Callable<Integer> {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Spec
    @Nullable
    CommandSpec spec;

    @Parameters(paramLabel = "FUNCTION", description = "detect, watch, act, notify or migrate")
    String function = "";

    @Option(
            names = {"-e", "--event"},
            required = true,
            paramLabel = "FILE",
            description = "the event; - reads the standard input")
    String event = "-";

    @Option(
            names = {"-n", "--env-vars"},
            paramLabel = "FILE",
            description = "JSON: {\"Function\":{\"NAME\":\"value\"}} as SAM takes it, or the variables alone")
    @Nullable
    Path environment;

    @Option(names = "--timeout", paramLabel = "SECONDS", defaultValue = "60", description = "of the function")
    int timeout;

    @Override
    public Integer call() throws IOException {
        var commandLine = Objects.requireNonNull(spec).commandLine();
        var lambda = Home.function(function);
        var payload = payload();
        var variables = variables();
        try (var database = Database.open(variables)) {
            database.address.ifPresent(address -> variables.put(GuardMemory.DATABASE_URL, address));
            var region =
                    variables.getOrDefault("AWS_REGION", variables.getOrDefault("AWS_DEFAULT_REGION", "eu-central-1"));
            variables.put("AWS_REGION", region);
            if (!function.equals("migrate")) {
                new SchemaMigrator(ConnectionSource.parse(
                                variables.getOrDefault(GuardMemory.DATABASE_URL, ""), GuardMemory::keys))
                        .migrate();
            }
            try (var runtime = new LambdaRuntime(
                    lambda.with(variables), line -> commandLine.getErr().println(line))) {
                return report(runtime.invoke(payload, Duration.ofSeconds(timeout)), commandLine);
            }
        }
    }

    private static int report(Invocation invocation, picocli.CommandLine commandLine) {
        return switch (invocation) {
            case Invocation.Answered answered -> {
                commandLine.getOut().println(answered.payload());
                yield 0;
            }
            case Invocation.Failed failed -> {
                commandLine
                        .getOut()
                        .println(JSON.createObjectNode()
                                .put("errorType", failed.errorType())
                                .put("errorMessage", failed.message())
                                .toString());
                yield DeployGuard.BAD;
            }
            case Invocation.TimedOut _, Invocation.Crashed _ -> {
                commandLine.getErr().println("invoke: the function " + invocation.describe());
                yield DeployGuard.FAILED;
            }
        };
    }

    private byte[] payload() throws IOException {
        if (event.equals("-")) {
            return System.in.readAllBytes();
        }
        var path = Path.of(event);
        if (!Files.isReadable(path)) {
            throw new DeployGuard.Unusable(event + ": no such file, or it cannot be read");
        }
        return Files.readAllBytes(path);
    }

    /** AWS's and the guard's own variables of this process, then those of the file. */
    private Map<String, String> variables() throws IOException {
        var variables = new HashMap<String, String>();
        System.getenv().forEach((name, value) -> {
            if (name.startsWith("AWS_") || name.startsWith("DEPLOY_GUARD_")) {
                variables.put(name, value);
            }
        });
        if (environment != null) {
            var file = JSON.readTree(Files.readAllBytes(environment));
            file.properties().forEach(entry -> add(entry.getKey(), entry.getValue(), variables));
        }
        return variables;
    }

    private void add(String name, JsonNode value, Map<String, String> variables) {
        if (value.isValueNode()) {
            variables.put(name, value.asText());
        } else if (name.equals("Parameters")
                || name.equalsIgnoreCase(function)
                || name.equalsIgnoreCase(function + "Function")) {
            value.properties()
                    .forEach(entry ->
                            variables.put(entry.getKey(), entry.getValue().asText()));
        }
    }

    /** The database that the environment names, or one of our own for this one invocation. */
    private record Database(Optional<LocalPostgres> own, Optional<String> address) implements AutoCloseable {

        static Database open(Map<String, String> variables) {
            if (!variables.getOrDefault(GuardMemory.DATABASE_URL, "").isBlank()) {
                return new Database(Optional.empty(), Optional.empty());
            }
            var postgres = LocalPostgres.start();
            return new Database(Optional.of(postgres), Optional.of(postgres.jdbcUrl()));
        }

        @Override
        public void close() {
            own.ifPresent(LocalPostgres::close);
        }
    }
}
