package io.deployguard.classification;

import io.deployguard.classification.Syntax.Assertion;
import io.deployguard.classification.Syntax.Characters;
import io.deployguard.classification.Syntax.Choice;
import io.deployguard.classification.Syntax.Repeat;
import io.deployguard.classification.Syntax.Sequence;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Tells whether a pattern matches somewhere in a text, and nothing else: a deterministic automaton, made while texts need it, one table look-up
 * per character. It keeps at most some hundred states and begins anew beyond that, so that time is linear in the text and memory bounded,
 * whatever the text is. Threads may share it.
 *
 * @see <a href="https://swtch.com/~rsc/regexp/regexp1.html">Cox: Regular expression matching can be simple and fast (2007)</a>
 */
final class Recognizer {

    /** Ordinary patterns need some thousand. */
    private static final int MOST_ENTRIES = 1 << 16;

    private static final int UNKNOWN = 0;
    private static final int MATCHED = -1;

    private final Program program;
    private final Alphabet alphabet;

    /** A state's entries, one for each symbol. */
    private final int width;

    /** Next state, by state plus symbol; a state's number is where its entries begin. */
    private int[] next = new int[64];

    private final Map<State, Integer> numbers = new HashMap<>();
    /** Where a match that may begin is, by the symbol before it. */
    private final int[] begins;

    private final List<State> states = new ArrayList<>();

    /** What stands at the edge between two characters. */
    private enum Side {
        TEXT_EDGE,
        LINE_FEED,
        WORD,
        OTHER
    }

    /**
     * Where the pattern may have come to.
     *
     * @param places of the program, in order
     * @param before what stands before the next character
     */
    private record State(List<Integer> places, Side before) {}

    Recognizer(Syntax pattern) {
        this.program = new Program(pattern);
        this.alphabet = new Alphabet(program);
        this.width = alphabet.size();
        this.begins = new int[width];
        clear();
    }

    private void clear() {
        numbers.clear();
        Arrays.fill(begins, UNKNOWN);
        states.clear();
        Arrays.fill(next, UNKNOWN);
        // Number 0 stands for what is not known.
        states.add(new State(List.of(), Side.OTHER));
    }

    /** Whether the pattern matches somewhere in the text, at {@code from} or later. */
    synchronized boolean find(String text, int from) {
        int state = begin(text, from);
        int[] table = next;
        int length = text.length();
        for (int at = from; at <= length; at++) {
            int symbol = at == length ? Alphabet.END : alphabet.symbol(text.charAt(at));
            if (symbol == Alphabet.HALF) {
                boolean whole = Character.isSurrogatePair(text.charAt(at), at + 1 < length ? text.charAt(at + 1) : ' ');
                symbol = alphabet.others();
                at += whole ? 1 : 0;
            }
            int to = table[state + symbol];
            if (to == UNKNOWN) {
                to = step(state, symbol);
                table = next;
            }
            if (to == MATCHED) {
                return true;
            }
            state = to;
        }
        return false;
    }

    /** The state of a match that may begin here. */
    private int begin(String text, int from) {
        int before = from == 0 ? Alphabet.END : alphabet.symbolOrOthers(text.charAt(from - 1));
        if (begins[before] == UNKNOWN) {
            begins[before] = number(new State(List.of(), alphabet.side(before)));
        }
        return begins[before];
    }

    /** How many table entries there are, for the test that holds this bounded. */
    synchronized int entries() {
        return next.length;
    }

    private int step(int from, int symbol) {
        var reached = new BitSet();
        if (walk(states.get(from / width), symbol, reached)) {
            next[from + symbol] = MATCHED;
            return MATCHED;
        }
        var state = new State(program.withoutCovered(reached), alphabet.side(symbol));
        if ((states.size() + 1) * width > MOST_ENTRIES) {
            clear();
            return number(state);
        }
        int to = number(state);
        next[from + symbol] = to;
        return to;
    }

    private int number(State state) {
        Integer known = numbers.get(state);
        if (known != null) {
            return known;
        }
        int number = states.size() * width;
        states.add(state);
        numbers.put(state, number);
        if (states.size() * width > next.length) {
            next = Arrays.copyOf(next, Math.max(2 * next.length, states.size() * width));
        }
        return number;
    }

    /**
     * Follows the program up to the next character and over it; what can be reached behind it goes to {@code reached}.
     *
     * @return whether the match is complete
     */
    private boolean walk(State state, int symbol, BitSet reached) {
        Side after = alphabet.side(symbol);
        var visited = new BitSet();
        var open = new ArrayDeque<>(state.places);
        // A match may begin here.
        open.push(program.begin);
        while (!open.isEmpty()) {
            int place = open.pop();
            if (visited.get(place)) {
                continue;
            }
            visited.set(place);
            switch (program.steps.get(place)) {
                case Step.Done _ -> {
                    return true;
                }
                case Step.Over over -> {
                    if (alphabet.contains(over.set, symbol)) {
                        if (over.to == Program.DONE) {
                            return true;
                        }
                        reached.set(over.to);
                    }
                }
                case Step.If assertion -> {
                    if (holds(assertion.assertion, state.before, after)) {
                        open.push(assertion.to);
                    }
                }
                case Step.Fork fork -> fork.to.forEach(open::push);
            }
        }
        return false;
    }

    private static boolean holds(Assertion assertion, Side before, Side after) {
        boolean boundary = (before == Side.WORD) != (after == Side.WORD);
        return switch (assertion) {
            case TEXT_BEGINS -> before == Side.TEXT_EDGE;
            case TEXT_ENDS -> after == Side.TEXT_EDGE;
            case LINE_BEGINS -> before == Side.TEXT_EDGE || before == Side.LINE_FEED;
            case LINE_ENDS -> after == Side.TEXT_EDGE || after == Side.LINE_FEED;
            case AT_WORD_BOUNDARY -> boundary;
            case WITHIN_WORD -> !boundary;
        };
    }

    private sealed interface Step {

        /** The match is complete. */
        record Done() implements Step {}

        /** Over one character of the set with this number. */
        record Over(int set, int to) implements Step {}

        record If(Assertion assertion, int to) implements Step {}

        record Fork(List<Integer> to) implements Step {}
    }

    /** The pattern as steps, each of which tells where it leads. */
    private static final class Program {
        static final int DONE = 0;

        final List<Step> steps = new ArrayList<>();
        final List<CharSet> sets = new ArrayList<>();
        final int begin;
        /** For places of {@code x{0,n}}: one with more repeats left can do whatever one with fewer can. By place, the chain's number or 0. */
        private final List<Integer> chains = new ArrayList<>();

        private int lastChain;

        Program(Syntax pattern) {
            add(new Step.Done());
            this.begin = compile(pattern, DONE);
        }

        private int add(Step step) {
            steps.add(step);
            chains.add(0);
            return steps.size() - 1;
        }

        /** Returns the place where the part begins; behind it goes on at {@code to}. */
        private int compile(Syntax syntax, int to) {
            return switch (syntax) {
                case Characters characters -> add(new Step.Over(number(characters.set()), to));
                case Assertion assertion -> add(new Step.If(assertion, to));
                case Choice choice ->
                    add(new Step.Fork(choice.branches().stream()
                            .map(branch -> compile(branch, to))
                            .toList()));
                case Sequence sequence -> {
                    int place = to;
                    for (Syntax part : sequence.parts().reversed()) {
                        place = compile(part, place);
                    }
                    yield place;
                }
                case Repeat repeat -> repeat(repeat, to);
            };
        }

        private int repeat(Repeat repeat, int to) {
            int place = repeat.most()
                    .map(most -> atMost(repeat.part(), most - repeat.least(), to))
                    .orElseGet(() -> anyTimes(repeat.part(), to));
            for (int time = 0; time < repeat.least(); time++) {
                place = compile(repeat.part(), place);
            }
            return place;
        }

        private int anyTimes(Syntax part, int to) {
            int loop = add(new Step.Fork(List.of()));
            steps.set(loop, new Step.Fork(List.of(compile(part, loop), to)));
            return loop;
        }

        private int atMost(Syntax part, int times, int to) {
            boolean covers = part instanceof Characters && times > 1;
            int chain = covers ? ++lastChain : 0;
            int place = covers ? add(new Step.Fork(List.of(to))) : to;
            for (int time = 0; time < times; time++) {
                if (covers) {
                    chains.set(place, chain);
                }
                place = add(new Step.Fork(List.of(compile(part, place), to)));
            }
            return place;
        }

        private int number(CharSet set) {
            int known = sets.indexOf(set);
            if (known < 0) {
                sets.add(set);
            }
            return known < 0 ? sets.size() - 1 : known;
        }

        /** Within a chain, the later place has more repeats left. */
        List<Integer> withoutCovered(BitSet places) {
            var kept = new ArrayList<Integer>();
            var seen = new BitSet();
            for (int place = places.length() - 1; place >= 0; place = places.previousSetBit(place - 1)) {
                int chain = chains.get(place);
                if (chain == 0 || !seen.get(chain)) {
                    kept.add(place);
                    seen.set(chain);
                }
            }
            return List.copyOf(kept);
        }
    }

    /** Characters that no set of the pattern tells apart are one symbol; the text's end is one too. */
    private static final class Alphabet {
        static final int END = 0;
        /** No symbol: half of a character. */
        static final int HALF = -1;

        private static final int ASCII = 128;

        /** The first character of each symbol but the end. */
        private final char[] firsts;

        private final int[] ascii = new int[ASCII];
        private final BitSet[] members;
        private final Side[] sides;

        Alphabet(Program program) {
            var sets = new ArrayList<>(program.sets);
            boolean words = asks(program, Assertion.AT_WORD_BOUNDARY, Assertion.WITHIN_WORD);
            boolean feeds = asks(program, Assertion.LINE_BEGINS, Assertion.LINE_ENDS);
            if (words) {
                sets.add(CharSet.WORD);
            }
            if (feeds) {
                sets.add(CharSet.LINE_FEED);
            }
            this.firsts = firsts(sets);
            for (char c = 0; c < ASCII; c++) {
                ascii[c] = search(c);
            }
            this.members = program.sets.stream().map(this::members).toArray(BitSet[]::new);
            this.sides = new Side[size()];
            sides[END] = Side.TEXT_EDGE;
            for (int symbol = 1; symbol < size(); symbol++) {
                char c = firsts[symbol - 1];
                sides[symbol] = words && CharSet.WORD.contains(c)
                        ? Side.WORD
                        : feeds && c == '\n' ? Side.LINE_FEED : Side.OTHER;
            }
        }

        private static boolean asks(Program program, Assertion one, Assertion other) {
            return program.steps.stream()
                    .anyMatch(step ->
                            step instanceof Step.If asked && (asked.assertion == one || asked.assertion == other));
        }

        private static char[] firsts(List<CharSet> sets) {
            var cuts = new TreeSet<Integer>(List.of(0));
            for (CharSet set : sets) {
                for (CharSet.Range range : set.ranges()) {
                    cuts.add((int) range.from());
                    cuts.add(range.to() + 1);
                }
            }
            cuts.remove(Character.MAX_VALUE + 1);
            var firsts = new char[cuts.size()];
            int index = 0;
            for (int cut : cuts) {
                firsts[index++] = (char) cut;
            }
            return firsts;
        }

        private BitSet members(CharSet set) {
            var symbols = new BitSet();
            for (int symbol = 1; symbol < size(); symbol++) {
                symbols.set(symbol, set.contains(firsts[symbol - 1]));
            }
            return symbols;
        }

        int size() {
            return 1 + firsts.length;
        }

        int symbol(char c) {
            return c < ASCII ? ascii[c] : Character.isSurrogate(c) ? HALF : search(c);
        }

        /** For the characters that Java writes as two. */
        int others() {
            return firsts.length;
        }

        private int search(char c) {
            int found = Arrays.binarySearch(firsts, c);
            return 1 + (found >= 0 ? found : -found - 2);
        }

        boolean contains(int set, int symbol) {
            return members[set].get(symbol);
        }

        Side side(int symbol) {
            return sides[symbol];
        }

        int symbolOrOthers(char c) {
            int symbol = symbol(c);
            return symbol == HALF ? others() : symbol;
        }
    }
}
