package io.deployguard.classification;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The words of a scene, each with the weight of the weightiest line that has it. A line that speaks of an error weighs more; one that comes
 * again with other numbers, or that healthy tasks write as well, says nothing. Long logs are read at their beginning and their end.
 *
 * @param weights by hash of the word or pair of words
 * @param lines what was read
 */
record Wording(Map<Integer, Float> weights, List<Line> lines) {

    private static final Set<Place> READ = EnumSet.of(
            Place.LOG, Place.STOPPED_REASON, Place.STOP_CODE, Place.EXIT, Place.CONTAINER_REASON, Place.TARGET_REASON);

    private static final int MOST_LINES_EACH_END = 300;
    private static final int LONGEST_TEMPLATE = 1_000;
    private static final float PLAIN = 1;
    private static final float TELLING = 2;

    static Wording of(Scene scene) {
        List<Line> read = ends(scene.lines());
        Predicate<Line> ordinary = TellingLines.ordinary(scene);
        var templates = new HashSet<String>();
        List<Line> lines = read.stream()
                .filter(line -> !ordinary.test(line))
                .filter(line -> templates.add(TellingLines.template(line.text(), LONGEST_TEMPLATE)))
                .toList();
        var weights = new HashMap<Integer, Float>();
        for (Line line : lines) {
            float weight = TellingLines.speaksOfError(line) ? TELLING : PLAIN;
            for (int word : Words.of(line.text())) {
                weights.merge(word, weight, Math::max);
            }
        }
        return new Wording(weights, lines);
    }

    /** Looked for from either end: what lies between may be a hundred thousand lines. */
    private static List<Line> ends(List<Line> lines) {
        var ends = new FirstAndLast<Line>(2 * MOST_LINES_EACH_END);
        int first = 0;
        for (int found = 0; first < lines.size() && found < MOST_LINES_EACH_END; first++) {
            found += isRead(lines.get(first)) ? 1 : 0;
        }
        int last = lines.size();
        for (int found = 0; last > first && found < MOST_LINES_EACH_END; last--) {
            found += isRead(lines.get(last - 1)) ? 1 : 0;
        }
        lines.subList(0, first).stream().filter(Wording::isRead).forEach(ends::add);
        lines.subList(last, lines.size()).stream().filter(Wording::isRead).forEach(ends::add);
        return ends.inOrder();
    }

    private static boolean isRead(Line line) {
        return !line.joined() && READ.contains(line.place());
    }
}
