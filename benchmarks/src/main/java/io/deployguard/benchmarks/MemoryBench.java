package io.deployguard.benchmarks;

import io.deployguard.classification.LogPatterns;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Locale;

/** What is left on the heap after a little text and after a hundred times as much. */
final class MemoryBench implements Bench {

    private static final int TIMES = 100;
    private static final long SLACK = 4 << 20;

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public boolean run(Settings settings, PrintStream out) throws IOException {
        var little = new Settings(
                settings.home(), Math.min(settings.bytes(), 10_000_000), settings.rounds(), settings.seed());
        Path text = MatchingBench.text(little);
        LogPatterns patterns = LogPatterns.ofCatalog();
        // The second time, when everything is loaded and compiled.
        stream(patterns, text);
        long before = stream(patterns, text);
        long after = before;
        for (int time = 0; time < TIMES; time++) {
            after = stream(patterns, text);
        }
        out.printf(
                Locale.ROOT,
                "memory: heap after %,d bytes of text %.1f MiB, after %,d bytes %.1f MiB%n  ratio %.3f%n",
                little.bytes(),
                before / 1048576.0,
                little.bytes() * TIMES,
                after / 1048576.0,
                (double) after / before);
        boolean flat = after <= before + SLACK;
        out.printf("  bound: no more than 4 MiB above %s%n", flat ? "holds" : "is BROKEN");
        return flat;
    }

    /** Returns what is in use afterwards. */
    private static long stream(LogPatterns patterns, Path text) throws IOException {
        LineBatches.read(text, LogPatterns.BATCH, patterns::matching);
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
