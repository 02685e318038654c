package io.deployguard.classification;

import java.util.List;

/** How sure an answer is, given what else was found. Calibrated so that answers of 0.9 and more are wrong at most twice in a hundred. */
final class Confidence {

    private static final double HIGHEST = 0.99;
    private static final double RIVAL_CLOSE = 0.06;

    private Confidence() {}

    static double of(Finding best, List<Finding> standing) {
        double confidence = Math.min(best.score(), best.rule().confidence() + 0.02);
        for (Finding rival : standing) {
            if (!rival.cause().id().equals(best.cause().id())
                    && rival.weight() == best.weight()
                    && !best.beats(rival)) {
                double lead = best.score() - rival.score();
                confidence =
                        Math.min(confidence, lead < RIVAL_CLOSE ? 0.72 : lead < 2 * RIVAL_CLOSE ? 0.85 : confidence);
            }
        }
        return Math.round(Math.clamp(confidence, 0, HIGHEST) * 100) / 100.0;
    }

    /** What a runner-up gets of the doubt that is left. */
    static double share(Finding finding) {
        double byWeight = switch (finding.weight()) {
            case ROOT -> 0.8;
            case SYMPTOM -> 0.5;
            case HEADLINE -> 0.2;
        };
        return byWeight * Math.clamp(finding.score(), 0, 1);
    }
}
