package io.deployguard.classification;

import io.deployguard.classification.Classifier.Answer;
import io.deployguard.classification.Classifier.Footing;
import io.deployguard.classification.Scan.Hit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the words of the whole evidence add to what single rules say: an answer where no rule has one, another answer where a rule knows only that the
 * program broke, and doubt where a rule is sure of something that the rest does not fit. A guess never leads to an action, and never says that nothing
 * failed.
 */
final class Guess {

    /** Below this, a scene resembles nothing. */
    private static final double FAINT = -0.7;

    /** From this lead on, a guess replaces the answer of a rule that knows only that an error was not handled. */
    private static final double CLEAR = 0.5;

    /** The same for other answers that are not sure. */
    private static final double VERY_CLEAR = 1;

    /** From this lead on, a rule that was sure is so no longer. */
    private static final double DOUBT = 0.5;

    private static final double MOST_IN_DOUBT = 0.89;
    private static final double SURE = 0.9;
    private static final int LINES = 3;
    private static final CauseId CODE_ERROR = new CauseId("code-error");
    private static final Set<Place> SPEAKING = Set.of(Place.LOG, Place.CONTAINER_REASON, Place.STOPPED_REASON);

    /** Says only that the task ended. */
    private static final String MERE_END = "Essential container in task exited";

    private final Scene scene;
    private final Resemblance.Reading reading;
    private final Optional<Finding> finding;
    private final CauseCatalog catalog;

    Guess(CauseCatalog catalog, Scene scene, Resemblance.Reading reading) {
        this.scene = scene;
        this.reading = reading;
        this.catalog = catalog;
        this.finding = scene.outcome() != Scene.Outcome.FAILED || reading.score() <= FAINT
                ? Optional.empty()
                : Optional.of(reading.cause())
                        .filter(cause -> !cause.equals(CauseId.UNKNOWN) && !cause.equals(CauseId.NOT_A_FAILURE))
                        .flatMap(catalog::find)
                        .flatMap(this::finding);
    }

    private Optional<Finding> finding(Cause cause) {
        List<Line> telling = reading.telling(
                LINES, line -> SPEAKING.contains(line.place()) && !line.text().equals(MERE_END));
        if (telling.isEmpty()) {
            return Optional.empty();
        }
        Rule rule = Rule.resemblance(confidence());
        List<Hit> hits = telling.stream().map(line -> Hit.whole(line.order())).toList();
        return Optional.of(new Finding(
                cause, rule, hits.getFirst(), Weight.HEADLINE, rule.confidence(), Map.of(), hits, 1, false));
    }

    /** How often it was right on cases that were not learned, with some caution: 0.3 for what resembles nothing much, 0.75 at most. */
    private double confidence() {
        return Math.round(Math.clamp(0.55 + 0.5 * reading.score(), 0.25, 0.75) * 100) / 100.0;
    }

    /** The guess, where no rule has an answer. */
    Optional<Answer> alone() {
        return finding.map(found -> new Answer(found, new Footing(false, found.score()), Optional.empty()));
    }

    /** What a rule answers, after a look at the rest of the evidence. */
    Answer weighed(Answer byRule) {
        CauseId answer = byRule.best().cause().id();
        double confidence = byRule.footing().confidence();
        double lead = reading.lead(answer);
        boolean loose = answer.equals(CODE_ERROR) && byRule.best().weight() != Weight.ROOT;
        if (isOutOfReach(byRule.best())) {
            return byRule;
        }
        if (lead > (loose ? CLEAR : confidence < SURE ? VERY_CLEAR : Double.MAX_VALUE)) {
            return alone().orElse(byRule);
        }
        return confidence >= SURE && lead > DOUBT
                ? new Answer(byRule.best(), new Footing(byRule.footing().proven(), MOST_IN_DOUBT), finding)
                : byRule;
    }

    /** What ECS or a fact says, and what an operator's own rule says, is not a matter of wording. */
    private boolean isOutOfReach(Finding best) {
        return scene.lines().get(best.hit().line()).place() != Place.LOG || catalog.isAdded(best.rule());
    }
}
