package io.deployguard.decision;

import io.deployguard.classification.CauseId;
import io.deployguard.classification.Diagnosis;
import io.deployguard.classification.Remedy;
import io.deployguard.classification.RollbackHelps;
import io.deployguard.ecs.ServiceDescription;
import java.util.List;
import java.util.Optional;

/**
 * What to do about a diagnosis: one table, read from top to bottom, the first row that applies decides. Every row ends in a sentence that names
 * the facts it read.
 */
public final class DecisionPolicy {

    /** Below it a cause informs and never leads to an action. */
    public static final double SURE = 0.9;

    /** The remedy this policy may choose by itself. */
    public static final Remedy.Automatic ROLL_BACK = new Remedy.Automatic("roll-back");

    private static final List<Row> TABLE = List.of(
            new Row("superseded", DecisionPolicy::superseded),
            new Row("rollback-under-way", DecisionPolicy::rollbackUnderWay),
            new Row("not-a-failure", DecisionPolicy::notAFailure),
            new Row("cause-unknown", DecisionPolicy::causeUnknown),
            new Row("rollback-does-not-help", DecisionPolicy::doesNotHelp),
            new Row("rollback-depends", DecisionPolicy::depends),
            new Row("rule-on-trial", DecisionPolicy::onTrial),
            new Row("not-sure-enough", DecisionPolicy::notSure),
            new Row("another-controller", DecisionPolicy::anotherController),
            new Row("obstacle", DecisionPolicy::obstacle),
            new Row("mode-observe", DecisionPolicy::observe),
            new Row("mode-ask", DecisionPolicy::ask),
            new Row("roll-back", DecisionPolicy::act));

    private DecisionPolicy() {}

    /** The decision for this diagnosis under these circumstances. */
    public static Decision decide(Diagnosis diagnosis, Circumstances now) {
        var facts = new Facts(diagnosis, now, RollbackOutlook.of(diagnosis, now));
        return TABLE.stream()
                .flatMap(row -> row.rule.apply(facts).stream())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the last row of the decision table always applies"));
    }

    /** What becomes of the decision to act when it cannot be carried out: the same advice, for a person. */
    public static Decision.Advise insteadOf(Decision.Act act, Optional<Diagnosis> diagnosis, String because) {
        var advice = diagnosis.map(DecisionPolicy::advice).orElse(List.of());
        return new Decision.Advise(advice, act.outlook(), Optional.empty(), because);
    }

    private static List<Remedy.Advice> advice(Diagnosis diagnosis) {
        return switch (diagnosis) {
            case Diagnosis.Identified found ->
                found.remedies().stream()
                        .filter(Remedy.Advice.class::isInstance)
                        .map(Remedy.Advice.class::cast)
                        .toList();
            case Diagnosis.Unknown _ -> List.of();
        };
    }

    private static Optional<Decision> superseded(Facts facts) {
        return facts.now
                .supersededBy()
                .map(what -> new Decision.StandDown(
                        Decision.Reason.SUPERSEDED, "this revision is no longer the current one: " + what));
    }

    private static Optional<Decision> rollbackUnderWay(Facts facts) {
        return facts.now
                .rollbackUnderWay()
                .map(who -> new Decision.StandDown(
                        Decision.Reason.ROLLBACK_UNDER_WAY,
                        "a rollback is under way already (" + who + "); the guard only explains"));
    }

    private static Optional<Decision> notAFailure(Facts facts) {
        return facts.identified()
                .filter(found -> found.cause().equals(CauseId.NOT_A_FAILURE))
                .filter(found -> found.confidence() >= SURE)
                // To keep silent is more than to inform.
                .filter(Diagnosis.Identified::proven)
                .map(found -> new Decision.StandDown(
                        Decision.Reason.NOTHING_WRONG, "nothing is wrong: " + found.explanation()));
    }

    private static Optional<Decision> causeUnknown(Facts facts) {
        return facts.identified().isPresent()
                ? Optional.empty()
                : Optional.of(facts.advise(
                        "the evidence does not tell the cause, and the guard acts on none it cannot name"));
    }

    private static Optional<Decision> doesNotHelp(Facts facts) {
        return facts.outlook.helps() == RollbackHelps.DOES_NOT_HELP
                ? Optional.of(facts.advise("a rollback does not help: " + facts.outlook.because()))
                : Optional.empty();
    }

    private static Optional<Decision> depends(Facts facts) {
        return facts.outlook.helps() == RollbackHelps.DEPENDS
                ? Optional.of(
                        facts.advise("whether a rollback helps is for a person to say: " + facts.outlook.because()))
                : Optional.empty();
    }

    private static Optional<Decision> onTrial(Facts facts) {
        return facts.identified()
                .filter(found -> !found.proven())
                .map(found -> facts.advise(
                        "the answer (rule " + found.rule() + ") rests on a rule on trial, which may only inform"));
    }

    private static Optional<Decision> notSure(Facts facts) {
        return facts.identified()
                .filter(found -> found.confidence() < SURE)
                .map(found -> facts.advise("the guard is %d %% sure and acts from %d %% on"
                        .formatted(percentBelowSure(found.confidence()), Math.round(SURE * 100))));
    }

    /** Never rounded up to what would have been enough. */
    private static long percentBelowSure(double confidence) {
        return Math.min(Math.round(confidence * 100), Math.round(SURE * 100) - 1);
    }

    private static Optional<Decision> anotherController(Facts facts) {
        return facts.now.controller() == ServiceDescription.Controller.ECS
                ? Optional.empty()
                : Optional.of(facts.advise("deployments of this service belong to the controller "
                        + facts.now.controller() + ", not to ECS"));
    }

    /** So that no mode promises what could not be done. */
    private static Optional<Decision> obstacle(Facts facts) {
        return facts.now.obstacle().map(why -> facts.advise("a rollback would help and cannot be done: " + why));
    }

    private static Optional<Decision> observe(Facts facts) {
        return facts.now.mode() == Mode.OBSERVE
                ? Optional.of(facts.wouldHave("mode is observe; in mode auto the guard would roll back to "
                        + facts.now.target().orElseThrow()))
                : Optional.empty();
    }

    private static Optional<Decision> ask(Facts facts) {
        return facts.now.mode() == Mode.ASK
                ? Optional.of(facts.wouldHave("mode is ask; a person decides whether to roll back to "
                        + facts.now.target().orElseThrow()))
                : Optional.empty();
    }

    private static Optional<Decision> act(Facts facts) {
        return Optional.of(new Decision.Act(
                ROLL_BACK, facts.outlook, "mode is auto, the cause is sure, and " + facts.outlook.because()));
    }

    private record Row(String name, Rule rule) {}

    private interface Rule {
        Optional<Decision> apply(Facts facts);
    }

    private record Facts(Diagnosis diagnosis, Circumstances now, RollbackOutlook outlook) {

        Optional<Diagnosis.Identified> identified() {
            return diagnosis instanceof Diagnosis.Identified found ? Optional.of(found) : Optional.empty();
        }

        Decision advise(String because) {
            return new Decision.Advise(advice(diagnosis), outlook, Optional.empty(), because);
        }

        Decision wouldHave(String because) {
            return new Decision.Advise(advice(diagnosis), outlook, Optional.of(ROLL_BACK), because);
        }
    }
}
