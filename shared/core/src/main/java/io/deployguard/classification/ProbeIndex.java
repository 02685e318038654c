package io.deployguard.classification;

import io.deployguard.classification.Probe.Expression;
import io.deployguard.classification.Probe.Suspects;
import io.deployguard.evidence.LiteralAutomaton;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The literals of many probes in one automaton. Tells, in one pass over lines, which probes and which of their patterns a line may match: a
 * pattern is named only where everything that it requires stands in the line, so that few are tried in vain. Immutable; threads may share it.
 */
final class ProbeIndex {

    /** A longer line is not looked at as a whole, but around its first and its last literals. */
    static final int LONGEST_WHOLE = 1_536;

    private static final int PLACES_IN_LINE = 4;

    private final List<Probe> probes;
    private final IdentityHashMap<Probe, Integer> numbers = new IdentityHashMap<>();
    private final LiteralAutomaton automaton;
    /** By literal. */
    private final Lead[][] leads;
    /** By probe, then by its {@code unless}. */
    private final Needs[][] refusals;

    /** Hears where a probe may match. */
    interface Listener {
        /**
         * A place to look at. Lines come in order.
         *
         * @param probe number of the probe, as handed in
         * @param end in a line longer than {@link #LONGEST_WHOLE}, the place behind a literal that led here; else 0
         */
        void candidate(int line, int probe, int end, Suspects suspects);
    }

    ProbeIndex(List<Probe> probes) {
        this.probes = List.copyOf(probes);
        var vocabulary = new Vocabulary();
        this.refusals = new Needs[probes.size()][];
        for (int number = 0; number < probes.size(); number++) {
            Probe probe = probes.get(number);
            numbers.put(probe, number);
            vocabulary.lead(probe, number);
            refusals[number] = probe.unless().stream()
                    .map(expression -> vocabulary.needs(probe, expression))
                    .toArray(Needs[]::new);
        }
        this.automaton = new LiteralAutomaton(
                vocabulary.numbers.keySet().stream().map(List::of).toList());
        this.leads =
                vocabulary.leads.stream().map(each -> each.toArray(Lead[]::new)).toArray(Lead[][]::new);
    }

    List<Probe> probes() {
        return probes;
    }

    /** Its place in {@link #probes}. */
    int number(Probe probe) {
        return Optional.ofNullable(numbers.get(probe))
                .orElseThrow(() -> new IllegalArgumentException("probe: none of this index: " + probe));
    }

    /** Tells {@code listener} where in the lines to look for what. */
    void scan(List<String> lines, Listener listener) {
        var pass = new Pass(lines, listener);
        automaton.scan(lines, pass::found);
        pass.endLine();
    }

    /**
     * Where a literal leads.
     *
     * @param patterns bits as in {@link Suspects}
     * @param reach how far before the literal's end a match may begin
     */
    private record Lead(int probe, long patterns, Needs needs, int reach) {}

    /** A {@link Requirement} with numbers for its literals. */
    private interface Needs {
        boolean metBy(Pass pass);
    }

    /** Numbers the literals and notes where they lead. */
    private static final class Vocabulary {
        /** What follows is told by what comes first: fewer states, hardly more suspects. */
        private static final int LONGEST = 16;

        private final Map<String, Integer> numbers = new LinkedHashMap<>();
        private final List<List<Lead>> leads = new ArrayList<>();

        void lead(Probe probe, int number) {
            for (int index = 0; index < probe.patterns().size(); index++) {
                Expression pattern = probe.patterns().get(index);
                Needs needs = needs(probe, pattern);
                for (Requirement.Literal literal : entry(probe, pattern)) {
                    int reach = literal.before() + cut(literal.text()).length();
                    leads.get(number(literal.text())).add(new Lead(number, Suspects.bit(index), needs, reach));
                }
            }
        }

        /** A pattern over several lines may find its literals on any of them, and one with declared literals on those. */
        private static List<Requirement.Literal> entry(Probe probe, Expression pattern) {
            List<Requirement.Literal> own = pattern.requirement().entry();
            boolean derived = !own.isEmpty()
                    && own.stream().map(Requirement.Literal::text).allMatch(probe.literals()::contains);
            return derived && probe.across() == 1
                    ? own
                    : probe.literals().stream()
                            .map(text -> new Requirement.Literal(text, Requirement.UNLIMITED))
                            .toList();
        }

        Needs needs(Probe probe, Expression expression) {
            return needs(probe.across() == 1 ? expression.requirement() : new Requirement.Nothing());
        }

        private Needs needs(Requirement requirement) {
            return switch (requirement) {
                case Requirement.Nothing _ -> _ -> true;
                case Requirement.Literal literal -> {
                    int number = number(literal.text());
                    yield pass -> pass.saw(number);
                }
                case Requirement.AllOf all -> {
                    Needs[] parts = needs(all.parts());
                    yield pass -> all(parts, pass);
                }
                case Requirement.OneOf any -> {
                    Needs[] parts = needs(any.parts());
                    yield pass -> any(parts, pass);
                }
            };
        }

        // Loops: they run for every suspicion, and streams cost more than the look.
        private static boolean all(Needs[] parts, Pass pass) {
            for (Needs part : parts) {
                if (!part.metBy(pass)) {
                    return false;
                }
            }
            return true;
        }

        private static boolean any(Needs[] parts, Pass pass) {
            for (Needs part : parts) {
                if (part.metBy(pass)) {
                    return true;
                }
            }
            return false;
        }

        private Needs[] needs(List<Requirement> parts) {
            return parts.stream().map(this::needs).toArray(Needs[]::new);
        }

        private static String cut(String literal) {
            return literal.substring(0, Math.min(LONGEST, literal.length()));
        }

        private int number(String literal) {
            Integer known = numbers.putIfAbsent(cut(literal), numbers.size());
            if (known == null) {
                leads.add(new ArrayList<>());
            }
            return known == null ? numbers.size() - 1 : known;
        }
    }

    /** One pass over lines: what was seen in the present one. */
    private final class Pass {
        private final List<String> lines;
        private final Listener listener;
        private int line = -1;
        private boolean whole;

        /** The line in which a literal was seen last, by literal. */
        private final int[] seenIn = new int[leads.length];

        private final int[] seen = new int[leads.length];
        private int seenCount;
        private final int[] firstEnds = new int[leads.length];
        private final long[] patterns = new long[probes.size()];
        private final int[] from = new int[probes.size()];
        private final int[] suspected = new int[probes.size()];
        private final Map<Integer, FirstAndLast<Integer>> ends = new LinkedHashMap<>();

        Pass(List<String> lines, Listener listener) {
            this.lines = lines;
            this.listener = listener;
            Arrays.fill(seenIn, -1);
        }

        boolean saw(int literal) {
            return seenIn[literal] == line;
        }

        void found(int inLine, int literal, int end) {
            if (inLine != line) {
                endLine();
                line = inLine;
                whole = lines.get(line).length() <= LONGEST_WHOLE;
            }
            if (seenIn[literal] != line) {
                seenIn[literal] = line;
                seen[seenCount++] = literal;
                firstEnds[literal] = end;
            }
            if (!whole) {
                for (Lead lead : leads[literal]) {
                    ends.computeIfAbsent(lead.probe, _ -> new FirstAndLast<>(PLACES_IN_LINE))
                            .add(end);
                }
            }
        }

        void endLine() {
            int suspects = 0;
            for (int index = 0; index < seenCount; index++) {
                for (Lead lead : leads[seen[index]]) {
                    if (lead.needs.metBy(this)) {
                        if (patterns[lead.probe] == 0) {
                            suspected[suspects++] = lead.probe;
                            from[lead.probe] = Integer.MAX_VALUE;
                        }
                        patterns[lead.probe] |= lead.patterns;
                        from[lead.probe] = Math.min(from[lead.probe], firstEnds[seen[index]] - lead.reach);
                    }
                }
            }
            for (int index = 0; index < suspects; index++) {
                report(suspected[index]);
                patterns[suspected[index]] = 0;
            }
            seenCount = 0;
            ends.clear();
        }

        private void report(int probe) {
            long unless = 0;
            for (int index = 0; index < refusals[probe].length; index++) {
                unless |= refusals[probe][index].metBy(this) ? Suspects.bit(index) : 0;
            }
            var suspects = new Suspects(patterns[probe], unless, whole ? Math.max(0, from[probe]) : 0);
            if (whole) {
                listener.candidate(line, probe, 0, suspects);
            } else {
                FirstAndLast<Integer> places = ends.getOrDefault(probe, new FirstAndLast<>(1));
                places.inOrder().forEach(end -> listener.candidate(line, probe, end, suspects));
            }
        }
    }
}
