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

    /** Characters that occur in no literal share class 0. Case is folded here, once. */
    private final char[] classOf = new char[1 << 16];

    private final int classes;
    /** Next state times {@link #classes}, by state times classes plus class. */
    private final int[] next;

    private final int[][] endingAt;

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

    /**
     * Builds the automaton.
     *
     * @param groups lists of literals, none empty; a text that holds any literal of a list makes the list's index known
     */
    public LiteralAutomaton(List<List<String>> groups) {
        this.classes = assignClasses(groups);
        var trie = new Trie(classes);
        for (int group = 0; group < groups.size(); group++) {
            for (String literal : groups.get(group)) {
                if (literal.isEmpty()) {
                    throw new IllegalArgumentException("literal: expected at least one character");
                }
                trie.add(literal.toLowerCase(Locale.ROOT), group, classOf);
            }
        }
        trie.link();
        this.next = trie.scaled();
        this.endingAt = trie.endings();
    }

    /** Tells {@code listener} of every literal in the text, in order of their ends. */
    public void scan(CharSequence text, Listener listener) {
        int state = 0;
        int length = text.length();
        for (int at = 0; at < length; at++) {
            state = next[state + classOf[text.charAt(at)]];
            int[] ending = endingAt[state / classes];
            if (ending.length > 0) {
                for (int group : ending) {
                    listener.found(group, at + 1);
                }
            }
        }
    }

    private int assignClasses(List<List<String>> groups) {
        char free = 1;
        for (List<String> group : groups) {
            for (String literal : group) {
                String lower = literal.toLowerCase(Locale.ROOT);
                for (int at = 0; at < lower.length(); at++) {
                    char c = lower.charAt(at);
                    if (classOf[c] == 0) {
                        classOf[c] = free;
                        classOf[Character.toUpperCase(c)] = free++;
                    }
                }
            }
        }
        return free;
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
                    next[edge] = newState();
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

        /** Breadth first: a missing edge leads where the longest proper suffix would go. */
        void link() {
            int[] suffix = new int[states];
            var queue = new ArrayDeque<Integer>();
            queue.add(0);
            while (!queue.isEmpty()) {
                int state = queue.remove();
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
        }

        int[] scaled() {
            int[] scaled = Arrays.copyOf(next, states * classes);
            for (int edge = 0; edge < scaled.length; edge++) {
                scaled[edge] *= classes;
            }
            return scaled;
        }

        int[][] endings() {
            return ends.toArray(int[][]::new);
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
