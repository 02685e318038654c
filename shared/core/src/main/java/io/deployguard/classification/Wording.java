package io.deployguard.classification;

import java.util.ArrayList;
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
        Predicate<Line> ordinary = TellingLines.ordinary(scene);
        var templates = new HashSet<String>();
        List<Line> read = scene.lines().stream()
                .filter(line -> !line.joined() && READ.contains(line.place()))
                .filter(line -> !ordinary.test(line))
                .filter(line -> templates.add(TellingLines.template(line.text(), LONGEST_TEMPLATE)))
                .toList();
        var weights = new HashMap<Integer, Float>();
        var lines = new ArrayList<Line>();
        for (int index = 0; index < read.size(); index++) {
            if (index < MOST_LINES_EACH_END || index >= read.size() - MOST_LINES_EACH_END) {
                Line line = read.get(index);
                float weight = TellingLines.speaksOfError(line) ? TELLING : PLAIN;
                for (int word : Words.of(line.text())) {
                    weights.merge(word, weight, Math::max);
                }
                lines.add(line);
            }
        }
        return new Wording(weights, lines);
    }
}
