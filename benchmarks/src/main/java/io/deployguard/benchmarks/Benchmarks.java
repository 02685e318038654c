package io.deployguard.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;

/**
 * {@code benchmarks/run NAME… [--size 512M] [--rounds 3] [--seed 7]}. Exit codes: 0 all bounds hold, 1 one is broken, 2 something is missing or
 * not understood.
 */
public final class Benchmarks {

    private static final List<Bench> ALL = List.of(
            new MatchingBench(),
            new MemoryBench(),
            new WorstCaseBench(),
            new CleaningBench(),
            new CasesBench(),
            new ColdStartBench());

    private Benchmarks() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        var home = Path.of(System.getProperty("deployguard.home", "."))
                .toAbsolutePath()
                .normalize();
        System.exit(run(Settings.standard(home), System.out, arguments));
    }

    static int run(Settings standard, PrintStream out, String... arguments) throws IOException, InterruptedException {
        try {
            Settings settings = standard;
            var names = new java.util.ArrayList<String>();
            for (int index = 0; index < arguments.length; index++) {
                if (arguments[index].startsWith("--") && index + 1 < arguments.length) {
                    settings = settings.with(arguments[index], arguments[++index]);
                } else {
                    names.add(arguments[index]);
                }
            }
            boolean holds = !names.isEmpty();
            for (Bench bench : asked(names)) {
                holds &= bench.run(settings, out);
            }
            return holds ? 0 : 1;
        } catch (Bench.Unable | IllegalArgumentException unusable) {
            out.println("benchmarks: " + unusable.getMessage());
            return 2;
        }
    }

    private static List<Bench> asked(List<String> names) {
        if (names.equals(List.of("all"))) {
            return ALL;
        }
        if (names.isEmpty()) {
            throw new IllegalArgumentException("which one? " + names());
        }
        return names.stream()
                .map(name -> ALL.stream()
                        .filter(bench -> bench.name().equals(name))
                        .findFirst()
                        .orElseThrow(() ->
                                new IllegalArgumentException("no bench is called " + name + "; there are " + names())))
                .toList();
    }

    private static String names() {
        return String.join(", ", ALL.stream().map(Bench::name).toList()) + ", all";
    }
}
