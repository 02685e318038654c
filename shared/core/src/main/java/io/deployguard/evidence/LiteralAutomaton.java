package io.deployguard.evidence;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Finds many literals in one pass over a text, whatever their case: a dense Aho-Corasick automaton. Its work is one table look-up per
 * character, so it is linear in the text and does not depend on how many literals there are. Immutable; threads may share it.
 *
 * @see <a href="https://dl.acm.org/doi/10.1145/360825.360855">Aho, Corasick: Efficient string matching (1975)</a>
 */
public final class LiteralAutomaton {

    private static final int[] NOTHING = {};

    /** Stands between lines: the character that no literal may hold. */
    private static final char BETWEEN_LINES = '\n';

    private static final String FREQUENT = " eitaonsrlcdup0123456789mhgfb-.:/_";
    /** So many table entries. */
    private static final int CACHE_LINE = 16;

    /** Set in a table entry whose state ends a literal, so that one look at its sign tells. */
    private static final int ENDS = 1 << 31;

    /** Characters that occur in no literal share class 0. Case is folded here, once. */
    private final char[] classOf = new char[1 << 16];

    private final int classes;
    /** Next state times {@link #classes}, by state times classes plus class. */
    private final int[] next;

    private final int[][] endingAt;
    private final int longest;

    /** Hears of each literal that was found. */
    public interface Listener {
        /**
         * One literal ends here.
         *
         * @param group index of the literal's list, as handed in
         * @param end behind the literal's last character
         */
        void found(int group, int end);
    }

    /** Hears of each literal that was found in one of many lines. */
    public interface LinesListener {
        /**
         * One literal ends here.
         *
         * @param line index of the line
         * @param group index of the literal's list, as handed in
         * @param end behind the literal's last character in the line
         */
        void found(int line, int group, int end);
    }

    /**
     * Builds the automaton.
     *
     * @param groups lists of literals, none empty and without line feeds; a text that holds any literal of a list makes the list's index known
     */
    public LiteralAutomaton(List<List<String>> groups) {
        this.classes = assignClasses(groups);
        this.longest = groups.stream()
                .flatMap(List::stream)
                .mapToInt(String::length)
                .max()
                .orElse(1);
        var trie = new Trie(classes);
        for (int group = 0; group < groups.size(); group++) {
            for (String literal : groups.get(group)) {
                if (literal.isEmpty() || literal.indexOf(BETWEEN_LINES) >= 0) {
                    throw new IllegalArgumentException(
                            "literal: expected at least one character and no line feed, got \"" + literal + "\"");
                }
                trie.add(literal.toLowerCase(Locale.ROOT), group, classOf);
            }
        }
        int[] numbers = trie.link();
        this.next = trie.table(numbers);
        this.endingAt = trie.endings(numbers);
    }

    /** Tells {@code listener} of every literal in the text, in order of their ends. */
    public void scan(CharSequence text, Listener listener) {
        int state = 0;
        int length = text.length();
        for (int at = 0; at < length; at++) {
            state = next[(state & ~ENDS) + classOf[text.charAt(at)]];
            if (state < 0) {
                for (int group : endingAt[(state & ~ENDS) / classes]) {
                    listener.found(group, at + 1);
                }
            }
        }
    }

    /** Tells {@code listener} of every literal in the lines, in order of the lines and of the ends within them. */
    public void scan(List<String> lines, LinesListener listener) {
        new Stream(lines, listener).scan();
    }

    /** Frequent characters come first, so that what a walk reads of a state lies together; the number of classes fills whole cache lines. */
    private int assignClasses(List<List<String>> groups) {
        char free = 1;
        String all =
                String.join("", groups.stream().flatMap(List::stream).toList()).toLowerCase(Locale.ROOT);
        String order = FREQUENT.chars()
                        .filter(c -> all.indexOf(c) >= 0)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                + all;
        for (int at = 0; at < order.length(); at++) {
            char c = order.charAt(at);
            if (classOf[c] == 0) {
                classOf[c] = free;
                classOf[Character.toUpperCase(c)] = free++;
            }
        }
        return (free + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE;
    }

    /**
     * Lines as one text, taken in blocks. One look-up has to wait for the one before it, which is most of the time that a pass takes; so four
     * stretches of a block are walked at once, each from a little ahead of its beginning, and what they find is told in order.
     */
    private final class Stream {
        private static final int LANES = 4;
        private static final int LARGEST_BLOCK = 1 << 14;
        private static final int FEW = 128;

        private final List<String> lines;
        private final LinesListener listener;
        /** How far ahead of a stretch its walk begins, so that it meets its first character in the right state. */
        private final int ahead = longest - 1;

        private final int stretch;
        /** {@link #ahead} characters of the block before, then the block. */
        private final char[] text;

        private int filled;
        /** Where each line that reaches into the block begins in {@link #text}; negative when in an earlier block. */
        private int[] starts = new int[64];

        private int firstLine;
        private int begun;

        private final int[][] foundAt = new int[LANES][];
        private final int[][] foundState = new int[LANES][];
        private final int[] found = new int[LANES];

        Stream(List<String> lines, LinesListener listener) {
            this.lines = lines;
            this.listener = listener;
            long characters =
                    lines.stream().mapToLong(line -> line.length() + 1L).sum();
            this.stretch = (int) (Math.min(characters, LARGEST_BLOCK) + LANES - 1) / LANES;
            this.text = new char[ahead + LANES * stretch];
            for (int lane = 0; lane < LANES; lane++) {
                foundAt[lane] = new int[FEW];
                foundState[lane] = new int[FEW];
            }
            Arrays.fill(text, BETWEEN_LINES);
            this.filled = ahead;
        }

        void scan() {
            for (String line : lines) {
                begin();
                int at = 0;
                while (at < line.length()) {
                    int some = Math.min(line.length() - at, text.length - filled);
                    line.getChars(at, at + some, text, filled);
                    at += some;
                    advance(some);
                }
                text[filled] = BETWEEN_LINES;
                advance(1);
            }
            Arrays.fill(text, filled, text.length, BETWEEN_LINES);
            walk();
            tell();
        }

        private void begin() {
            if (begun == starts.length) {
                starts = Arrays.copyOf(starts, 2 * begun);
            }
            starts[begun++] = filled;
        }

        private void advance(int by) {
            filled += by;
            if (filled == text.length) {
                walk();
                tell();
                int block = text.length - ahead;
                System.arraycopy(text, block, text, 0, ahead);
                filled = ahead;
                // Only the last line may go on.
                starts[0] = starts[begun - 1] - block;
                firstLine += begun - 1;
                begun = 1;
            }
        }

        private void walk() {
            // Locals, which the compiler keeps in registers.
            int[] next = LiteralAutomaton.this.next;
            char[] classOf = LiteralAutomaton.this.classOf;
            char[] text = this.text;
            int second = stretch;
            int third = 2 * stretch;
            int fourth = 3 * stretch;
            int a = 0;
            int b = 0;
            int c = 0;
            int d = 0;
            for (int at = 0; at < ahead; at++) {
                a = next[(a & ~ENDS) + classOf[text[at]]];
                b = next[(b & ~ENDS) + classOf[text[at + second]]];
                c = next[(c & ~ENDS) + classOf[text[at + third]]];
                d = next[(d & ~ENDS) + classOf[text[at + fourth]]];
            }
            Arrays.fill(found, 0);
            int end = ahead + stretch;
            for (int at = ahead; at < end; at++) {
                a = next[(a & ~ENDS) + classOf[text[at]]];
                b = next[(b & ~ENDS) + classOf[text[at + second]]];
                c = next[(c & ~ENDS) + classOf[text[at + third]]];
                d = next[(d & ~ENDS) + classOf[text[at + fourth]]];
                if ((a | b | c | d) < 0) {
                    note(0, a, at);
                    note(1, b, at + second);
                    note(2, c, at + third);
                    note(3, d, at + fourth);
                }
            }
        }

        private void note(int lane, int state, int at) {
            if (state < 0) {
                int index = found[lane]++;
                if (index == foundAt[lane].length) {
                    foundAt[lane] = Arrays.copyOf(foundAt[lane], 2 * index);
                    foundState[lane] = Arrays.copyOf(foundState[lane], 2 * index);
                }
                foundAt[lane][index] = at;
                foundState[lane][index] = state & ~ENDS;
            }
        }

        private void tell() {
            int line = 0;
            for (int lane = 0; lane < LANES; lane++) {
                for (int index = 0; index < found[lane]; index++) {
                    int at = foundAt[lane][index];
                    while (line + 1 < begun && starts[line + 1] <= at) {
                        line++;
                    }
                    for (int group : endingAt[foundState[lane][index] / classes]) {
                        listener.found(firstLine + line, group, at + 1 - starts[line]);
                    }
                }
            }
        }
    }

    /** The automaton while it grows. */
    private static final class Trie {
        private final int classes;
        private int[] next;
        private int states = 1;
        private final List<int[]> ends = new ArrayList<>();

        Trie(int classes) {
            this.classes = classes;
            this.next = new int[classes * 1024];
            ends.add(NOTHING);
        }

        void add(String literal, int group, char[] classOf) {
            int state = 0;
            for (int at = 0; at < literal.length(); at++) {
                int edge = state * classes + classOf[literal.charAt(at)];
                if (next[edge] == 0) {
                    // First, since it may put another array in the place of this one.
                    int fresh = newState();
                    next[edge] = fresh;
                }
                state = next[edge];
            }
            ends.set(state, with(ends.get(state), group));
        }

        private int newState() {
            if ((states + 1) * classes > next.length) {
                next = Arrays.copyOf(next, next.length * 2);
            }
            ends.add(NOTHING);
            return states++;
        }

        /**
         * Breadth first: a missing edge leads where the longest proper suffix would go. Returns the states' places in that order: the first
         * ones, where a walk is most of the time, then lie together in memory.
         */
        int[] link() {
            int[] suffix = new int[states];
            int[] numbers = new int[states];
            int visited = 0;
            var queue = new ArrayDeque<Integer>();
            queue.add(0);
            while (!queue.isEmpty()) {
                int state = queue.remove();
                numbers[state] = visited++;
                for (int c = 0; c < classes; c++) {
                    int edge = state * classes + c;
                    int fallback = state == 0 ? 0 : next[suffix[state] * classes + c];
                    if (next[edge] == 0) {
                        next[edge] = fallback;
                    } else {
                        int child = next[edge];
                        suffix[child] = fallback;
                        for (int group : ends.get(fallback)) {
                            ends.set(child, with(ends.get(child), group));
                        }
                        queue.add(child);
                    }
                }
            }
            return numbers;
        }

        int[] table(int[] numbers) {
            int[] table = new int[states * classes];
            for (int state = 0; state < states; state++) {
                for (int c = 0; c < classes; c++) {
                    int to = next[state * classes + c];
                    table[numbers[state] * classes + c] = numbers[to] * classes | (ends.get(to).length > 0 ? ENDS : 0);
                }
            }
            return table;
        }

        int[][] endings(int[] numbers) {
            int[][] endings = new int[states][];
            for (int state = 0; state < states; state++) {
                endings[numbers[state]] = ends.get(state);
            }
            return endings;
        }

        private static int[] with(int[] groups, int group) {
            for (int known : groups) {
                if (known == group) {
                    return groups;
                }
            }
            int[] longer = Arrays.copyOf(groups, groups.length + 1);
            longer[groups.length] = group;
            return longer;
        }
    }
}
