package io.deployguard.benchmarks;

import io.deployguard.classification.LogPatterns;
import io.deployguard.evidence.LineCleaner;
import io.deployguard.evidence.Redactor;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

/** Cleaning and redacting, beside a bare copy of the same lines and beside matching them. In one process, warm. */
final class CleaningBench implements Bench {

    private static final int MOST_LINES = 100_000;
    /** Cleaning and redacting together may cost no more than matching does. */
    private static final double LEAST_RATIO = 1;

    @Override
    public String name() {
        return "cleaning";
    }

    @Override
    public boolean run(Settings settings, PrintStream out) throws IOException {
        int count = (int) Math.min(MOST_LINES, Math.max(1_000, settings.bytes() / 120));
        List<String> lines = new LogMix(settings.seed(), Corpus.logs(settings.corpus())).lines(count);
        long bytes = lines.stream().mapToLong(line -> line.length() + 1L).sum();
        LogPatterns patterns = LogPatterns.ofCatalog();
        Redactor redactor = Redactor.standard();
        var copy = new Speed(
                bytes,
                all -> all.stream()
                        .mapToLong(line -> new String(line.toCharArray()).length())
                        .sum());
        var clean = new Speed(
                bytes,
                all -> all.stream()
                        .mapToLong(line -> LineCleaner.clean(line).length())
                        .sum());
        var redact = new Speed(
                bytes,
                all -> redactor.redactAll(all).stream()
                        .mapToLong(String::length)
                        .sum());
        var match = new Speed(bytes, all -> matching(patterns, all));
        for (int round = 0; round < 3 * settings.rounds(); round++) {
            List.of(copy, clean, redact, match).forEach(speed -> speed.measure(lines));
        }
        out.printf("cleaning: %,d lines, %,d characters%n", lines.size(), bytes);
        out.printf(
                Locale.ROOT,
                "  bare copy %.0f MB/s, cleaning %.0f, redacting %.0f, matching %.0f%n",
                copy.megabytes(),
                clean.megabytes(),
                redact.megabytes(),
                match.megabytes());
        double both = 1 / (1 / clean.megabytes() + 1 / redact.megabytes());
        out.printf(
                Locale.ROOT,
                "  ratio to a bare copy: cleaning %.2f, redacting %.2f, both %.2f%n",
                clean.megabytes() / copy.megabytes(),
                redact.megabytes() / copy.megabytes(),
                both / copy.megabytes());
        out.printf(Locale.ROOT, "  ratio to matching: both %.2f%n", both / match.megabytes());
        boolean holds = both >= LEAST_RATIO * match.megabytes();
        out.printf(
                Locale.ROOT, "  bound: a ratio to matching of %.1f %s%n", LEAST_RATIO, holds ? "holds" : "is BROKEN");
        return holds;
    }

    private static long matching(LogPatterns patterns, List<String> lines) {
        long matched = 0;
        for (int at = 0; at < lines.size(); at += LogPatterns.BATCH) {
            matched += patterns.matching(lines.subList(at, Math.min(lines.size(), at + LogPatterns.BATCH)));
        }
        return matched;
    }

    /** The best of several runs. */
    private static final class Speed {
        private final long bytes;
        private final ToLongFunction<List<String>> work;
        private final List<Long> results = new ArrayList<>();
        private double best = Double.MAX_VALUE;

        Speed(long bytes, ToLongFunction<List<String>> work) {
            this.bytes = bytes;
            this.work = work;
        }

        void measure(List<String> lines) {
            long begin = System.nanoTime();
            // Kept, or the compiler could leave the work out.
            results.add(work.applyAsLong(lines));
            best = Math.min(best, (System.nanoTime() - begin) / 1e9);
        }

        double megabytes() {
            return bytes / 1e6 / best;
        }
    }
}
