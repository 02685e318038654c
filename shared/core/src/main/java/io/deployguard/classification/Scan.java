package io.deployguard.classification;

import io.deployguard.classification.CauseCatalog.ProbeUse;
import io.deployguard.classification.Probe.Match;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where each probe of the catalogue matches in a scene. One pass of the literal automaton over all text, then patterns on the lines it
 * pointed to. A probe that is pointed to all the time is confirmed on its first and last places only, so that the work stays linear whatever
 * a log repeats.
 */
final class Scan {

    /** How many places are confirmed at the beginning of the evidence, and again at its end. */
    private static final int PLACES = 120;

    /** The same within one long line. */
    private static final int PLACES_IN_LINE = 4;

    /** Patterns look at this much of a long line, on either side of the literal. */
    private static final int WINDOW = 768;

    private final Scene scene;
    private final IdentityHashMap<Probe, List<Hit>> hits = new IdentityHashMap<>();
    private long confirmations;

    /**
     * A place where a probe matched.
     *
     * @param line index in the scene of the line that held the literal
     * @param first index of the first line that the match covers
     * @param last index of the last one
     * @param from where the match begins in its line
     */
    record Hit(int line, int first, int last, int from, Map<String, String> captures) {}

    private Scan(Scene scene) {
        this.scene = scene;
    }

    static Scan of(Scene scene, CauseCatalog catalog) {
        var scan = new Scan(scene);
        var candidates = new Candidates[catalog.uses().size()];
        for (int index = 0; index < scene.lines().size(); index++) {
            Line line = scene.lines().get(index);
            int at = index;
            catalog.automaton().scan(line.text(), (group, end) -> {
                ProbeUse use = catalog.uses().get(group);
                if (use.probe().in().contains(line.place())) {
                    if (candidates[group] == null) {
                        candidates[group] = new Candidates();
                    }
                    candidates[group].add(at, end, line.text().length());
                }
            });
        }
        for (int group = 0; group < candidates.length; group++) {
            if (candidates[group] != null) {
                scan.confirm(catalog.uses().get(group).probe(), candidates[group]);
            }
        }
        return scan;
    }

    List<Hit> hits(Probe probe) {
        return hits.getOrDefault(probe, List.of());
    }

    /** How often a pattern was tried, for the test that holds this linear. */
    long confirmations() {
        return confirmations;
    }

    private void confirm(Probe probe, Candidates candidates) {
        var found = new ArrayList<Hit>();
        int lastLine = -1;
        for (long candidate : candidates.inOrder()) {
            int line = (int) (candidate >>> 32);
            if (line == lastLine) {
                continue;
            }
            confirmations++;
            Optional<Hit> hit = probe.across() == 1 ? inLine(probe, line, (int) candidate) : inWindow(probe, line);
            if (hit.isPresent()) {
                found.add(hit.get());
                lastLine = line;
            }
        }
        if (!found.isEmpty()) {
            hits.put(probe, List.copyOf(found));
        }
    }

    private Optional<Hit> inLine(Probe probe, int line, int end) {
        String text = scene.lines().get(line).text();
        int from = text.length() <= 2 * WINDOW ? 0 : Math.max(0, end - WINDOW);
        int to = text.length() <= 2 * WINDOW ? text.length() : Math.min(text.length(), end + WINDOW);
        return probe.match(text.substring(from, to))
                .map(match -> new Hit(line, line, line, from + match.from(), match.captures()));
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
        return probe.match(text.toString()).map(match -> spanned(match, line, starts));
    }

    private static Hit spanned(Match match, int line, List<int[]> starts) {
        int first = line;
        int last = line;
        for (int[] start : starts) {
            first = start[0] <= match.from() ? start[1] : first;
            last = start[0] < match.to() ? start[1] : last;
        }
        return new Hit(line, first, Math.max(first, last), 0, match.captures());
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

    /** The first and the last places where the automaton found one of a probe's literals, in a long line as in the whole evidence. */
    private static final class Candidates {
        private final Ends places = new Ends(PLACES);
        private Ends inLine = new Ends(PLACES_IN_LINE);
        private int newest = -1;

        void add(int line, int end, int length) {
            boolean fitsOneWindow = length <= 2 * WINDOW;
            if (line == newest && fitsOneWindow) {
                return;
            }
            if (line != newest) {
                flush();
                newest = line;
            }
            inLine.add((long) line << 32 | end);
        }

        List<Long> inOrder() {
            flush();
            return places.inOrder();
        }

        private void flush() {
            inLine.inOrder().forEach(places::add);
            inLine = new Ends(PLACES_IN_LINE);
        }
    }

    /** Keeps the first and the last of many numbers. */
    private static final class Ends {
        private final int most;
        private final List<Long> first = new ArrayList<>();
        private final ArrayDeque<Long> last = new ArrayDeque<>();

        Ends(int most) {
            this.most = most;
        }

        void add(long number) {
            if (first.size() < most) {
                first.add(number);
            } else {
                last.add(number);
                if (last.size() > most) {
                    last.remove();
                }
            }
        }

        List<Long> inOrder() {
            var all = new ArrayList<>(first);
            all.addAll(last);
            return all;
        }
    }
}
