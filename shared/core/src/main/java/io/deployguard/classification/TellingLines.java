package io.deployguard.classification;

import io.deployguard.classification.Diagnosis.Proof;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The lines a person would want to see when no rule knows the failure: rare ones, late ones, those that speak of errors. Lines are compared
 * by their template, that is without numbers. What healthy tasks of the same service write as well tells nothing.
 */
final class TellingLines {

    private static final int LONGEST_TEMPLATE = 120;
    private static final List<String> ERROR_WORDS = List.of(
            "error",
            "fatal",
            "exception",
            "panic",
            "failed",
            "cannot",
            "could not",
            "unable",
            "denied",
            "refused",
            "timed out",
            "not found",
            "no such",
            "invalid",
            "missing",
            "killed",
            "abort",
            "traceback",
            "unexpected",
            "unhandled",
            "segmentation");

    private TellingLines() {}

    /** At most {@code most} lines, in the order in which they were written; what ECS itself says comes first. */
    static List<Proof> of(Scene scene, int most) {
        List<Line> logs = scene.logs();
        Predicate<Line> ordinary = ordinary(scene);
        Map<String, Integer> frequency = new HashMap<>();
        var templates = new ArrayList<String>(logs.size());
        for (Line line : logs) {
            String template = template(line.text());
            templates.add(template);
            frequency.merge(template, 1, Integer::sum);
        }
        var ranked = new ArrayList<Ranked>();
        for (int index = 0; index < logs.size(); index++) {
            if (!logs.get(index).text().isBlank() && !ordinary.test(logs.get(index))) {
                double rare = 1.0 / frequency.getOrDefault(templates.get(index), 1);
                double late = (index + 1.0) / logs.size();
                ranked.add(new Ranked(logs.get(index), index, 2 * errorLikeness(logs.get(index)) + rare + late));
            }
        }
        List<Proof> proof = new ArrayList<>(said(scene));
        ranked.stream()
                .sorted(Comparator.comparingDouble(Ranked::score).reversed())
                .limit(Math.max(0, most - proof.size()))
                .sorted(Comparator.comparingInt(Ranked::index))
                .map(each -> each.line().proof(0))
                .forEach(proof::add);
        return proof.stream().distinct().limit(most).toList();
    }

    /** Tells of a line whether healthy tasks write it as well, perhaps with other numbers. */
    static Predicate<Line> ordinary(Scene scene) {
        Set<String> ordinary = scene.usual().stream()
                .flatMap(line -> LogMessages.of(line.text()).stream())
                .map(TellingLines::template)
                .collect(Collectors.toSet());
        return line -> !ordinary.isEmpty() && ordinary.contains(template(line.text()));
    }

    private record Ranked(Line line, int index, double score) {}

    private static List<Proof> said(Scene scene) {
        return scene.lines().stream()
                .filter(line -> line.place() == Place.STOPPED_REASON || line.place() == Place.CONTAINER_REASON)
                .map(line -> line.proof(0))
                .limit(3)
                .toList();
    }

    /** Whether somebody who looks for the fault would read this line first. */
    static boolean speaksOfError(Line line) {
        return line.place() != Place.LOG || errorLikeness(line) >= 0.7;
    }

    private static double errorLikeness(Line line) {
        String text = line.text();
        String lower = text.substring(0, Math.min(text.length(), 400)).toLowerCase(Locale.ROOT);
        boolean frame =
                lower.stripLeading().startsWith("at ") || lower.stripLeading().startsWith("file \"");
        if (frame || line.place() == Place.ACCESS_LOG) {
            return 0;
        }
        boolean words = ERROR_WORDS.stream().anyMatch(lower::contains);
        return switch (line.level()) {
            case GRAVE -> 1;
            case WARNING -> words ? 0.7 : 0.4;
            case UNTOLD -> words ? 0.9 : 0.1;
            case CALM -> words ? 0.2 : 0;
        };
    }

    private static String template(String text) {
        return template(text, LONGEST_TEMPLATE);
    }

    /** The beginning of the text, without its numbers. */
    static String template(String text, int longest) {
        var template = new StringBuilder();
        boolean value = false;
        for (int at = 0; at < text.length() && template.length() < longest; at++) {
            char c = text.charAt(at);
            boolean digit = c >= '0' && c <= '9';
            if (!digit) {
                template.append(c);
            } else if (!value) {
                template.append('#');
            }
            value = digit;
        }
        return template.toString();
    }
}
