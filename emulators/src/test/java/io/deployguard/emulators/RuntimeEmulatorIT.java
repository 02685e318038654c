package io.deployguard.emulators;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.deployguard.simulation.lab.LambdaFunction;
import io.deployguard.simulation.lab.LocalPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The shipped functions behind AWS's own emulator of Lambda's runtime interface; skipped where that is not to be had, except in CI. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RuntimeEmulatorIT {

    private static final String NOBODY = "{\"incident\":\"00000000-0000-0000-0000-000000000000\"}";

    private @Nullable Path program;
    private @Nullable LocalPostgres postgres;

    @BeforeAll
    void require() {
        switch (RuntimeEmulator.find(System.getenv(), PythonTools::findSam)) {
            case RuntimeEmulator.Found.Ready(var found) -> {
                program = found;
                postgres = LocalPostgres.start();
            }
            case RuntimeEmulator.Found.Missing(var reason) -> {
                assertThat(Project.isCi())
                        .as("in CI every test runs: " + reason)
                        .isFalse();
                System.err.println("emulators: " + reason);
                abort(reason);
            }
        }
    }

    @AfterAll
    void close() {
        var started = postgres;
        if (started != null) {
            started.close();
        }
    }

    @Test
    void servesTheFunctionsInTheOrderOfAnInstallation(@TempDir Path folder) throws Exception {
        assertThat(invoke("migrate", "{}", folder)).contains("\"outcome\":\"migrated\"");
        assertThat(invoke("detect", Files.readString(Project.root().resolve("events/task-user-stop.json")), folder))
                .contains("\"outcome\":");
        assertThat(invoke(
                        "watch", Files.readString(Project.root().resolve("events/schedule-every-minute.json")), folder))
                .contains("\"outcome\":\"watched");
        assertThat(invoke("act", NOBODY, folder)).contains("\"outcome\":");
        assertThat(invoke("notify", NOBODY, folder)).contains("\"outcome\":");
    }

    /** What the function throws is its caller's error, and not an answer. */
    @ParameterizedTest
    @CsvSource({"detect", "act"})
    void tellsOfAFailure(String name, @TempDir Path folder) throws Exception {
        assertThat(invoke(name, "\"no event at all\"", folder))
                .contains("errorMessage", "io.deployguard.functions." + name);
    }

    private String invoke(String name, String event, Path folder) throws IOException, InterruptedException {
        var type = Character.toUpperCase(name.charAt(0)) + name.substring(1) + "Handler";
        var jar = Project.requireBuilt(Project.root().resolve("functions/%s/target/%s.jar".formatted(name, name)));
        var function = LambdaFunction.of(
                        name, "io.deployguard.functions.%s.%s::handleRequest".formatted(name, type), jar)
                .with(Map.of(
                        "AWS_REGION", "eu-central-1",
                        "AWS_ACCESS_KEY_ID", "local",
                        "AWS_SECRET_ACCESS_KEY", "local",
                        // Nobody answers there: what needs AWS says so.
                        "AWS_ENDPOINT_URL", "http://127.0.0.1:1",
                        "DEPLOY_GUARD_DATABASE_URL", requireNonNull(postgres).jdbcUrl()));
        try (var emulator = RuntimeEmulator.start(requireNonNull(program), function, folder)) {
            return emulator.invoke(event);
        }
    }
}
