package io.deployguard.classification;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Something to look for in the evidence: literals that lead to a place, patterns that confirm it there.
 *
 * @param across how many lines the patterns may span, counted from the line with the literal in both directions
 * @param unless patterns that must not match the same text
 */
record Probe(Set<Place> in, List<String> literals, List<Expression> patterns, int across, List<Expression> unless) {

    Probe {
        in = Set.copyOf(in);
        literals = List.copyOf(literals);
        patterns = List.copyOf(patterns);
        unless = List.copyOf(unless);
    }

    /** The first pattern's match in the text, when nothing speaks against it. */
    Optional<Match> match(String text) {
        for (Expression pattern : patterns) {
            Optional<Match> match = pattern.find(text);
            if (match.isPresent()) {
                boolean refused =
                        unless.stream().anyMatch(each -> each.find(text).isPresent());
                return refused ? Optional.empty() : match;
            }
        }
        return Optional.empty();
    }

    /** A span of text, and the names found in it. */
    record Match(int from, int to, Map<String, String> captures) {}

    /** A pattern in linear time, compiled when it is first needed: most rules of a catalogue never are. Threads may share it. */
    static final class Expression {
        private final String text;
        private volatile Optional<Pattern> compiled = Optional.empty();

        Expression(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }

        /** Compiles it now; throws {@link com.google.re2j.PatternSyntaxException} when it is none. */
        Pattern compile() {
            Pattern pattern = compiled.orElseGet(() -> Pattern.compile(text));
            compiled = Optional.of(pattern);
            return pattern;
        }

        Optional<Match> find(String line) {
            Pattern pattern = compile();
            Matcher matcher = pattern.matcher(line);
            if (!matcher.find()) {
                return Optional.empty();
            }
            var captures = new LinkedHashMap<String, String>();
            for (String name : pattern.namedGroups().keySet()) {
                String value = matcher.group(name);
                if (value != null && !value.isBlank()) {
                    captures.put(name, value.strip());
                }
            }
            return Optional.of(new Match(matcher.start(), matcher.end(), captures));
        }
    }
}
