package io.deployguard.simulation.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Execution(ExecutionMode.CONCURRENT)
class ProcessesIT {
    /** How a program may end by itself. */
    enum End {
        RETURN,
        EXCEPTION,
        EXIT,
        WAIT
    }

    /** A program with a child, a grandchild, a function and a database, which ends as it is told. */
    public static final class Program {
        private Program() {}

        public static void main(String[] arguments) throws Exception {
            var grandchild = Processes.start(new ProcessBuilder("sh", "-c", "sleep 300 & wait"));
            var runtime = new LambdaRuntime(LambdaRuntimeIT.echo(), line -> {});
            var pid = runtime.invoke("pid", Duration.ofSeconds(30));
            var postgres = LocalPostgres.start();
            Eventually.holds(() -> assertThat(grandchild.descendants()).hasSize(1));
            ProcessHandle.current().descendants().forEach(child -> System.out.println("child " + child.pid()));
            System.out.println("folder " + postgres.folder());
            System.out.println("ready " + pid.describe());
            switch (End.valueOf(arguments[0])) {
                case RETURN -> {}
                case EXCEPTION -> throw new IllegalStateException("the program failed");
                case EXIT -> System.exit(4);
                case WAIT -> TimeUnit.MINUTES.sleep(5);
            }
        }
    }

    /** A program that makes folders without end, in the folder that it is told. */
    public static final class FolderProgram {
        private FolderProgram() {}

        public static void main(String[] arguments) throws Exception {
            var folder = Path.of(arguments[0]);
            for (var number = 0; number < 4; number++) {
                new Thread(() -> makeFolders(folder)).start();
            }
            Eventually.holds(() -> assertThat(folder).isNotEmptyDirectory());
            System.out.println("ready");
        }

        private static void makeFolders(Path parent) {
            try {
                while (true) {
                    Processes.own(() -> Files.createTempDirectory(parent, "made"), Folders::delete)
                            .undoing()
                            .run();
                }
            } catch (IOException | IllegalStateException e) {
                // The program is about to end; its last folders are not this thread's to delete.
            }
        }
    }

    /** A program whose schedule invokes a function again and again, each time in a new process. */
    public static final class PollingProgram {
        private PollingProgram() {}

        public static void main(String[] arguments) throws Exception {
            var runtime = new LambdaRuntime(LambdaRuntimeIT.echo(), line -> {});
            var schedule = new SchedulePoller.Schedule(arguments[0], Duration.ofMillis(1), Duration.ofSeconds(30));
            var answered = new CountDownLatch(1);
            SchedulePoller.start(schedule, InstantSource.system(), runtime, invocation -> {
                answered.countDown();
                runtime.kill();
            });
            answered.await();
            System.out.println("ready");
            TimeUnit.MINUTES.sleep(5);
        }
    }

    private record Running(Process process, List<Long> children, Path folder) {}

    @ParameterizedTest
    @EnumSource(value = End.class, names = "WAIT", mode = EnumSource.Mode.EXCLUDE)
    void nothingIsLeftWhenTheProgramEndsByItself(End end) throws Exception {
        assertNothingIsLeft(start(end));
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM"})
    void nothingIsLeftAfterASignal(String signal) throws Exception {
        var running = start(End.WAIT);
        var kill = new ProcessBuilder(
                        "kill", "-" + signal, Long.toString(running.process().pid()))
                .start();
        assertThat(kill.waitFor()).isZero();
        assertNothingIsLeft(running);
    }

    /** A folder is never on disk without somebody who will delete it. */
    @RepeatedTest(3)
    void noFolderIsLeftThatWasMadeWhileTheSignalCame(@TempDir Path folder) throws Exception {
        var program = Processes.start(java(FolderProgram.class, folder.toString()));
        try (var output = program.inputReader()) {
            assertThat(output.readLine()).isEqualTo("ready");
            program.destroy();
            assertThat(program.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(folder).isEmptyDirectory();
    }

    /** Whoever starts a process just then is told that the program ends, and nobody else needs to hear of it. */
    @Test
    void endsWithoutAWordWhileAFunctionIsBeingStarted() throws Exception {
        var program = Processes.start(java(PollingProgram.class, "each-moment"));
        try (var output = program.inputReader()) {
            assertThat(output.readLine()).isEqualTo("ready");
            // Not the process's own, which closes the stream.
            program.toHandle().destroy();
            assertThat(output.lines()).isEmpty();
        }
        assertThat(program.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void stopsAChildThatIgnoresTheRequest() throws Exception {
        var child =
                Processes.start(new ProcessBuilder("sh", "-c", "trap '' TERM; echo ready; while :; do sleep 1; done"));
        try (var output = child.inputReader()) {
            assertThat(output.readLine()).isEqualTo("ready");
            Processes.stop(child);
        }
        assertThat(child.isAlive()).isFalse();
    }

    private static Running start(End end) throws IOException {
        var process = Processes.start(java(Program.class, end.name()));
        var children = new ArrayList<Long>();
        var folder = Path.of("");
        var said = new ArrayList<String>();
        try (var output = new BufferedReader(process.inputReader())) {
            for (var line = output.readLine(); line != null; line = output.readLine()) {
                said.add(line);
                if (line.startsWith("child ")) {
                    children.add(Long.valueOf(line.substring("child ".length())));
                } else if (line.startsWith("folder ")) {
                    folder = Path.of(line.substring("folder ".length()));
                } else if (line.startsWith("ready ")) {
                    assertThat(line).startsWith("ready answered");
                    return new Running(process, children, folder);
                }
            }
        }
        throw new AssertionError("the program ended early: " + said);
    }

    private static ProcessBuilder java(Class<?> program, String argument) {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        program.getName(),
                        argument)
                .redirectErrorStream(true);
    }

    private static void assertNothingIsLeft(Running running) throws InterruptedException {
        assertThat(running.children()).hasSizeGreaterThan(5);
        assertThat(running.process().waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(running.children()).noneMatch(pid -> ProcessHandle.of(pid).isPresent());
        assertThat(running.folder()).isAbsolute();
        assertThat(Files.exists(running.folder())).isFalse();
    }
}
