package io.deployguard.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Patterns of the catalogue in the words of ripgrep, which takes no names for groups in several patterns and no {@code \Q}. */
final class RipgrepPatterns {

    private static final Pattern GROUP_NAME = Pattern.compile("\\(\\?P?<\\w+>");
    private static final Pattern QUOTED = Pattern.compile("\\\\Q(.*?)\\\\E");
    private static final String META = "\\.+*?()|[]{}^$#&-~";

    private final Map<String, String> translated = new LinkedHashMap<>();

    RipgrepPatterns(Set<String> patterns) {
        patterns.forEach(pattern -> translated.put(pattern, translate(pattern)));
    }

    private static String translate(String pattern) {
        String plain = QUOTED.matcher(pattern).replaceAll(match -> Matcher.quoteReplacement(escape(match.group(1))));
        // A group each, or a flag such as (?i) would hold for the patterns behind it as well.
        return "(?:" + GROUP_NAME.matcher(plain).replaceAll("(?:") + ")";
    }

    private static String escape(String text) {
        var escaped = new StringBuilder();
        text.chars()
                .forEach(c -> escaped.append(META.indexOf(c) >= 0 ? "\\" : "").append((char) c));
        return escaped.toString();
    }

    /** Those that ripgrep refuses. Halves are tried as long as one of them is refused. */
    Set<String> refused(Ripgrep ripgrep, Path scratch) throws IOException, InterruptedException {
        var refused = new LinkedHashSet<String>();
        var open = new ArrayList<List<String>>();
        open.add(List.copyOf(translated.keySet()));
        while (!open.isEmpty()) {
            List<String> some = open.removeLast();
            write(scratch, some);
            if (ripgrep.takes(scratch)) {
                continue;
            }
            if (some.size() == 1) {
                refused.addAll(some);
            } else {
                open.add(some.subList(some.size() / 2, some.size()));
                open.add(some.subList(0, some.size() / 2));
            }
        }
        return refused;
    }

    void write(Path file, Iterable<String> patterns) throws IOException {
        var lines = new ArrayList<String>();
        patterns.forEach(pattern -> lines.add(translated.getOrDefault(pattern, pattern)));
        Files.write(file, lines);
    }
}
