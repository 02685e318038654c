package io.deployguard.classification;

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

    private static final Set<Place> READ = Set.of(
            Place.LOG, Place.STOPPED_REASON, Place.STOP_CODE, Place.EXIT, Place.CONTAINER_REASON, Place.TARGET_REASON);

    private static final int MOST_LINES_EACH_END = 300;
    private static final int LONGEST_TEMPLATE = 1_000;
    private static final float PLAIN = 1;
    private static final float TELLING = 2;

    static Wording of(Scene scene) {
        var ends = new FirstAndLast<Line>(MOST_LINES_EACH_END);
        scene.lines().stream()
                .filter(line -> !line.joined() && READ.contains(line.place()))
                .forEach(ends::add);
        Predicate<Line> ordinary = TellingLines.ordinary(scene);
        var templates = new HashSet<String>();
        List<Line> lines = ends.inOrder().stream()
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
}
