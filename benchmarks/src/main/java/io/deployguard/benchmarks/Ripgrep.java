package io.deployguard.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The reference: one thread, counting lines. Without Unicode classes, since RE2/J's classes are ASCII too, and since ripgrep is many times
 * faster that way.
 */
record Ripgrep(Path program) {

    private static final List<String> OPTIONS = List.of("--no-config", "--no-unicode", "-j1", "--count", "--text");

    /** The one on the PATH. */
    static Ripgrep find() {
        for (String folder : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
            Path program = Path.of(folder.isEmpty() ? "." : folder).resolve("rg");
            if (Files.isExecutable(program)) {
                return new Ripgrep(program);
            }
        }
        throw new Bench.Unable("ripgrep is not on the PATH; apt-get install ripgrep, or cargo install ripgrep");
    }

    String version() throws IOException, InterruptedException {
        return Spent.run(List.of(program.toString(), "--version"))
                .answer()
                .lines()
                .findFirst()
                .orElse("ripgrep");
    }

    List<String> command(Path patterns, Path text) {
        var command = new java.util.ArrayList<String>();
        command.add(program.toString());
        command.addAll(OPTIONS);
        command.addAll(List.of("-f", patterns.toString(), text.toString()));
        return command;
    }

    String options() {
        return String.join(" ", OPTIONS);
    }

    /** Whether it can read the patterns. */
    boolean takes(Path patterns) throws IOException, InterruptedException {
        Path empty = Files.createTempFile("deploy-guard-bench", ".txt");
        try {
            return Spent.run(command(patterns, empty)).exit() != 2;
        } finally {
            Files.delete(empty);
        }
    }
}
