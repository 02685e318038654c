package io.deployguard.emulators;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A program that is run to its end.
 *
 * @param environment all of it; nothing is inherited
 */
record Command(Path folder, Map<String, String> environment, List<String> words, String input, Duration patience) {

    /** How it ended, and what it printed. */
    record Result(int exit, String out, String err) {}

    Command {
        environment = Map.copyOf(environment);
        words = List.copyOf(words);
    }

    /** A command in the project's folder with this process's environment. */
    static Command of(List<String> words) {
        return new Command(Project.root(), System.getenv(), words, "", Duration.ofMinutes(3));
    }

    static Command of(String... words) {
        return of(List.of(words));
    }

    Command in(Path other) {
        return new Command(other, environment, words, input, patience);
    }

    Command with(String name, String value) {
        var more = new HashMap<>(environment);
        more.put(name, value);
        return new Command(folder, more, words, input, patience);
    }

    Command withOnly(Map<String, String> variables) {
        return new Command(folder, variables, words, input, patience);
    }

    Command reading(String text) {
        return new Command(folder, environment, words, text, patience);
    }

    Command within(Duration other) {
        return new Command(folder, environment, words, input, other);
    }

    /**
     * Runs it.
     *
     * @throws IllegalStateException when it does not end in time; it is then killed
     */
    Result run() {
        try {
            var files = Files.createTempDirectory("command");
            var out = files.resolve("out");
            var err = files.resolve("err");
            var in = Files.writeString(files.resolve("in"), input);
            try {
                var builder = new ProcessBuilder(words)
                        .directory(folder.toFile())
                        .redirectInput(in.toFile())
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile());
                builder.environment().clear();
                builder.environment().putAll(environment);
                var process = builder.start();
                if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                    process.descendants().forEach(ProcessHandle::destroyForcibly);
                    process.destroyForcibly();
                    throw new IllegalStateException(words + ": still running after " + patience + "\n" + text(err));
                }
                return new Result(process.exitValue(), text(out), text(err));
            } finally {
                for (var file : List.of(out, err, in, files)) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException unable) {
            throw new UncheckedIOException("run " + words, unable);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while running " + words, interrupted);
        }
    }

    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }
}
