package io.deployguard.classification;

import io.deployguard.classification.Diagnosis.Alternative;
import io.deployguard.classification.Diagnosis.Proof;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Says in a sentence or two what was seen and what follows from it. */
final class Explanation {

    private Explanation() {}

    static String of(
            Finding best, String source, Optional<String> key, double confidence, List<Alternative> alternatives) {
        var text = new StringBuilder(best.cause().title());
        key.ifPresent(name -> text.append(" (").append(name).append(')'));
        if (best.isGuess()) {
            text.append(": a guess. No rule knows this failure; its words resemble those of others of this cause.");
        } else {
            text.append(": the ").append(source).append(" shows it by rule ");
            text.append(best.rule().id()).append('.');
        }
        if (confidence < 0.9 && !alternatives.isEmpty()) {
            text.append(" Less likely: ")
                    .append(alternatives.getFirst().cause())
                    .append('.');
        }
        return text.toString();
    }

    static String ofUnknown(Scene scene, List<Proof> proof, List<Alternative> alternatives) {
        boolean noLogs = scene.logs().isEmpty();
        String seen = noLogs
                ? "There are no log lines, and what ECS says names no cause."
                : String.format(
                        Locale.ROOT,
                        "None of %d log lines names a cause%s.",
                        scene.logs().size(),
                        proof.isEmpty() ? "" : "; the most telling ones are shown");
        return alternatives.isEmpty()
                ? seen
                : seen + " Possibly " + alternatives.getFirst().cause() + ".";
    }
}
