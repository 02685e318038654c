package io.deployguard.decision;

import static io.deployguard.fixture.CircumstancesBuilder.ASK_UNTIL;
import static io.deployguard.fixture.CircumstancesBuilder.circumstances;
import static io.deployguard.fixture.DiagnosisBuilder.UNKNOWN;
import static io.deployguard.fixture.DiagnosisBuilder.aDiagnosis;
import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.classification.Diagnosis;
import io.deployguard.classification.RollbackHelps;
import io.deployguard.ecs.ServiceDescription.Controller;
import io.deployguard.fixture.CircumstancesBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The table, row by row: each of them alone turns the action into something else, says why, and names its rule and what it read. */
class DecisionPolicyTest {

    private static final Diagnosis SURE = aDiagnosis().build();
    private static final Diagnosis DEPENDS =
            aDiagnosis().rollback(RollbackHelps.DEPENDS).build();

    /**
     * One case per row of a table.
     *
     * @param rule the row that must decide
     * @param outlook the row of the outlook that must have answered
     * @param input what the grounds must name
     * @param because what the reason must contain
     */
    record Case(
            String rule,
            String outlook,
            Class<? extends Decision> decision,
            Diagnosis diagnosis,
            CircumstancesBuilder now,
            String input,
            String because) {

        /** Of every fact that is before the table. */
        String inputNames() {
            return DecisionPolicy.decide(diagnosis, now.build()).grounds().inputs().stream()
                    .map(Grounds.Input::name)
                    .collect(Collectors.joining(", "));
        }

        @Override
        public String toString() {
            return rule + " by " + outlook + ", " + input;
        }
    }

    static List<Case> cases() {
        return List.of(
                of(
                        "superseded",
                        Decision.StandDown.class,
                        circumstances().supersededBy("deployment ecs-svc/9 took its place"),
                        "superseded by: deployment ecs-svc/9 took its place",
                        "ecs-svc/9"),
                of(
                        "rollback-under-way",
                        Decision.StandDown.class,
                        circumstances().rollingBack("by ECS's circuit breaker"),
                        "rollback under way: by ECS's circuit breaker",
                        "circuit breaker"),
                of(
                        "not-a-failure",
                        Decision.StandDown.class,
                        aDiagnosis().cause("not-a-failure").build(),
                        circumstances(),
                        "cause: not-a-failure, by rule rule-of-not-a-failure",
                        "nothing is wrong"),
                // To keep silent is more than to inform.
                new Case(
                        "cause-unknown",
                        "outlook-unknown",
                        Decision.Advise.class,
                        aDiagnosis().guessed().build(),
                        circumstances(),
                        "cause: migration-conflict, a guess",
                        "acts on none it cannot name"),
                new Case(
                        "roll-back-as-breaker",
                        "outlook-as-breaker",
                        Decision.Act.class,
                        aDiagnosis()
                                .guessed()
                                .rollback(RollbackHelps.DOES_NOT_HELP)
                                .build(),
                        circumstances().breaker("none was ever healthy, and 3 have failed"),
                        "circuit breaker: none was ever healthy, and 3 have failed",
                        "the cause is not known for sure"),
                new Case(
                        "rollback-does-not-help",
                        "outlook-outside",
                        Decision.Advise.class,
                        aDiagnosis()
                                .cause("not-a-failure")
                                .rollback(RollbackHelps.DOES_NOT_HELP)
                                .onTrial()
                                .build(),
                        circumstances(),
                        "cause: not-a-failure, by rule rule-of-not-a-failure",
                        "a rollback does not help"),
                new Case(
                        "cause-unknown",
                        "outlook-unknown",
                        Decision.Advise.class,
                        UNKNOWN,
                        circumstances(),
                        "cause: unknown",
                        "acts on none it cannot name"),
                new Case(
                        "roll-back-as-breaker",
                        "outlook-as-breaker",
                        Decision.Act.class,
                        UNKNOWN,
                        circumstances().breaker("none was ever healthy, and 3 have failed"),
                        "circuit breaker: none was ever healthy, and 3 have failed",
                        "mode is auto, and the cause is not known for sure; none was ever healthy, and 3 have failed, and 2 of 2 earlier tasks are healthy"),
                new Case(
                        "cause-unknown",
                        "outlook-unknown",
                        Decision.Advise.class,
                        UNKNOWN,
                        circumstances().breaker("3 have failed").old(2, 1),
                        "earlier tasks: 1 of 2 running ones are healthy",
                        "acts on none it cannot name"),
                new Case(
                        "rollback-does-not-help",
                        "outlook-outside",
                        Decision.Advise.class,
                        aDiagnosis().rollback(RollbackHelps.DOES_NOT_HELP).build(),
                        circumstances(),
                        "outlook: does not help, by outlook-outside: the cause lies outside the image and the task definition, and the earlier revision meets it as well",
                        "a rollback does not help"),
                new Case(
                        "rollback-does-not-help",
                        "outlook-earlier-tasks",
                        Decision.Advise.class,
                        SURE,
                        circumstances().old(2, 0),
                        "earlier tasks: 0 of 2 running ones are healthy",
                        "not healthy either"),
                new Case(
                        "rollback-does-not-help",
                        "outlook-no-target",
                        Decision.Advise.class,
                        SURE,
                        circumstances().withoutTarget(),
                        "target: none is known to have been healthy",
                        "no earlier revision"),
                new Case(
                        "rollback-depends",
                        "outlook-schema",
                        Decision.Advise.class,
                        SURE,
                        circumstances().schemaMoved("it applied migration 0012"),
                        "schema: it applied migration 0012",
                        "it applied migration 0012, so web:41 meets a newer schema"),
                new Case(
                        "rollback-depends",
                        "outlook-depends",
                        Decision.Advise.class,
                        aDiagnosis().rollback(RollbackHelps.DEPENDS).build(),
                        circumstances(),
                        "target: web:41",
                        "for a person to say"),
                of(
                        "rule-on-trial",
                        Decision.Advise.class,
                        aDiagnosis().onTrial().build(),
                        circumstances(),
                        "standing of the rule: on trial",
                        "on trial"),
                of(
                        "not-sure-enough",
                        Decision.Advise.class,
                        aDiagnosis().confidence(0.89).build(),
                        circumstances(),
                        "confidence: 89 %, enough from 90 % on",
                        "89 % sure and acts from 90 % on"),
                of(
                        "another-controller",
                        Decision.Advise.class,
                        circumstances().controller(Controller.EXTERNAL),
                        "controller: EXTERNAL",
                        "EXTERNAL"),
                of(
                        "obstacle",
                        Decision.Advise.class,
                        circumstances().obstacle("its target is INACTIVE"),
                        "obstacle: its target is INACTIVE",
                        "cannot be done: its target is INACTIVE"),
                of(
                        "mode-observe",
                        Decision.Advise.class,
                        circumstances().mode(Mode.OBSERVE),
                        "mode: observe, by the service's tag",
                        "would roll back to web:41"),
                of(
                        "mode-ask",
                        Decision.Ask.class,
                        circumstances().mode(Mode.ASK),
                        "mode: ask, by the service's tag",
                        "a person decides whether to roll back to web:41"),
                of(
                        "brake",
                        Decision.Advise.class,
                        circumstances().brake("60 services began to fail within 120 s"),
                        "budget: 60 services began to fail within 120 s",
                        "automatic action pauses"),
                new Case(
                        "other-remedy",
                        "outlook-depends",
                        Decision.Act.class,
                        DEPENDS,
                        circumstances().otherRemedy(Optional.empty()),
                        "other remedy: run migration task web-migrate, then deploy web:42 once more",
                        "the service wants the guard to run migration task web-migrate"),
                new Case(
                        "other-remedy",
                        "outlook-outside",
                        Decision.Act.class,
                        aDiagnosis().rollback(RollbackHelps.DOES_NOT_HELP).build(),
                        circumstances().otherRemedy(Optional.empty()).withoutTarget(),
                        "target: none is known to have been healthy",
                        "the service wants the guard to run migration task web-migrate"),
                new Case(
                        "obstacle",
                        "outlook-depends",
                        Decision.Advise.class,
                        DEPENDS,
                        circumstances().otherRemedy(Optional.of("another task runs")),
                        "obstacle: another task runs",
                        "would help and cannot be done: another task runs"),
                new Case(
                        "mode-ask",
                        "outlook-depends",
                        Decision.Ask.class,
                        DEPENDS,
                        circumstances().otherRemedy(Optional.empty()).mode(Mode.ASK),
                        "mode: ask, by the service's tag",
                        "a person decides whether to run migration task web-migrate"),
                new Case(
                        "mode-observe",
                        "outlook-depends",
                        Decision.Advise.class,
                        DEPENDS,
                        circumstances().otherRemedy(Optional.empty()).mode(Mode.OBSERVE),
                        "mode: observe, by the service's tag",
                        "in mode auto the guard would run migration task web-migrate"),
                // What surely helps needs no opting in.
                of(
                        "roll-back",
                        Decision.Act.class,
                        circumstances().otherRemedy(Optional.of("another task runs")),
                        "obstacle: none",
                        "mode is auto, the cause is sure, and the defect came with this revision"),
                of(
                        "roll-back",
                        Decision.Act.class,
                        circumstances(),
                        "budget: left",
                        "mode is auto, the cause is sure, and the defect came with this revision"));
    }

    private static Case of(
            String rule, Class<? extends Decision> decision, CircumstancesBuilder now, String input, String because) {
        return of(rule, decision, SURE, now, input, because);
    }

    private static Case of(
            String rule,
            Class<? extends Decision> decision,
            Diagnosis diagnosis,
            CircumstancesBuilder now,
            String input,
            String because) {
        return new Case(rule, "outlook-helps", decision, diagnosis, now, input, because);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aRowDecidesAndNamesWhatItRead(Case row) {
        var ruling = DecisionPolicy.decide(row.diagnosis, row.now.build());

        assertThat(ruling.grounds().rule()).isEqualTo(row.rule);
        assertThat(ruling.decision()).isInstanceOf(row.decision);
        assertThat(ruling.decision().because()).contains(row.because);
        assertThat(RollbackOutlook.judge(row.diagnosis, row.now.build()).rule()).isEqualTo(row.outlook);
        assertThat(ruling.grounds().inputs())
                .hasSize(16)
                .extracting(input -> input.name() + ": " + input.value())
                .contains(row.input);
    }

    @Test
    void everyRowHasItsCase() {
        assertThat(cases().stream().map(Case::rule).collect(Collectors.toSet()))
                .isEqualTo(DecisionPolicy.TABLE.stream()
                        .map(DecisionPolicy.Row::id)
                        .collect(Collectors.toSet()));
        assertThat(cases().stream().map(Case::outlook).collect(Collectors.toSet()))
                .isEqualTo(RollbackOutlook.TABLE.stream()
                        .map(RollbackOutlook.Row::id)
                        .collect(Collectors.toSet()));
    }

    @Test
    void aRowComesBeforeThoseBelowIt() {
        var order = DecisionPolicy.TABLE.stream().map(DecisionPolicy.Row::id).toList();
        var now = circumstances().brake("a storm");
        var seen = new ArrayList<String>();
        seen.add(decidedBy(DEPENDS, circumstances().otherRemedy(Optional.empty())));
        seen.add(decidedBy(UNKNOWN, circumstances().breaker("3 have failed")));
        seen.add(decidedBy(SURE, now));
        seen.add(decidedBy(SURE, now.mode(Mode.ASK)));
        seen.add(decidedBy(SURE, now.mode(Mode.OBSERVE)));
        seen.add(decidedBy(SURE, now.obstacle("in the way")));
        seen.add(decidedBy(SURE, now.controller(Controller.EXTERNAL)));
        seen.add(decidedBy(aDiagnosis().confidence(0.5).build(), now));
        seen.add(decidedBy(aDiagnosis().confidence(0.5).onTrial().build(), now));
        seen.add(decidedBy(aDiagnosis().confidence(0.5).onTrial().build(), now.schemaMoved("it moved")));
        seen.add(decidedBy(aDiagnosis().confidence(0.5).onTrial().build(), now.withoutTarget()));
        seen.add(decidedBy(UNKNOWN, now));
        seen.add(decidedBy(aDiagnosis().cause("not-a-failure").build(), now));
        seen.add(decidedBy(UNKNOWN, now.rollingBack("ECS")));
        seen.add(decidedBy(UNKNOWN, now.supersededBy("another")));

        assertThat(seen.reversed()).isEqualTo(order.subList(0, order.size() - 1));
    }

    private static String decidedBy(Diagnosis diagnosis, CircumstancesBuilder now) {
        return DecisionPolicy.decide(diagnosis, now.build()).grounds().rule();
    }

    @Test
    void asksUntilThen() {
        assertThat(DecisionPolicy.decide(SURE, circumstances().mode(Mode.ASK).build())
                        .decision())
                .isInstanceOfSatisfying(Decision.Ask.class, ask -> {
                    assertThat(ask.until()).isEqualTo(ASK_UNTIL);
                    assertThat(ask.remedy()).isEqualTo(DecisionPolicy.ROLL_BACK);
                    assertThat(ask.outlook().helps()).isEqualTo(RollbackHelps.HELPS);
                });
    }

    @Test
    void saysWhatItWouldHaveDoneWhereOnlyModeOrBudgetHoldItBack() {
        var held = new TreeMap<String, Optional<?>>();
        for (var row : cases()) {
            if (DecisionPolicy.decide(row.diagnosis, row.now.build()).decision() instanceof Decision.Advise advise) {
                held.put(row.rule, advise.wouldDo());
            }
        }
        assertThat(held.entrySet().stream()
                        .filter(row -> row.getValue().isPresent())
                        .map(Map.Entry::getKey))
                .containsExactly("brake", "mode-observe");
    }

    @Nested
    class TheBudget {

        private final ActionBudget budget = ActionBudget.DEFAULT;

        @Test
        void isLeftAtFirst() {
            assertThat(budget.brake(0, 1)).isEmpty();
            assertThat(budget.brake(9, 5)).isEmpty();
        }

        @Test
        void isSpentAfterSoManyActionsWithinAnHour() {
            assertThat(budget.brake(10, 1))
                    .hasValueSatisfying(why -> assertThat(why).contains("acted 10 times"));
        }

        @Test
        void pausesInAStorm() {
            assertThat(budget.brake(0, 6))
                    .hasValueSatisfying(why -> assertThat(why).contains("6 services", "120 s"));
        }
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void noModeActsInAStorm(Mode mode) {
        assertThat(DecisionPolicy.decide(
                                SURE,
                                circumstances().mode(mode).brake("a storm").build())
                        .decision())
                .isNotInstanceOf(Decision.Act.class);
    }
}
