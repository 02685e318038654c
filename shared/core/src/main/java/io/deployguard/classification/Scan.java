package io.deployguard.classification;

import io.deployguard.classification.Probe.Match;
import io.deployguard.classification.Probe.Suspects;
import io.deployguard.classification.Rule.Condition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Where each probe of the catalogue matches in a scene. One pass of the literal automaton over all text, then, for the probes that are asked
 * for, patterns on the lines it pointed to. A probe that is pointed to all the time is confirmed on its first and last places only, so that the
 * work stays linear whatever a log repeats. For one thread.
 */
final class Scan {

    /** How many places are confirmed at the beginning of the evidence, and again at its end. */
    private static final int PLACES = 120;

    /** Patterns look at this much of a long line, on either side of the literal. */
    private static final int WINDOW = ProbeIndex.LONGEST_WHOLE / 2;

    private final Scene scene;
    private final ProbeIndex index;
    /** By number of the probe; what was not pointed to has none. */
    private final @Nullable FirstAndLast<Candidate>[] candidates;

    private final @Nullable List<Hit>[] hits;
    private long confirmations;

    /** A place where a probe may match. */
    private record Candidate(int line, int end, Suspects suspects) {}

    /** A place where a probe matched. */
    static final class Hit {
        private final int line;
        private final int first;
        private final int last;
        private final int offset;
        private final Supplier<Optional<Match>> search;
        private final Supplier<Map<String, String>> beside;
        private Optional<Match> match = Optional.empty();

        /**
         * @param search finds the match in the text from {@code offset} on, when somebody asks for more than that there is one
         * @param beside finds names that other patterns of the probe see in the same text
         */
        private Hit(
                int line,
                int first,
                int last,
                int offset,
                Supplier<Optional<Match>> search,
                Supplier<Map<String, String>> beside) {
            this.line = line;
            this.first = first;
            this.last = last;
            this.offset = offset;
            this.search = search;
            this.beside = beside;
        }

        /** A whole line that no probe matched. */
        static Hit whole(int line) {
            return new Hit(line, line, line, 0, Optional::empty, Map::of);
        }

        /** Index in the scene of the line that held the literal. */
        int line() {
            return line;
        }

        /** Index of the first line that the match covers. */
        int first() {
            return first;
        }

        /** Index of the last one. */
        int last() {
            return last;
        }

        /** Where the match begins in its line; 0 when the probe may span several. */
        int from() {
            return offset + match().map(Match::from).orElse(0);
        }

        Map<String, String> captures() {
            return match().map(Match::captures).orElse(Map.of());
        }

        /** Names that other patterns of the probe see in the same text; they may be of something else than the match. */
        Map<String, String> capturesBeside() {
            return beside.get();
        }

        private Optional<Match> match() {
            match = match.or(search);
            return match;
        }
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private Scan(Scene scene, ProbeIndex index) {
        this.scene = scene;
        this.index = index;
        this.candidates = new FirstAndLast[index.probes().size()];
        this.hits = new List[index.probes().size()];
    }

    static Scan of(Scene scene, ProbeIndex index) {
        var scan = new Scan(scene, index);
        index.scan(scene.lines().stream().map(Line::text).toList(), scan::add);
        return scan;
    }

    private void add(int line, int probe, int end, Suspects suspects) {
        if (index.probes().get(probe).in().contains(scene.lines().get(line).place())) {
            FirstAndLast<Candidate> known = candidates[probe];
            FirstAndLast<Candidate> places = known == null ? new FirstAndLast<>(PLACES) : known;
            candidates[probe] = places;
            places.add(new Candidate(line, end, suspects));
        }
    }

    /** In order of their lines. */
    List<Hit> hits(Probe probe) {
        int number = index.number(probe);
        List<Hit> known = hits[number];
        List<Hit> found = known == null ? confirmed(probe, candidates[number]) : known;
        hits[number] = found;
        return found;
    }

    /**
     * The nearest place around {@code hit} where the condition's probe sees a name. Line by line from there: it needs no literal that leads to it, and
     * costs nothing where nobody asks.
     */
    Optional<Hit> findName(Condition condition, Hit hit) {
        Line origin = scene.lines().get(hit.line());
        return outward(hit.line(), condition.lines().orElse(PLACES))
                .filter(line -> condition.reaches(hit.line(), line))
                .filter(line -> isBeside(origin, scene.lines().get(line), condition.probe()))
                .mapToObj(line -> new Candidate(line, line == hit.line() ? hit.from() : 0, Suspects.ALL))
                .flatMap(place -> confirmed(condition.probe(), place).stream())
                .filter(found -> Keys.captured(found.captures()).isPresent())
                .findFirst();
    }

    private IntStream outward(int line, int distance) {
        return IntStream.concat(
                        IntStream.of(line),
                        IntStream.rangeClosed(1, distance).flatMap(step -> IntStream.of(line - step, line + step)))
                .filter(index -> index >= 0 && index < scene.lines().size());
    }

    /** What another container says at the same time names nothing of this one. */
    private static boolean isBeside(Line origin, Line line, Probe probe) {
        return probe.in().contains(line.place())
                && (line.place() != origin.place() || line.source().equals(origin.source()));
    }

    /** How often a pattern was tried, for the test that holds this linear. */
    long confirmations() {
        return confirmations;
    }

    private List<Hit> confirmed(Probe probe, @Nullable FirstAndLast<Candidate> places) {
        if (places == null) {
            return List.of();
        }
        var found = new ArrayList<Hit>();
        int lastLine = -1;
        for (Candidate candidate : places.inOrder()) {
            if (candidate.line == lastLine) {
                continue;
            }
            confirmations++;
            Optional<Hit> hit = confirmed(probe, candidate);
            if (hit.isPresent()) {
                found.add(hit.get());
                lastLine = candidate.line;
            }
        }
        return List.copyOf(found);
    }

    private Optional<Hit> confirmed(Probe probe, Candidate candidate) {
        return probe.across() == 1 ? inLine(probe, candidate) : inWindow(probe, candidate.line);
    }

    private Optional<Hit> inLine(Probe probe, Candidate candidate) {
        int line = candidate.line;
        String text = scene.lines().get(line).text();
        boolean whole = text.length() <= ProbeIndex.LONGEST_WHOLE;
        int from = whole ? 0 : Math.max(0, candidate.end - WINDOW);
        int to = whole ? text.length() : Math.min(text.length(), candidate.end + WINDOW);
        String part = text.substring(from, to);
        return probe.match(part, candidate.suspects)
                .map(pattern -> new Hit(
                        line,
                        line,
                        line,
                        from,
                        () -> pattern.find(part),
                        () -> probe.namesBeside(pattern, part, candidate.suspects)));
    }

    /** The lines around, of the same place and source, joined by line feeds. */
    private Optional<Hit> inWindow(Probe probe, int line) {
        int first = reach(line, -1, probe.across() - 1);
        int last = reach(line, 1, probe.across() - 1);
        var text = new StringBuilder();
        var starts = new ArrayList<int[]>();
        for (int index = first; index <= last; index++) {
            Line each = scene.lines().get(index);
            if (each.joined() == scene.lines().get(line).joined()) {
                starts.add(new int[] {text.length(), index});
                String whole = each.text();
                text.append(whole, 0, Math.min(whole.length(), WINDOW)).append('\n');
            }
        }
        String window = text.toString();
        return probe.match(window, Suspects.ALL)
                .flatMap(pattern -> pattern.find(window)
                        .map(match ->
                                spanned(match, line, starts, () -> probe.namesBeside(pattern, window, Suspects.ALL))));
    }

    private static Hit spanned(Match match, int line, List<int[]> starts, Supplier<Map<String, String>> beside) {
        int first = line;
        int last = line;
        for (int[] start : starts) {
            first = start[0] <= match.from() ? start[1] : first;
            last = start[0] < match.to() ? start[1] : last;
        }
        var inFirst = new Match(0, 0, match.captures());
        return new Hit(line, first, Math.max(first, last), 0, () -> Optional.of(inFirst), beside);
    }

    private int reach(int line, int step, int lines) {
        Line origin = scene.lines().get(line);
        int reached = line;
        int left = lines;
        for (int index = line + step;
                left > 0 && index >= 0 && index < scene.lines().size();
                index += step) {
            Line other = scene.lines().get(index);
            if (other.place() != origin.place() || !other.source().equals(origin.source())) {
                break;
            }
            reached = index;
            left -= other.joined() == origin.joined() ? 1 : 0;
        }
        return reached;
    }
}
