package io.deployguard.benchmarks;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Consumer;

/**
 * A log as a cluster writes it: runs of harmless lines, each by one kind of program, and now and then a few lines of a failure from
 * {@code corpus/}. The same seed gives the same text.
 */
final class LogMix {

    private static final String TEMPLATES = "/log-mix.txt";
    private static final int LONGEST_RUN = 40;
    /** About one line in a thousand belongs to a failure: a failure has some ten lines, a run some twenty. */
    private static final int RUNS_PER_FAILURE = 500;

    private static final List<String> WORDS =
            List.of("amber", "birch", "cobalt", "delta", "ember", "fjord", "garnet", "harbor", "indigo", "juniper");

    private final Random random;
    private final List<List<Template>> programs = programs();
    private final List<List<String>> failures;
    private long second;

    /** @param failures log lines of failed deployments, one list each; none for a log without failures */
    LogMix(long seed, List<List<String>> failures) {
        this.random = new Random(seed);
        this.failures = List.copyOf(failures);
    }

    /** Writes lines, each with a line feed, until the file has {@code bytes} or a little more. */
    void write(Path file, long bytes) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
            var written = new long[1];
            while (written[0] < bytes) {
                run(line -> {
                    byte[] utf8 = (line + "\n").getBytes(StandardCharsets.UTF_8);
                    written[0] += utf8.length;
                    try {
                        out.write(utf8);
                    } catch (IOException full) {
                        throw new UncheckedIOException("log mix: cannot write " + file, full);
                    }
                });
            }
        }
    }

    /** So many lines. */
    List<String> lines(int count) {
        var lines = new ArrayList<String>(count + LONGEST_RUN);
        while (lines.size() < count) {
            run(lines::add);
        }
        return List.copyOf(lines.subList(0, count));
    }

    private void run(Consumer<String> sink) {
        if (!failures.isEmpty() && random.nextInt(RUNS_PER_FAILURE) == 0) {
            failures.get(random.nextInt(failures.size())).forEach(sink);
            return;
        }
        List<Template> program = programs.get(random.nextInt(programs.size()));
        int lines = 1 + random.nextInt(LONGEST_RUN);
        for (int line = 0; line < lines; line++) {
            second += random.nextInt(20) == 0 ? 1 : 0;
            sink.accept(program.get(random.nextInt(program.size())).fill(this));
        }
    }

    private static List<List<Template>> programs() {
        try (InputStream in = LogMix.class.getResourceAsStream(TEMPLATES)) {
            if (in == null) {
                throw new IllegalStateException("log mix: " + TEMPLATES + " is not on the class path");
            }
            var programs = new ArrayList<List<Template>>();
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                if (line.matches("\\[[a-z]+]")) {
                    programs.add(new ArrayList<>());
                } else if (!line.startsWith("#")) {
                    programs.getLast().add(Template.parse(line));
                }
            }
            return programs;
        } catch (IOException unreadable) {
            throw new UncheckedIOException("log mix: cannot read " + TEMPLATES, unreadable);
        }
    }

    private String value(String name) {
        long inDay = second % 86_400;
        String clock = String.format(Locale.ROOT, "%02d:%02d:%02d", inDay / 3_600, inDay / 60 % 60, inDay % 60);
        return switch (name) {
            case "clock" -> clock;
            case "day" -> String.valueOf(10 + second / 86_400 % 20);
            case "date" -> "2026-11-" + (10 + second / 86_400 % 20);
            case "iso" ->
                "2026-11-" + (10 + second / 86_400 % 20) + "T" + clock + "." + (100 + random.nextInt(900)) + "Z";
            case "clf" -> (10 + second / 86_400 % 20) + "/Nov/2026:" + clock + " +0000";
            case "millis" -> String.valueOf(1_794_000_000_000L + second * 1_000 + random.nextInt(1_000));
            case "small" -> String.valueOf(1 + random.nextInt(99));
            case "int" -> String.valueOf(100 + random.nextInt(1_000_000));
            case "port" -> String.valueOf(3_000 + random.nextInt(6_000));
            case "ip" -> "10." + random.nextInt(4) + "." + random.nextInt(256) + "." + random.nextInt(256);
            case "hex" -> hex(8) + hex(8);
            case "uuid" -> hex(8) + "-" + hex(4) + "-4" + hex(3) + "-a" + hex(3) + "-" + hex(8) + hex(4);
            case "word" -> WORDS.get(random.nextInt(WORDS.size()));
            case "user" -> WORDS.get(random.nextInt(WORDS.size())) + random.nextInt(100);
            default -> throw new IllegalArgumentException("log mix: no value is called " + name);
        };
    }

    private String hex(int digits) {
        var text = new StringBuilder(digits);
        for (int digit = 0; digit < digits; digit++) {
            text.append(Character.forDigit(random.nextInt(16), 16));
        }
        return text.toString();
    }

    /** @param parts plain text and names of values, by turns, beginning with text */
    private record Template(List<String> parts) {

        static Template parse(String line) {
            var parts = new ArrayList<String>();
            int at = 0;
            for (int open = line.indexOf("${"); open >= 0; open = line.indexOf("${", at)) {
                int close = line.indexOf('}', open);
                parts.add(line.substring(at, open));
                parts.add(line.substring(open + 2, close));
                at = close + 1;
            }
            parts.add(line.substring(at));
            return new Template(List.copyOf(parts));
        }

        String fill(LogMix mix) {
            var text = new StringBuilder();
            for (int part = 0; part < parts.size(); part++) {
                text.append(part % 2 == 0 ? parts.get(part) : mix.value(parts.get(part)));
            }
            return text.toString();
        }
    }
}
