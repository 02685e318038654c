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

    /** The first pattern that matches the text, when nothing speaks against it. */
    Optional<Expression> match(String text, Suspects suspects) {
        for (int index = 0; index < patterns.size(); index++) {
            if (suspects.mayMatch(index) && patterns.get(index).matches(text, suspects.from)) {
                return refused(text, suspects) ? Optional.empty() : Optional.of(patterns.get(index));
            }
        }
        return Optional.empty();
    }

    /**
     * The names that another pattern sees in the text which {@code first} matched. Patterns of one rule often meet in one line: the words of the
     * tool and those of the server.
     */
    Map<String, String> namesBeside(Expression first, String text, Suspects suspects) {
        for (int index = patterns.indexOf(first) + 1; index < patterns.size(); index++) {
            if (suspects.mayMatch(index) && patterns.get(index).matches(text, suspects.from)) {
                Map<String, String> captures =
                        patterns.get(index).find(text).map(Match::captures).orElse(Map.of());
                if (captures.keySet().stream().anyMatch(Keys::isKey)) {
                    return captures;
                }
            }
        }
        return Map.of();
    }

    private boolean refused(String text, Suspects suspects) {
        for (int index = 0; index < unless.size(); index++) {
            if (suspects.mayRefuse(index) && unless.get(index).matches(text, 0)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Which expressions of a probe a text may match, as far as its literals tell.
     *
     * @param patterns bit n for pattern n; those beyond 63 share bit 63
     * @param unless the same for {@link Probe#unless}
     * @param from no match of a pattern begins earlier
     */
    record Suspects(long patterns, long unless, int from) {

        static final Suspects ALL = new Suspects(-1, -1, 0);

        static long bit(int index) {
            return 1L << Math.min(index, Long.SIZE - 1);
        }

        boolean mayMatch(int pattern) {
            return (patterns & bit(pattern)) != 0;
        }

        boolean mayRefuse(int expression) {
            return (unless & bit(expression)) != 0;
        }
    }

    /** A span of text, and the names found in it. */
    record Match(int from, int to, Map<String, String> captures) {}

    /**
     * A pattern in linear time. Whether it matches is told by a {@link Recognizer}, where by RE2/J; either is made when it is first needed, since
     * most rules of a catalogue never are. Threads may share it.
     */
    static final class Expression {
        private final String text;
        private final Requirement requirement;
        private volatile Optional<Telling> telling = Optional.empty();
        private volatile Optional<Pattern> compiled = Optional.empty();

        /** Tells whether it matches in a line, at a place or later. */
        private interface Telling {
            boolean matches(String line, int from);
        }

        Expression(String text) {
            this(text, Syntax.parse(text).map(RequiredLiterals::of).orElseGet(Requirement.Nothing::new));
        }

        /** One of which it is known what it requires. */
        Expression(String text, Requirement requirement) {
            this.text = text;
            this.requirement = requirement;
        }

        String text() {
            return text;
        }

        /** What every text that it matches must hold. */
        Requirement requirement() {
            return requirement;
        }

        /** Whether it matches in the line, at {@code from} or later. */
        boolean matches(String line, int from) {
            Telling known = telling.orElseGet(this::telling);
            telling = Optional.of(known);
            return known.matches(line, from);
        }

        private Telling telling() {
            Optional<Recognizer> recognizer = Syntax.parse(text).map(Recognizer::new);
            return recognizer.isPresent()
                    ? recognizer.get()::find
                    : (line, _) -> find(line).isPresent();
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
