package io.deployguard.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a run is asked for.
 *
 * @param home the project's folder
 * @param bytes how much text
 * @param rounds how often each thing is measured; the best counts, since all else is what other programs on the machine cost
 */
record Settings(Path home, long bytes, int rounds, long seed) {

    static Settings standard(Path home) {
        return new Settings(home, 512_000_000, 3, 7);
    }

    Settings with(String option, String value) {
        return switch (option) {
            case "--size" -> new Settings(home, size(value), rounds, seed);
            case "--rounds" -> new Settings(home, bytes, Integer.parseInt(value), seed);
            case "--seed" -> new Settings(home, bytes, rounds, Long.parseLong(value));
            default ->
                throw new IllegalArgumentException(
                        "no option is called " + option + "; known are --size, --rounds, --seed");
        };
    }

    /** {@code 256M}, {@code 10k}, {@code 1000}. */
    private static long size(String text) {
        char unit = Character.toLowerCase(text.charAt(text.length() - 1));
        long factor = unit == 'g' ? 1_000_000_000 : unit == 'm' ? 1_000_000 : unit == 'k' ? 1_000 : 1;
        return factor * Long.parseLong(factor == 1 ? text : text.substring(0, text.length() - 1));
    }

    /** Where generated text goes. */
    Path scratch() throws java.io.IOException {
        return Files.createDirectories(
                home.resolve("benchmarks").resolve("target").resolve("scratch"));
    }

    Path corpus() {
        return home.resolve("corpus");
    }
}
