package io.deployguard.benchmarks;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * What a program cost.
 *
 * @param wall seconds on the clock
 * @param cpu seconds of processor time, of all its threads; not a number where the system does not tell
 */
record Spent(double wall, double cpu) {

    private static final Path OWN_STAT = Path.of("/proc/self/stat");
    /** Linux counts in hundredths for every program that reads /proc. */
    private static final double TICKS = 100;

    /** A program's answer and what it cost. */
    record Run(Spent spent, int exit, String answer) {}

    static Run run(List<String> command) throws IOException, InterruptedException {
        double cpu = cpuOfChildren();
        long begin = System.nanoTime();
        Process process =
                new ProcessBuilder(command).redirectError(Redirect.DISCARD).start();
        String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        int exit = process.waitFor();
        double wall = (System.nanoTime() - begin) / 1e9;
        return new Run(new Spent(wall, cpuOfChildren() - cpu), exit, answer);
    }

    /** Counts children that have ended; the fields behind the name, which may hold blanks, are numbered from 3 on. */
    private static double cpuOfChildren() throws IOException {
        if (!Files.isReadable(OWN_STAT)) {
            return Double.NaN;
        }
        String stat = Files.readString(OWN_STAT, StandardCharsets.UTF_8);
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[16 - 3]) + Long.parseLong(fields[17 - 3])) / TICKS;
    }

    Spent best(Spent other) {
        return new Spent(Math.min(wall, other.wall), Math.min(cpu, other.cpu));
    }

    Spent minus(Spent other) {
        return new Spent(wall - other.wall, cpu - other.cpu);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%.2f s, %.2f s CPU", wall, cpu);
    }
}
