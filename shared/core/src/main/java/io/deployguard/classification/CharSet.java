package io.deployguard.classification;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A set of characters, as a pattern's class names it. The last character, U+FFFF, stands for all that need two of Java's characters.
 *
 * @param ranges in order, with gaps between them
 */
record CharSet(List<Range> ranges) {

    static final CharSet NONE = new CharSet(List.of());
    static final CharSet DIGITS = of('0', '9');
    static final CharSet WORD = DIGITS.or(of('a', 'z')).or(of('A', 'Z')).or(of('_', '_'));
    static final CharSet BLANKS = of('\t', '\n').or(of('\f', '\r')).or(of(' ', ' '));
    static final CharSet LINE_FEED = of('\n', '\n');

    /** Both ends belong to it. */
    record Range(char from, char to) {}

    CharSet {
        ranges = List.copyOf(ranges);
    }

    static CharSet of(char from, char to) {
        return new CharSet(List.of(new Range(from, to)));
    }

    boolean contains(char c) {
        return ranges.stream().anyMatch(range -> range.from <= c && c <= range.to);
    }

    CharSet or(CharSet other) {
        var all = new ArrayList<>(ranges);
        all.addAll(other.ranges);
        all.sort(Comparator.comparingInt(Range::from));
        var joined = new ArrayList<Range>();
        for (Range range : all) {
            Range last = joined.isEmpty() ? range : joined.getLast();
            if (!joined.isEmpty() && range.from <= last.to + 1) {
                joined.set(joined.size() - 1, new Range(last.from, (char) Math.max(last.to, range.to)));
            } else {
                joined.add(range);
            }
        }
        return new CharSet(joined);
    }

    CharSet not() {
        var others = new ArrayList<Range>();
        int from = 0;
        for (Range range : ranges) {
            if (range.from > from) {
                others.add(new Range((char) from, (char) (range.from - 1)));
            }
            from = range.to + 1;
        }
        if (from <= Character.MAX_VALUE) {
            others.add(new Range((char) from, Character.MAX_VALUE));
        }
        return new CharSet(others);
    }

    /** With the other case of every letter; of large ranges only that of ASCII. */
    CharSet folded() {
        CharSet folded = this;
        for (Range range : ranges) {
            boolean large = range.to - range.from > 0x100;
            for (int c = range.from; c <= (large ? Math.min(range.to, 0x7f) : range.to); c++) {
                char lower = Character.toLowerCase((char) c);
                char upper = Character.toUpperCase((char) c);
                folded = lower == upper ? folded : folded.or(of(lower, lower)).or(of(upper, upper));
            }
        }
        return folded;
    }
}
