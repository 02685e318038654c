package io.deployguard.benchmarks;

import io.deployguard.classification.CauseCatalog;
import io.deployguard.classification.Classifier;
import io.deployguard.evidence.Cleaning;
import io.deployguard.evidence.Evidence;
import io.deployguard.evidence.EvidenceBundle;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Logs that mean harm, or are merely large: cleaned, redacted and classified as one case, warm. */
final class WorstCaseBench implements Bench {

    private static final double LONGEST_FOR_A_LINE = 0.050;
    private static final double LONGEST_FOR_MANY = 2;
    private static final int MOST_CHARACTERS = 1 << 20;
    private static final int MOST_LINES = 100_000;

    @Override
    public String name() {
        return "worst-case";
    }

    @Override
    public boolean run(Settings settings, PrintStream out) throws IOException {
        int characters = (int) Math.min(MOST_CHARACTERS, settings.bytes());
        int lines = (int) Math.min(MOST_LINES, settings.bytes());
        var classifier = new Classifier(CauseCatalog.load());
        Map<String, String> hostile = hostileLines(characters);
        Map<String, List<String>> many = manyLines(settings, lines);
        // Warms up on everything, so that the first one is measured as the last one is.
        hostile.values().forEach(line -> measure(classifier, List.of(line), 2));
        out.printf("worst-case: one line of %,d characters; cleaned and redacted, classified, together%n", characters);
        boolean holds = true;
        for (var each : hostile.entrySet()) {
            holds &= report(
                    out,
                    each.getKey(),
                    measure(classifier, List.of(each.getValue()), 3 * settings.rounds()),
                    LONGEST_FOR_A_LINE);
        }
        out.printf("worst-case: %,d lines%n", lines);
        for (var each : many.entrySet()) {
            holds &= report(
                    out, each.getKey(), measure(classifier, each.getValue(), 1 + settings.rounds()), LONGEST_FOR_MANY);
        }
        return holds;
    }

    /** Seconds, the best of several rounds each. */
    private record Times(double cleaning, double classifying) {

        double sum() {
            return cleaning + classifying;
        }
    }

    private static boolean report(PrintStream out, String what, Times times, double bound) {
        boolean holds = times.sum() <= bound;
        out.printf(
                Locale.ROOT,
                "  %-44s %7.1f + %7.1f = %7.1f ms  ratio to the bound of %.0f ms: %.2f%s%n",
                what,
                1e3 * times.cleaning,
                1e3 * times.classifying,
                1e3 * times.sum(),
                1e3 * bound,
                times.sum() / bound,
                holds ? "" : "  BROKEN");
        return holds;
    }

    private static Times measure(Classifier classifier, List<String> lines, int rounds) {
        var bundle = new EvidenceBundle(lines.stream()
                .<Evidence>map(line -> new Evidence.LogLine("", "app", Optional.empty(), line))
                .toList());
        double cleaning = Double.MAX_VALUE;
        double classifying = Double.MAX_VALUE;
        for (int round = 0; round < rounds; round++) {
            long begin = processorTime();
            EvidenceBundle clean = Cleaning.of(bundle);
            long cleaned = processorTime();
            if (classifier.classify(clean).explanation().isEmpty()) {
                throw new IllegalStateException("worst case: a diagnosis explains itself");
            }
            cleaning = Math.min(cleaning, (cleaned - begin) / 1e9);
            classifying = Math.min(classifying, (processorTime() - cleaned) / 1e9);
        }
        return new Times(cleaning, classifying);
    }

    /** Of this thread, in nanoseconds: on the clock, a busy machine would decide. */
    private static long processorTime() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static Map<String, String> hostileLines(int characters) {
        var lines = new LinkedHashMap<String, String>();
        lines.put("a run of one letter", fill("a", characters));
        lines.put("blanks", fill(" ", characters));
        lines.put("no literal in it", fill("zq0xj ", characters));
        lines.put("nested quotes", fill("\"'`", characters));
        lines.put("nested brackets", fill("([{", characters));
        lines.put("backslashes", fill("\\", characters));
        lines.put("terminal escapes", fill("\u001b[31m", characters));
        lines.put("escapes that never end", fill("\u001b]0;", characters));
        lines.put("two Java characters for one", fill("\ud83d\ude80 ", characters));
        lines.put("one literal all over", fill("connection refused ", characters));
        lines.put(
                "many literals all over",
                fill(
                        "ECONNREFUSED 10.0.0.1:5432 permission denied: relation \"x\" already exists; no such file or directory; exec format error; KeyError: 'X'; postgres certificate verify failed; ",
                        characters));
        lines.put(
                "beginnings of wide windows",
                fill("postgres psycopg SequelizeConnectionError MongoTimeoutException open file ", characters));
        lines.put("wide windows that nearly close", fill("psycopg2.OperationalError connection refuse ", characters));
        lines.put("words and dots", fill("a.b-c_d/", characters));
        lines.put("paths", fill("/usr/src/app/node_modules/pg/lib ", characters));
        lines.put("addresses", fill("https://user@host.example.com:8443/a?b=c ", characters));
        lines.put("digits and colons", fill("12:34:56.789 ", characters));
        lines.put("requests", fill("GET / HTTP/1.1\" 200 ", characters));
        lines.put("what may begin a secret", fill("password=", characters));
        lines.put("tokens that are none", fill("eyJ.sk-ghp_AKIA:// ", characters));
        lines.put("key blocks that never end", fill("-----BEGIN PRIVATE KEY-----", characters));
        lines.put("credentials in addresses", fill("postgres://u:p@", characters));
        lines.put("JSON, deep", fill("{\"a\":", characters));
        lines.put("JSON, closed, deep", fill("{\"a\":", characters * 5 / 6) + "1" + fill("}", characters / 6));
        lines.put("JSON, wide", "{\"msg\":\"x\"" + fill(",\"k\":{\"error\":\"connection refused\"}", characters) + "}");
        lines.put(
                "JSON, one long message",
                "{\"level\":\"error\",\"msg\":\"" + fill("could not connect ", characters) + "\"}");
        lines.put("JSON with line feeds", "{\"msg\":\"" + fill("Caused by: x\\n", characters) + "\"}");
        return lines;
    }

    private static Map<String, List<String>> manyLines(Settings settings, int count) throws IOException {
        var lines = new LinkedHashMap<String, List<String>>();
        lines.put(
                "a healthy log with failures in it",
                new LogMix(settings.seed(), Corpus.logs(settings.corpus())).lines(count));
        for (String line : List.of(
                "",
                "ERROR connect ECONNREFUSED 10.0.4.8:6379 Connection refused KeyError: 'X' relation \"x\" does not exist",
                "  Class \"Sentry\\Laravel\\ServiceProvider\" not found  ",
                "│ ModuleNotFoundError: No module named 'storages' │",
                "Caused by: java.net.ConnectException: Connection refused",
                "During handling of the above exception, another exception occurred:",
                "{\"level\":50,\"msg\":\"connect ECONNREFUSED 10.0.0.1:5432\",\"err\":{\"type\":\"Error\",\"message\":\"x\",\"stack\":\"a\\n b\\n c\"}}",
                "2026-11-21T09:14:05Z INFO GET /health 200 3 ms",
                "-----BEGIN CERTIFICATE-----")) {
            lines.put(
                    line.isEmpty() ? "empty" : line.substring(0, Math.min(line.length(), 40)),
                    Collections.nCopies(count, line));
        }
        return lines;
    }

    private static String fill(String part, int characters) {
        return part.repeat(characters / part.length() + 1).substring(0, characters);
    }
}
