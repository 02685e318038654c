package io.deployguard.classification;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a pattern says, as far as it matters for whether a text matches: groups, their names and greed are gone. */
sealed interface Syntax {

    /** One character of these. */
    record Characters(CharSet set) implements Syntax {}

    record Sequence(List<Syntax> parts) implements Syntax {
        public Sequence {
            parts = List.copyOf(parts);
        }
    }

    record Choice(List<Syntax> branches) implements Syntax {
        public Choice {
            branches = List.copyOf(branches);
        }
    }

    /** So many times; no {@code most} is no limit. */
    record Repeat(Syntax part, int least, Optional<Integer> most) implements Syntax {}

    enum Assertion implements Syntax {
        TEXT_BEGINS,
        TEXT_ENDS,
        LINE_BEGINS,
        LINE_ENDS,
        AT_WORD_BOUNDARY,
        WITHIN_WORD
    }

    /** Reads RE2's syntax; empty when the pattern says something that is not known here, or is none. */
    static Optional<Syntax> parse(String pattern) {
        try {
            return Optional.of(new Parser(pattern).whole());
        } catch (Parser.UnknownSyntaxException unknown) {
            return Optional.empty();
        }
    }

    /** Goes once through the pattern, from left to right. */
    final class Parser {
        private static final int MOST_REPEATS = 1_000;
        private static final char END = '\0';

        private final String pattern;
        private int at;
        private Flags flags = new Flags(false, false, false);

        private record Flags(boolean foldsCase, boolean byLine, boolean dotIsAll) {}

        static final class UnknownSyntaxException extends RuntimeException {
            UnknownSyntaxException() {
                super("pattern: unknown syntax");
            }
        }

        private Parser(String pattern) {
            this.pattern = pattern;
        }

        private Syntax whole() {
            Syntax all = choice();
            if (at < pattern.length()) {
                throw new UnknownSyntaxException();
            }
            return all;
        }

        private Syntax choice() {
            var branches = new ArrayList<Syntax>();
            branches.add(sequence());
            while (skip('|')) {
                branches.add(sequence());
            }
            return branches.size() == 1 ? branches.getFirst() : new Choice(branches);
        }

        private Syntax sequence() {
            var parts = new ArrayList<Syntax>();
            while (at < pattern.length() && peek() != '|' && peek() != ')') {
                if (pattern.startsWith("\\Q", at)) {
                    quoted(parts);
                } else {
                    parts.add(quantified(atom()));
                }
            }
            return parts.size() == 1 ? parts.getFirst() : new Sequence(parts);
        }

        private void quoted(List<Syntax> parts) {
            int end = pattern.indexOf("\\E", at);
            int to = end < 0 ? pattern.length() : end;
            for (int c = at + 2; c < to; c++) {
                parts.add(characters(CharSet.of(pattern.charAt(c), pattern.charAt(c))));
            }
            at = end < 0 ? to : to + 2;
        }

        private Syntax quantified(Syntax atom) {
            Syntax part = atom;
            while (true) {
                if (skip('?')) {
                    part = new Repeat(part, 0, Optional.of(1));
                } else if (skip('*')) {
                    part = new Repeat(part, 0, Optional.empty());
                } else if (skip('+')) {
                    part = new Repeat(part, 1, Optional.empty());
                } else if (bounds().isPresent()) {
                    part = counted(part);
                } else {
                    return part;
                }
                skip('?');
            }
        }

        /** Where the braces at the current place close, when they are a count. */
        private Optional<Integer> bounds() {
            int end = peek() == '{' ? pattern.indexOf('}', at) : -1;
            return end > 0 && pattern.substring(at + 1, end).matches("\\d{1,4}(,\\d{0,4})?")
                    ? Optional.of(end)
                    : Optional.empty();
        }

        private Syntax counted(Syntax part) {
            int end = bounds().orElseThrow();
            String[] counts = pattern.substring(at + 1, end).split(",", -1);
            at = end + 1;
            int least = Integer.parseInt(counts[0]);
            String upper = counts[counts.length - 1];
            Optional<Integer> most = upper.isEmpty() ? Optional.empty() : Optional.of(Integer.valueOf(upper));
            if (Math.max(least, most.orElse(0)) > MOST_REPEATS) {
                throw new UnknownSyntaxException();
            }
            return new Repeat(part, least, most);
        }

        private Syntax atom() {
            char c = next();
            return switch (c) {
                case '(' -> group();
                case '[' -> new Characters(characterClass());
                case '\\' -> escape();
                case '.' -> new Characters(flags.dotIsAll ? CharSet.NONE.not() : CharSet.LINE_FEED.not());
                case '^' -> flags.byLine ? Assertion.LINE_BEGINS : Assertion.TEXT_BEGINS;
                case '$' -> flags.byLine ? Assertion.LINE_ENDS : Assertion.TEXT_ENDS;
                case '*', '+', '?' -> throw new UnknownSyntaxException();
                default -> characters(CharSet.of(c, c));
            };
        }

        private Syntax characters(CharSet set) {
            if (set.ranges().stream().anyMatch(range -> Character.isSurrogate(range.from()))) {
                throw new UnknownSyntaxException();
            }
            return new Characters(flags.foldsCase ? set.folded() : set);
        }

        private Syntax group() {
            Flags outside = flags;
            if (skip('?')) {
                if (pattern.startsWith("P<", at) || pattern.startsWith("<", at)) {
                    at = pattern.indexOf('>', at) + 1;
                } else if (flagsOnly()) {
                    return new Sequence(List.of());
                }
            }
            Syntax inside = choice();
            if (!skip(')')) {
                throw new UnknownSyntaxException();
            }
            flags = outside;
            return inside;
        }

        /** Reads {@code i:}, {@code -i:} or {@code i)}; true for the last, which holds until the group around it ends. */
        private boolean flagsOnly() {
            boolean on = true;
            while (true) {
                char c = next();
                switch (c) {
                    case '-' -> on = false;
                    case 'i' -> flags = new Flags(on, flags.byLine, flags.dotIsAll);
                    case 'm' -> flags = new Flags(flags.foldsCase, on, flags.dotIsAll);
                    case 's' -> flags = new Flags(flags.foldsCase, flags.byLine, on);
                    case ':' -> {
                        return false;
                    }
                    case ')' -> {
                        return true;
                    }
                    default -> throw new UnknownSyntaxException();
                }
            }
        }

        private CharSet characterClass() {
            boolean not = skip('^');
            CharSet set = CharSet.NONE;
            boolean first = true;
            while (first || peek() != ']') {
                first = false;
                set = set.or(classMember());
            }
            at++;
            CharSet folded = flags.foldsCase ? set.folded() : set;
            return not ? folded.not() : folded;
        }

        private CharSet classMember() {
            char from = next();
            if (from == END || Character.isSurrogate(from) || (from == '[' && peek() == ':')) {
                throw new UnknownSyntaxException();
            }
            CharSet set = from == '\\' ? escapedSet(next()) : CharSet.of(from, from);
            boolean range = peek() == '-' && at + 1 < pattern.length() && pattern.charAt(at + 1) != ']';
            if (!range) {
                return set;
            }
            at++;
            char bound = next();
            CharSet to = bound == '\\' ? escapedSet(next()) : CharSet.of(bound, bound);
            char least = single(set);
            char most = single(to);
            if (least > most) {
                throw new UnknownSyntaxException();
            }
            return CharSet.of(least, most);
        }

        private static char single(CharSet set) {
            CharSet.Range range = set.ranges().getFirst();
            if (set.ranges().size() > 1 || range.from() != range.to()) {
                throw new UnknownSyntaxException();
            }
            return range.from();
        }

        private Syntax escape() {
            char c = next();
            return switch (c) {
                case 'b' -> Assertion.AT_WORD_BOUNDARY;
                case 'B' -> Assertion.WITHIN_WORD;
                case 'A' -> Assertion.TEXT_BEGINS;
                case 'z' -> Assertion.TEXT_ENDS;
                default -> characters(escapedSet(c));
            };
        }

        private static CharSet escapedSet(char c) {
            return switch (c) {
                case 'd' -> CharSet.DIGITS;
                case 'D' -> CharSet.DIGITS.not();
                case 'w' -> CharSet.WORD;
                case 'W' -> CharSet.WORD.not();
                case 's' -> CharSet.BLANKS;
                case 'S' -> CharSet.BLANKS.not();
                case 'n' -> CharSet.LINE_FEED;
                case 't' -> CharSet.of('\t', '\t');
                case 'r' -> CharSet.of('\r', '\r');
                case 'f' -> CharSet.of('\f', '\f');
                default -> {
                    if (c == END || c > 0x7f || Character.isLetterOrDigit(c)) {
                        throw new UnknownSyntaxException();
                    }
                    yield CharSet.of(c, c);
                }
            };
        }

        private char peek() {
            return at < pattern.length() ? pattern.charAt(at) : END;
        }

        private char next() {
            char c = peek();
            at++;
            return c;
        }

        private boolean skip(char c) {
            boolean there = at < pattern.length() && pattern.charAt(at) == c;
            at += there ? 1 : 0;
            return there;
        }
    }
}
