package io.deployguard.classification;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The name a person needs, where the rule that matched did not capture one: what a cause is about has a form, whatever program speaks of it. A
 * setting is a variable, a quoted property or a file, a peer has a port, a refused file has a path. Only the match and a few lines around it are
 * looked at, the nearest first.
 *
 * @param causes ids of those that are about such a name
 * @param forms patterns whose first group is the name, the surest first
 */
record NameNearby(Set<String> causes, List<String> forms) {

    private static final List<NameNearby> KINDS = List.of(
            // a setting
            of(
                    Set.of("missing-config", "invalid-config"),
                    "(?:^|[\\s\"'`=:$({])([A-Z][A-Z0-9]*_[A-Z0-9_]*[A-Z0-9])(?:$|[\\s\"'`=:,.})])",
                    "(?i)\\b(?:option|setting|property|field|parameter|variable|key|directive|flag|argument|entry|plugin|section)s?:? ?[\"'`]([a-z][\\w.:/-]*)[\"'`]",
                    "(?i)[\"'`]([a-z][\\w.-]*)[\"'`] (?:option|setting|property|field|parameter|variable|key|directive|flag|argument)\\b",
                    "(?i)\\bunknown (?:field|key|option|setting|parameter|directive)s?\\b[^:\"]{0,30}: ?[\"'`]?([a-z][\\w.-]+)",
                    "(?:^|\\s)(--[a-z][\\w-]+)",
                    "((?:/[\\w.-]+)+\\.(?:ya?ml|json|toml|ini|conf|cfg|properties|hcl|xml|env))\\b",
                    "[\"'`]([a-z][\\w-]*(?:\\.[a-z][\\w-]*)+)[\"'`]",
                    "\\b([\\w-]+\\.(?:ya?ml|toml|conf|cfg|properties|hcl))\\b",
                    "(?i)\\b(?:drive|director(?:y|ies)|folder|file|path) [\"'`]?(/[\\w./-]+\\w)"),
            // a file or folder
            of(
                    Set.of("file-permission-denied", "disk-full", "volume-mount-failed"),
                    "(?:^|[\\s\"'`(\\[=])(\\.{0,2}/[\\w.-]+(?:/[\\w.-]+)*/?)"),
            // a peer and its port
            of(
                    Set.of("database-unreachable", "dependency-unreachable"),
                    "(?i)(?:\\b(?:to|at|tcp|host|from|server|broker|endpoint|address|addr|node)s?[ =:\"'(\\[]{1,3}|://|@)([a-z0-9][\\w.-]*[a-z][\\w.-]*:\\d{2,5}|\\d{1,3}(?:\\.\\d{1,3}){3}:\\d{2,5})\\b",
                    "(?i)\\b(?:connect(?:ion|ing)? to|host(?:name)?|server)[ =:]{1,2}[\"'`]([a-z0-9][\\w.-]*)[\"'`]"),
            // a name to resolve
            of(
                    Set.of("dns-resolution-failed"),
                    "(?i)\\b(?:lookup|resolve|host(?:name)?|address|server|connection to|name)[ =:]{1,2}[\"'`]?([a-z][\\w-]*(?:\\.[\\w-]+)+)",
                    "(?i)\\b(?:host(?:name)?|connection to|connect to|address of|resolve)[ =:]{1,2}[\"'`]([a-z][\\w-]*)[\"'`]"),
            // an object of the schema
            of(
                    Set.of("schema-missing", "migration-failed", "migration-conflict"),
                    "(?i)\\b(?:relation|table|column|index|type|constraint|sequence|view|collection)s? [\"'`\\[]([\\w.-]+)[\"'`\\]]",
                    "\\bfunction (\\w+)\\("));

    private static final int LINES_AROUND = 6;
    /** Of a long line, on either side of where the match begins. */
    private static final int WINDOW = 800;

    private static NameNearby of(Set<String> causes, String... forms) {
        return new NameNearby(causes, List.of(forms));
    }

    NameNearby {
        causes = Set.copyOf(causes);
        forms = List.copyOf(forms);
    }

    static Optional<String> find(Scene scene, Finding finding) {
        return KINDS.stream()
                .filter(kind -> kind.causes.contains(finding.cause().id().value()))
                .findFirst()
                .flatMap(kind -> kind.nearest(scene, finding.hit()));
    }

    private Optional<String> nearest(Scene scene, Scan.Hit hit) {
        Line at = scene.lines().get(hit.line());
        if (at.place() != Place.LOG) {
            return Optional.empty();
        }
        List<Pattern> patterns = forms.stream().map(Pattern::compile).toList();
        return around(hit)
                .filter(index -> index >= 0 && index < scene.lines().size())
                .mapToObj(scene.lines()::get)
                .filter(line -> line.place() == Place.LOG && line.source().equals(at.source()))
                .map(line -> line.equals(at) ? window(line.text(), hit.from()) : window(line.text(), 0))
                .flatMap(text -> patterns.stream().flatMap(pattern -> first(pattern, text)))
                .findFirst();
    }

    /** The match itself, then what follows it and what precedes it, in turns. */
    private static IntStream around(Scan.Hit hit) {
        IntStream others = IntStream.rangeClosed(1, LINES_AROUND)
                .flatMap(distance -> IntStream.of(hit.last() + distance, hit.first() - distance));
        IntStream own = IntStream.rangeClosed(hit.first(), Math.min(hit.last(), hit.first() + LINES_AROUND));
        return IntStream.concat(IntStream.of(hit.line()), IntStream.concat(own, others));
    }

    private static String window(String text, int from) {
        return text.substring(
                Math.max(0, Math.min(from, text.length()) - WINDOW), Math.min(text.length(), from + WINDOW));
    }

    private static Stream<String> first(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? Stream.of(matcher.group(1)) : Stream.empty();
    }
}
