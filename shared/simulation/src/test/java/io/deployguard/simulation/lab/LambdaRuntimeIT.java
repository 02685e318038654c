package io.deployguard.simulation.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deployguard.simulation.lab.Invocation.Answered;
import io.deployguard.simulation.lab.Invocation.Crashed;
import io.deployguard.simulation.lab.Invocation.Failed;
import io.deployguard.simulation.lab.Invocation.TimedOut;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@EnabledOnOs(OS.LINUX) // AWS's client has a native library for Linux only
@Execution(ExecutionMode.CONCURRENT)
class LambdaRuntimeIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final List<String> log = new CopyOnWriteArrayList<>();

    static LambdaFunction echo() {
        return function(EchoHandler.class.getName() + "::handleRequest");
    }

    static LambdaFunction function(String handler) {
        try {
            var classes = Path.of(EchoHandler.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return LambdaFunction.of("echo", handler, classes);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private LambdaRuntime runtime(RuntimeClient client) {
        return new LambdaRuntime(echo(), client, log::add);
    }

    @ParameterizedTest
    @EnumSource(RuntimeClient.class)
    void answersEventsInOneProcess(RuntimeClient client) {
        try (var runtime = runtime(client)) {
            assertThat(answer(runtime, "{\"a\":\"ä\"}")).isEqualTo("{\"a\":\"ä\"}");
            assertThat(answer(runtime, "count")).isEqualTo("2");
            assertThat(answer(runtime, "count")).isEqualTo("3");
            Eventually.holds(() -> assertThat(log).contains("log line: {\"a\":\"ä\"}", "log line: count"));
        }
    }

    @ParameterizedTest
    @EnumSource(RuntimeClient.class)
    void givesTheFunctionLambdasVariablesAndItsOwnAndNoOther(RuntimeClient client) {
        try (var runtime = new LambdaRuntime(echo().with(Map.of("MODE", "observe")), client, log::add)) {
            assertThat(answer(runtime, "environment").split(" "))
                    .containsExactlyInAnyOrder(
                            "AWS_ACCESS_KEY_ID",
                            "AWS_DEFAULT_REGION",
                            "AWS_EXECUTION_ENV",
                            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
                            "AWS_LAMBDA_FUNCTION_NAME",
                            "AWS_LAMBDA_FUNCTION_VERSION",
                            "AWS_LAMBDA_INITIALIZATION_TYPE",
                            "AWS_LAMBDA_LOG_GROUP_NAME",
                            "AWS_LAMBDA_LOG_STREAM_NAME",
                            "AWS_LAMBDA_RUNTIME_API",
                            "AWS_REGION",
                            "AWS_SECRET_ACCESS_KEY",
                            "AWS_SESSION_TOKEN",
                            "LAMBDA_TASK_ROOT",
                            "LANG",
                            "MODE",
                            "PATH",
                            "TZ",
                            "_HANDLER");
        }
    }

    /** Their variables would be in its snapshot. */
    @Test
    void givesAFunctionThatIsFrozenItsCredentialsAtAnAddress() {
        var frozen = echo().begun(LambdaFunction.Initialization.SNAP_START);
        try (var runtime = new LambdaRuntime(frozen, RuntimeClient.AWS, log::add)) {
            var process = runtime.freeze();
            assertThat(answer(runtime, "pid")).isEqualTo(Long.toString(process.pid()));
            assertThat(answer(runtime, "environment").split(" "))
                    .contains("AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_AUTHORIZATION_TOKEN")
                    .doesNotContain("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN");
        }
    }

    @ParameterizedTest
    @EnumSource(RuntimeClient.class)
    void givesTheFunctionItsContext(RuntimeClient client) {
        try (var runtime = runtime(client)) {
            assertThat(answer(runtime, "context"))
                    .isEqualTo("echo arn:aws:lambda:eu-central-1:123456789012:function:echo 512 2 36");
            Eventually.holds(() -> assertThat(log).contains("through the context's logger"));
        }
    }

    @ParameterizedTest
    @EnumSource(RuntimeClient.class)
    void tellsAnExceptionAndGoesOnInTheSameProcess(RuntimeClient client) {
        try (var runtime = runtime(client)) {
            var pid = answer(runtime, "pid");
            var failed = (Failed) runtime.invoke("throw", TIMEOUT);
            assertThat(failed.errorType()).isEqualTo("java.lang.IllegalArgumentException");
            assertThat(failed.message()).isEqualTo("a \"bad\" event\nin two lines");
            assertThat(failed.trace()).contains("EchoHandler.handleRequest");
            assertThat(answer(runtime, "pid")).isEqualTo(pid);
        }
    }

    @ParameterizedTest
    @EnumSource(RuntimeClient.class)
    void startsAnewAfterAProcessHasEnded(RuntimeClient client) {
        try (var runtime = runtime(client)) {
            assertThat(runtime.invoke("exit", TIMEOUT)).isEqualTo(new Crashed(3));
            assertThat(answer(runtime, "count")).isEqualTo("1");
        }
    }

    @ParameterizedTest
    @EnumSource(RuntimeClient.class)
    void killsAFunctionThatTakesTooLong(RuntimeClient client) {
        var limit = Duration.ofMillis(300);
        try (var runtime = runtime(client)) {
            var pid = Long.parseLong(answer(runtime, "pid"));
            assertThat(runtime.invoke("hang", limit)).isEqualTo(new TimedOut(limit));
            assertThat(ProcessHandle.of(pid)).isEmpty();
            assertThat(answer(runtime, "count")).isEqualTo("1");
        }
    }

    @ParameterizedTest
    @EnumSource(RuntimeClient.class)
    void isKilledInTheMiddleOfAnInvocation(RuntimeClient client) throws Exception {
        try (var runtime = runtime(client);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            answer(runtime, "first");
            var hanging = threads.submit(() -> runtime.invoke("hang", TIMEOUT));
            Eventually.holds(() -> assertThat(log).contains("log line: hang"));
            runtime.kill();
            assertThat(hanging.get()).isEqualTo(new Crashed(137));
            assertThat(answer(runtime, "count")).isEqualTo("1");
        }
    }

    @ParameterizedTest
    @EnumSource(RuntimeClient.class)
    void startsAnewWhenKilledBetweenTwoEvents(RuntimeClient client) {
        try (var runtime = runtime(client)) {
            for (var round = 0; round < 3; round++) {
                assertThat(answer(runtime, "count")).isEqualTo("1");
                runtime.kill();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(RuntimeClient.class)
    void reportsAHandlerThatIsNotThere(RuntimeClient client) {
        try (var runtime = new LambdaRuntime(function("io.example.Nowhere"), client, log::add)) {
            var failed = (Failed) runtime.invoke("{}", TIMEOUT);
            assertThat(failed.errorType()).endsWith("ClassNotFoundException");
            assertThat(failed.message()).contains("io.example.Nowhere");
        }
    }

    @ParameterizedTest
    @EnumSource(RuntimeClient.class)
    void reportsAHandlerThatCannotBeMade(RuntimeClient client) {
        var handler = EchoHandler.Unmakeable.class.getName();
        try (var runtime = new LambdaRuntime(function(handler), client, log::add)) {
            var failed = (Failed) runtime.invoke("{}", TIMEOUT);
            assertThat(failed.errorType()).isEqualTo("java.lang.IllegalStateException");
            assertThat(failed.message()).isEqualTo("start %s: DATABASE_URL is not set", handler);
        }
    }

    @ParameterizedTest
    @EnumSource(RuntimeClient.class)
    void refusesAnAnswerThatLambdaWouldRefuse(RuntimeClient client) {
        try (var runtime = runtime(client)) {
            var failed = (Failed) runtime.invoke("large", TIMEOUT);
            assertThat(failed.errorType()).isEqualTo("Function.ResponseSizeTooLarge");
            assertThat(runtime.invoke("small", TIMEOUT)).isInstanceOf(Answered.class);
        }
    }

    @ParameterizedTest
    @EnumSource(RuntimeClient.class)
    void leavesNoProcessWhenClosed(RuntimeClient client) {
        long pid;
        try (var runtime = runtime(client)) {
            pid = Long.parseLong(answer(runtime, "pid"));
        }
        assertThat(ProcessHandle.of(pid)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(RuntimeClient.class)
    void startsSeveralFunctionsAtATime(RuntimeClient client) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor();
                var first = runtime(client);
                var second = runtime(client);
                var third = runtime(client)) {
            var answers = Stream.of(first, second, third)
                    .map(runtime -> threads.submit(() -> answer(runtime, "count")))
                    .toList();
            for (var answer : answers) {
                assertThat(answer.get()).isEqualTo("1");
            }
        }
    }

    /** The path that the client would share with every other program of this machine. */
    @Test
    void keepsTheClientsLibraryToThisProgram() {
        try (var runtime = runtime(RuntimeClient.AWS)) {
            var maps = Path.of("/proc", answer(runtime, "pid"), "maps");
            assertThat(maps).content().contains(NativeLibrary.file().toString()).doesNotContain("/tmp/.libaws");
        }
    }

    @ParameterizedTest
    @EnumSource(RuntimeClient.class)
    void servesNoLongerWhenClosed(RuntimeClient client) {
        var runtime = runtime(client);
        runtime.close();
        assertThatThrownBy(() -> runtime.invoke("{}", TIMEOUT)).hasMessage("invoke echo: the runtime is closed");
    }

    private static String answer(LambdaRuntime runtime, String payload) {
        var invocation = runtime.invoke(payload, TIMEOUT);
        assertThat(invocation).as(invocation.describe()).isInstanceOf(Answered.class);
        return ((Answered) invocation).payload();
    }

    @Test
    void startsWithTheClassesThatAnEarlierProcessHasLoaded(@TempDir Path folder) throws IOException {
        var type = EchoHandler.class.getName();
        var jar = folder.resolve("echo.jar");
        try (var packed = new JarOutputStream(Files.newOutputStream(jar));
                var bytes = EchoHandler.class.getResourceAsStream("EchoHandler.class")) {
            packed.putNextEntry(new JarEntry(type.replace('.', '/') + ".class"));
            Objects.requireNonNull(bytes, type).transferTo(packed);
        }
        var archive = folder.resolve("echo.jsa");
        var flags = new ArrayList<>(LambdaFunction.DEFAULT_FLAGS);
        flags.add("-Xlog:class+load:stdout");
        var function = LambdaFunction.of("echo", type + "::handleRequest", jar)
                .withJvmFlags(flags)
                .archivedIn(archive);

        try (var first = new LambdaRuntime(function, log::add)) {
            assertThat(answer(first, "{}")).isEqualTo("{}");
        }
        assertThat(archive).isNotEmptyFile();
        assertThat(log).noneMatch(line -> line.contains(type + " source: shared objects file"));

        try (var second = new LambdaRuntime(function, log::add)) {
            assertThat(answer(second, "{}")).isEqualTo("{}");
            Eventually.holds(
                    () -> assertThat(log).anyMatch(line -> line.contains(type + " source: shared objects file")));
        }
    }
}
