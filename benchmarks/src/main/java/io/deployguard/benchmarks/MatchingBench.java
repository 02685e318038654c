package io.deployguard.benchmarks;

import io.deployguard.classification.LogPatterns;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** All patterns of the catalogue for log lines, against ripgrep with the same patterns on the same text; each a process of its own. */
final class MatchingBench implements Bench {

    private static final double LEAST_RATIO = 1;

    @Override
    public String name() {
        return "matching";
    }

    @Override
    public boolean run(Settings settings, PrintStream out) throws IOException, InterruptedException {
        Ripgrep ripgrep = Ripgrep.find();
        Path scratch = settings.scratch();
        Path patternFile = scratch.resolve("patterns.txt");
        Path excludedFile = scratch.resolve("excluded.txt");
        Set<String> all = LogPatterns.ofCatalog().patterns();
        var translated = new RipgrepPatterns(all);
        Set<String> refused = translated.refused(ripgrep, patternFile);
        LogPatterns compared = LogPatterns.ofCatalog().without(refused);
        translated.write(patternFile, compared.patterns());
        Files.write(excludedFile, refused);
        Path text = text(settings);
        Path empty = Files.write(scratch.resolve("empty.txt"), new byte[0]);

        out.printf(
                "matching: %,d patterns, %,d bytes of text%n",
                compared.patterns().size(), Files.size(text));
        out.printf(
                "  left out on both sides: %d that span lines, %d that ripgrep refuses%n",
                LogPatterns.spanning().size(), refused.size());
        refused.forEach(pattern -> out.println("    refused: " + pattern));
        List<String> theirs = ripgrep.command(patternFile, text);
        List<String> ours = ours(text, excludedFile);
        Spent.Run theirRun = Spent.run(theirs);
        Spent.Run ourRun = Spent.run(ours);
        Spent their = theirRun.spent();
        Spent our = ourRun.spent();
        Spent theirStart = Spent.run(ripgrep.command(patternFile, empty)).spent();
        Spent ourStart = Spent.run(ours(empty, excludedFile)).spent();
        for (int round = 1; round < settings.rounds(); round++) {
            their = their.best(Spent.run(theirs).spent());
            our = our.best(Spent.run(ours).spent());
            theirStart = theirStart.best(
                    Spent.run(ripgrep.command(patternFile, empty)).spent());
            ourStart = ourStart.best(Spent.run(ours(empty, excludedFile)).spent());
        }
        out.printf(
                "  %s (%s): %s, start-up %s, %s lines%n",
                ripgrep.version(), ripgrep.options(), their, theirStart, theirRun.answer());
        out.printf("  catalogue: %s, start-up %s, %s lines%n", our, ourStart, ourRun.answer());
        ratio(out, "whole process", their, our);
        double steady = ratio(out, "without start-up", their.minus(theirStart), our.minus(ourStart));
        boolean same =
                theirRun.answer().equals(ourRun.answer()) && !ourRun.answer().isEmpty();
        out.println(same ? "  both found the same lines" : "  BROKEN: they found different numbers of lines");
        boolean fast = steady >= LEAST_RATIO;
        out.printf(
                Locale.ROOT,
                "  bound: a ratio of %.1f without start-up, by processor time, %s%n",
                LEAST_RATIO,
                fast ? "holds" : "is BROKEN");
        return same && fast;
    }

    /** Returns the ratio by processor time, which other programs on the machine change least; where the system does not tell it, on the clock. */
    private static double ratio(PrintStream out, String what, Spent their, Spent our) {
        double wall = their.wall() / our.wall();
        out.printf(
                Locale.ROOT,
                "  ratio to ripgrep, %s: %.2f on the clock, %.2f by processor time%n",
                what,
                wall,
                their.cpu() / our.cpu());
        return Double.isNaN(our.cpu()) ? wall : their.cpu() / our.cpu();
    }

    private static List<String> ours(Path text, Path excluded) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                CountMatches.class.getName(),
                text.toString(),
                excluded.toString());
    }

    static Path text(Settings settings) throws IOException {
        Path text = settings.scratch().resolve("log-mix-" + settings.seed() + "-" + settings.bytes() + ".txt");
        if (!Files.exists(text)) {
            Path partial = text.resolveSibling(text.getFileName() + ".part");
            new LogMix(settings.seed(), Corpus.logs(settings.corpus())).write(partial, settings.bytes());
            Files.move(partial, text);
        }
        return text;
    }
}
