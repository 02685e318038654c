package io.deployguard.emulators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ctrl-C while the demo starts and while it plays: it ends within seconds, says so, and leaves nothing behind. */
@Order(4)
class InterruptIT {

    private static final Duration START = Duration.ofMinutes(3);
    private static final Duration END = Duration.ofSeconds(10);
    private static final String FAREWELL = "deploy-guard: interrupted; nothing that it started is left";

    /** The folder for temporary files, so that PostgreSQL is unpacked anew each time. */
    @TempDir
    Path temp;

    @TempDir
    Path logs;

    @BeforeEach
    void requireSetsid() {
        assumeTrue(
                Files.isExecutable(Path.of("/usr/bin/setsid")),
                "setsid (util-linux) starts a process group of its own");
        var cli = cli();
        if (!Project.isCi()) {
            assumeTrue(Files.exists(cli), () -> cli + " is not built; ./mvnw verify builds it");
        }
    }

    /** As a terminal does it: every process of the group gets the signal. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "starting PostgreSQL",
                "starting the functions",
                "waiting for the first release",
                "deployment in progress",
                "Slack    message"
            })
    void endsTheDemoWhereverItIs(String reached) throws Exception {
        var demo = startDemo();
        var children = waitFor(reached, demo);

        interrupt("-" + demo.pid());

        assertEnded(demo, children);
    }

    /** As a supervisor does it: the demo alone gets the signal, and has to tell its children. */
    @Test
    void isPassedOnToTheChildren() throws Exception {
        var demo = startDemo();
        var children = waitFor("deployment in progress", demo);
        assertThat(children).as("PostgreSQL and the functions").hasSizeGreaterThan(4);

        interrupt(String.valueOf(demo.pid()));

        assertEnded(demo, children);
    }

    private void assertEnded(Process demo, List<ProcessHandle> children) throws Exception {
        assertThat(demo.waitFor(END.toSeconds(), TimeUnit.SECONDS))
                .as("ended within %s", END)
                .isTrue();
        assertThat(demo.exitValue()).isEqualTo(130);
        assertThat(err().lines().toList().getLast()).isEqualTo(FAREWELL);
        assertThat(err()).containsOnlyOnce(FAREWELL).doesNotContain("Exception", "refused", "demo:");
        assertThat(children).noneMatch(ProcessHandle::isAlive);
        try (var left = Files.list(temp)) {
            // What is unpacked whole serves the next time.
            assertThat(left).noneMatch(file -> !file.getFileName().toString().startsWith("deploy-guard-postgresql-"));
        }
    }

    private Process startDemo() throws IOException {
        return new ProcessBuilder(
                        "/usr/bin/setsid",
                        ProcessHandle.current().info().command().orElse("java"),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:-UsePerfData",
                        "--enable-native-access=ALL-UNNAMED",
                        "-Djava.io.tmpdir=" + temp,
                        "-Ddeployguard.home=" + Project.root(),
                        "-jar",
                        cli().toString(),
                        "demo",
                        "--no-browser")
                .redirectOutput(logs.resolve("out").toFile())
                .redirectError(logs.resolve("err").toFile())
                .start();
    }

    /** All processes below the demo when it has come that far. */
    private List<ProcessHandle> waitFor(String text, Process demo) throws Exception {
        var deadline = System.nanoTime() + START.toNanos();
        while (!(out() + err()).contains(text)) {
            if (!demo.isAlive() || System.nanoTime() > deadline) {
                demo.descendants().forEach(ProcessHandle::destroyForcibly);
                demo.destroyForcibly();
                throw new AssertionError("the demo did not come to: " + text + "\n" + out() + err());
            }
            Thread.sleep(20);
        }
        return demo.descendants().toList();
    }

    private static void interrupt(String target) {
        assertThat(Command.of("/bin/sh", "-c", "kill -INT " + target).run().exit())
                .isZero();
    }

    private String out() throws IOException {
        return text("out");
    }

    private String err() throws IOException {
        return text("err");
    }

    private String text(String name) throws IOException {
        return new String(Files.readAllBytes(logs.resolve(name)), StandardCharsets.UTF_8);
    }

    private static Path cli() {
        return Project.root().resolve("cli/target/deploy-guard.jar");
    }
}
