package io.deployguard.decision;

import io.deployguard.classification.CauseId;
import io.deployguard.classification.Diagnosis;
import io.deployguard.classification.Remedy;
import io.deployguard.classification.RollbackHelps;
import io.deployguard.decision.Grounds.Input;
import io.deployguard.ecs.ServiceDescription;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * What to do about a diagnosis: one table, read from top to bottom, the first row that applies decides. Every row ends in a sentence that names
 * the facts it read. {@code docs/how-it-decides.md} is written from it.
 */
public final class DecisionPolicy {

    /** Below it a cause informs and never leads to an action. */
    public static final double SURE = 0.9;

    /** The remedy that needs no opting in. */
    public static final Remedy.Automatic ROLL_BACK = new Remedy.Automatic("roll-back");

    static final List<Row> TABLE = List.of(
            new Row(
                    "superseded",
                    "another deployment took the place of the failing one",
                    "stand down",
                    DecisionPolicy::superseded),
            new Row(
                    "rollback-under-way",
                    "ECS, a person or another tool is rolling it back already, or has",
                    "stand down; the guard only explains",
                    DecisionPolicy::rollbackUnderWay),
            new Row(
                    "not-a-failure",
                    "the evidence says for sure (90 %) that nothing is wrong: scale-in, replacement, a stop by hand",
                    "stand down",
                    DecisionPolicy::notAFailure),
            new Row(
                    "cause-unknown",
                    "the evidence does not tell the cause, or allows no more than a guess, and the outlook is not `outlook-as-breaker`",
                    "advise",
                    DecisionPolicy::causeUnknown),
            new Row(
                    "rollback-does-not-help",
                    "the outlook is that a rollback does not help, and no other remedy is opted in to",
                    "advise",
                    DecisionPolicy::doesNotHelp),
            new Row(
                    "rollback-depends",
                    "the outlook is that it depends, and no other remedy is opted in to",
                    "advise",
                    DecisionPolicy::depends),
            new Row(
                    "rule-on-trial",
                    "the rule that named the cause is on trial, and the outlook is not `outlook-as-breaker`",
                    "advise; such a rule only informs",
                    DecisionPolicy::onTrial),
            new Row(
                    "not-sure-enough",
                    "the guard is less than 90 % sure of the cause, and the outlook is not `outlook-as-breaker`",
                    "advise",
                    DecisionPolicy::notSure),
            new Row(
                    "another-controller",
                    "deployments of the service belong to an external controller",
                    "advise",
                    DecisionPolicy::anotherController),
            new Row(
                    "obstacle",
                    "the actor, asked for its plan right now, refuses (last table) or would deploy a task definition that is INACTIVE, and `re-register-then-roll-back` is not opted in to",
                    "advise; no mode promises what could not be done",
                    DecisionPolicy::obstacle),
            new Row(
                    "mode-observe",
                    "the mode is `observe`",
                    "advise, and say what mode `auto` would have done",
                    DecisionPolicy::observe),
            new Row(
                    "mode-ask",
                    "the mode is `ask`",
                    "ask: a person agrees or refuses, or the request expires",
                    DecisionPolicy::ask),
            new Row(
                    "brake",
                    "the budget of the account is spent, or many services began to fail at once",
                    "advise, and say what the guard would have done",
                    DecisionPolicy::brake),
            new Row(
                    "roll-back-as-breaker",
                    "the outlook is `outlook-as-breaker`",
                    "act: roll back, and say that the cause is not known",
                    DecisionPolicy::actAsBreaker),
            new Row(
                    "other-remedy",
                    "otherwise, where a rollback does not help for sure: mode `auto`, a sure cause, a remedy that is opted in to",
                    "act: carry the remedy out",
                    DecisionPolicy::actOtherwise),
            new Row(
                    "roll-back",
                    "otherwise: mode `auto`, a sure cause, a proven target",
                    "act: roll back; to a copy of the target where that is INACTIVE",
                    DecisionPolicy::act));

    private DecisionPolicy() {}

    /** The decision for this diagnosis under these circumstances, with the row that took it and all that was before it. */
    public static Ruling decide(Diagnosis diagnosis, Circumstances now) {
        var facts = new Facts(diagnosis, now, RollbackOutlook.judge(diagnosis, now));
        return TABLE.stream()
                .flatMap(row -> row.rule.apply(facts).stream()
                        .map(decision -> new Ruling(decision, new Grounds(row.id, facts.inputs()))))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the last row of the decision table always applies"));
    }

    /** Whether an action may rest on it. */
    public static boolean isSure(Diagnosis.Identified found) {
        return found.confidence() >= SURE && found.proven();
    }

    /** The names under which the settings may restrain the guard here; a cause that is only guessed counts as {@code unknown} too. */
    public static Set<CauseId> namesOf(Diagnosis diagnosis) {
        return switch (diagnosis) {
            case Diagnosis.Unknown _ -> Set.of(CauseId.UNKNOWN);
            case Diagnosis.Identified found ->
                isSure(found) ? Set.of(found.cause()) : Set.of(found.cause(), CauseId.UNKNOWN);
        };
    }

    /** What becomes of the decision to act when it cannot be carried out: the same advice, for a person. */
    public static Decision.Advise insteadOf(Decision.Act act, Optional<Diagnosis> diagnosis, String because) {
        return new Decision.Advise(adviceOf(diagnosis), act.outlook(), Optional.empty(), because);
    }

    /** What becomes of a question that nobody answered with yes: the same advice, for a person. */
    public static Decision.Advise insteadOf(Decision.Ask ask, Optional<Diagnosis> diagnosis, String because) {
        return new Decision.Advise(adviceOf(diagnosis), ask.outlook(), Optional.of(ask.remedy()), because);
    }

    private static List<Remedy.Advice> adviceOf(Optional<Diagnosis> diagnosis) {
        return diagnosis.map(DecisionPolicy::advice).orElse(List.of());
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
        return !facts.diagnosis().isOpen() || facts.isAsBreaker()
                ? Optional.empty()
                : Optional.of(
                        facts.advise("the evidence does not tell the cause, and the guard acts on none it cannot name"
                                + " unless ECS's own circuit breaker would"));
    }

    private static Optional<Decision> doesNotHelp(Facts facts) {
        return facts.outlook().helps() == RollbackHelps.DOES_NOT_HELP
                        && facts.otherRemedy().isEmpty()
                ? Optional.of(facts.advise(
                        "a rollback does not help: " + facts.outlook().because()))
                : Optional.empty();
    }

    private static Optional<Decision> depends(Facts facts) {
        return facts.outlook().helps() == RollbackHelps.DEPENDS
                        && facts.otherRemedy().isEmpty()
                ? Optional.of(facts.advise("whether a rollback helps is for a person to say: "
                        + facts.outlook().because()))
                : Optional.empty();
    }

    private static Optional<Decision> onTrial(Facts facts) {
        return facts.identified()
                .filter(found -> !found.proven() && !facts.isAsBreaker())
                .map(found -> facts.advise(
                        "the answer (rule " + found.rule() + ") rests on a rule on trial, which may only inform"));
    }

    private static Optional<Decision> notSure(Facts facts) {
        return facts.identified()
                .filter(found -> found.confidence() < SURE && !facts.isAsBreaker())
                .map(found -> facts.advise("the guard is %d %% sure and acts from %d %% on"
                        .formatted(percent(found.confidence()), Math.round(SURE * 100))));
    }

    /** Never rounded up to what would have been enough. */
    private static long percent(double confidence) {
        return confidence < SURE
                ? Math.min(Math.round(confidence * 100), Math.round(SURE * 100) - 1)
                : Math.round(confidence * 100);
    }

    private static Optional<Decision> anotherController(Facts facts) {
        return facts.now.controller() != ServiceDescription.Controller.EXTERNAL
                ? Optional.empty()
                : Optional.of(facts.advise("deployments of this service belong to the controller "
                        + facts.now.controller() + ", not to ECS"));
    }

    private static Optional<Decision> obstacle(Facts facts) {
        return facts.obstacle()
                .map(why -> facts.advise("%s would help and cannot be done: %s"
                        .formatted(
                                facts.otherRemedy()
                                        .map(other -> "the remedy to " + other.inWords())
                                        .orElse("a rollback"),
                                why)));
    }

    private static Optional<Decision> observe(Facts facts) {
        return facts.mode() == Mode.OBSERVE
                ? Optional.of(facts.wouldHave("mode is observe; in mode auto the guard would " + facts.deed()))
                : Optional.empty();
    }

    private static Optional<Decision> ask(Facts facts) {
        return facts.mode() == Mode.ASK
                ? Optional.of(new Decision.Ask(
                        facts.remedy(),
                        facts.outlook(),
                        facts.now.askUntil(),
                        "mode is ask; a person decides whether to " + facts.deed()))
                : Optional.empty();
    }

    private static Optional<Decision> brake(Facts facts) {
        return facts.now.brake().map(why -> facts.wouldHave("automatic action pauses: " + why));
    }

    private static Optional<Decision> actAsBreaker(Facts facts) {
        return facts.isAsBreaker()
                ? Optional.of(new Decision.Act(
                        facts.remedy(),
                        facts.outlook(),
                        "mode is auto, and " + facts.outlook().because()))
                : Optional.empty();
    }

    private static Optional<Decision> actOtherwise(Facts facts) {
        return facts.otherRemedy()
                .map(other -> new Decision.Act(
                        other.remedy(),
                        facts.outlook(),
                        "mode is auto, the cause is sure, and the service wants the guard to " + other.inWords()));
    }

    private static Optional<Decision> act(Facts facts) {
        return Optional.of(new Decision.Act(
                facts.remedy(),
                facts.outlook(),
                "mode is auto, the cause is sure, and " + facts.outlook().because()));
    }

    /**
     * One row of the table.
     *
     * @param when it applies, for people
     * @param then what it decides, for people
     */
    record Row(String id, String when, String then, Function<Facts, Optional<Decision>> rule) {}

    /** What a row reads. */
    record Facts(Diagnosis diagnosis, Circumstances now, RollbackOutlook.Judged judged) {

        RollbackOutlook outlook() {
            return judged.outlook();
        }

        Optional<Diagnosis.Identified> identified() {
            return diagnosis instanceof Diagnosis.Identified found ? Optional.of(found) : Optional.empty();
        }

        boolean isAsBreaker() {
            return RollbackOutlook.isAsBreaker(diagnosis, now);
        }

        Mode mode() {
            return now.mode().mode();
        }

        /** What is chosen where a rollback does not help for sure; only a cause that is sure chooses it. */
        Optional<OtherRemedy> otherRemedy() {
            return now.otherRemedy().filter(_ -> outlook().helps() != RollbackHelps.HELPS && !isAsBreaker());
        }

        /** What is done when it is no plain rollback. */
        private Optional<OtherRemedy> special() {
            return otherRemedy().or(now::wayBack);
        }

        Remedy.Automatic remedy() {
            return special().map(OtherRemedy::remedy).orElse(ROLL_BACK);
        }

        Optional<String> obstacle() {
            return special().map(OtherRemedy::obstacle).orElseGet(now::obstacle);
        }

        /** What the guard would do, as in {@code roll back to web:41}. */
        String deed() {
            return special()
                    .map(OtherRemedy::inWords)
                    .orElseGet(() -> "roll back to " + now.target().orElseThrow());
        }

        Decision advise(String because) {
            return new Decision.Advise(advice(diagnosis), outlook(), Optional.empty(), because);
        }

        Decision wouldHave(String because) {
            return new Decision.Advise(advice(diagnosis), outlook(), Optional.of(remedy()), because);
        }

        /** In the order in which the table first reads them. */
        List<Input> inputs() {
            return List.of(
                    new Input("superseded by", now.supersededBy().orElse("nothing")),
                    new Input("rollback under way", now.rollbackUnderWay().orElse("no")),
                    new Input(
                            "cause",
                            identified()
                                    .map(found -> found.isOpen()
                                            ? "%s, a guess".formatted(found.cause())
                                            : "%s, by rule %s".formatted(found.cause(), found.rule()))
                                    .orElse("unknown")),
                    new Input(
                            "confidence",
                            identified()
                                    .map(found -> "%d %%, enough from %d %% on"
                                            .formatted(percent(found.confidence()), Math.round(SURE * 100)))
                                    .orElse("none")),
                    new Input(
                            "standing of the rule",
                            identified()
                                    .map(found -> found.isOpen() ? "none" : found.proven() ? "proven" : "on trial")
                                    .orElse("none")),
                    new Input(
                            "outlook",
                            "%s, by %s: %s"
                                    .formatted(helps(), judged.rule(), outlook().because())),
                    new Input(
                            "earlier tasks",
                            "%d of %d running ones are healthy".formatted(now.oldHealthy(), now.oldRunning())),
                    new Input("circuit breaker", now.breaker().orElse("would not go back")),
                    new Input("target", now.target().orElse("none is known to have been healthy")),
                    new Input("schema", now.schemaMoved().orElse("nothing shows that it moved")),
                    new Input("controller", now.controller().toString()),
                    new Input(
                            "other remedy",
                            now.otherRemedy().map(OtherRemedy::inWords).orElse("none is opted in to")),
                    new Input(
                            "way back", now.wayBack().map(OtherRemedy::inWords).orElse("the plain one")),
                    new Input("obstacle", obstacle().orElse("none")),
                    new Input("mode", "%s, by %s".formatted(mode(), now.mode().by())),
                    new Input("budget", now.brake().orElse("left")));
        }

        private String helps() {
            return outlook().helps().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }
}
