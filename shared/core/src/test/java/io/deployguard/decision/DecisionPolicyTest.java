package io.deployguard.decision;

import static io.deployguard.fixture.DiagnosisBuilder.UNKNOWN;
import static io.deployguard.fixture.DiagnosisBuilder.aDiagnosis;
import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.classification.Diagnosis;
import io.deployguard.classification.RollbackHelps;
import io.deployguard.ecs.ServiceDescription.Controller;
import io.deployguard.fixture.DiagnosisBuilder;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DecisionPolicyTest {

    private static final String TARGET = "arn:aws:ecs:eu-central-1:123456789012:task-definition/web:7";

    /** Mode auto, nothing in the way, two healthy tasks of the earlier revision. */
    private static final Circumstances CLEAR = new Circumstances(
            Mode.AUTO,
            Optional.empty(),
            Optional.empty(),
            Controller.ECS,
            Optional.of(TARGET),
            Optional.empty(),
            Optional.empty(),
            2,
            2);

    private static final Diagnosis SURE = aDiagnosis().build();

    /** Row by row; each of them alone turns the action into something else, and says why. */
    @Nested
    class EachRow {

        @Test
        void actsWhenNothingIsInTheWay() {
            assertThat(DecisionPolicy.decide(SURE, CLEAR)).isInstanceOfSatisfying(Decision.Act.class, act -> {
                assertThat(act.remedy()).isEqualTo(DecisionPolicy.ROLL_BACK);
                assertThat(act.because()).contains("mode is auto").contains("web:7");
            });
        }

        @Test
        void aSupersededRevisionIsLeftAlone() {
            var now = new Change()
                    .supersededBy("deployment ecs-svc/9 took its place")
                    .now();

            assertStandsDown(SURE, now, Decision.Reason.SUPERSEDED, "ecs-svc/9 took its place");
        }

        @Test
        void aRollbackUnderWayIsLeftAlone() {
            var now = new Change().rollbackUnderWay("by ECS's circuit breaker").now();

            assertStandsDown(SURE, now, Decision.Reason.ROLLBACK_UNDER_WAY, "circuit breaker");
        }

        @Test
        void nothingIsDoneAboutWhatIsNoFailure() {
            var diagnosis = aDiagnosis()
                    .cause("not-a-failure")
                    .rollback(RollbackHelps.DOES_NOT_HELP)
                    .build();

            assertStandsDown(diagnosis, CLEAR, Decision.Reason.NOTHING_WRONG, "nothing is wrong");
        }

        @Test
        void aRuleOnTrialThatSeesNoFailureKeepsNobodySilent() {
            var diagnosis = aDiagnosis()
                    .cause("not-a-failure")
                    .rollback(RollbackHelps.DOES_NOT_HELP)
                    .onTrial()
                    .build();

            assertAdvises(diagnosis, CLEAR, "a rollback does not help");
        }

        @Test
        void anUnknownCauseIsForAPerson() {
            assertAdvises(UNKNOWN, CLEAR, "acts on none it cannot name");
        }

        @Test
        void whatARollbackDoesNotCureIsForAPerson() {
            assertAdvises(
                    aDiagnosis().rollback(RollbackHelps.DOES_NOT_HELP).build(), CLEAR, "a rollback does not help");
        }

        @Test
        void whatARollbackMayCureIsForAPerson() {
            assertAdvises(aDiagnosis().rollback(RollbackHelps.DEPENDS).build(), CLEAR, "for a person to say");
        }

        @Test
        void brokenTasksOfTheEarlierRevisionSpeakAgainstIt() {
            assertAdvises(SURE, new Change().old(2, 0).now(), "not healthy either");
        }

        @Test
        void aSchemaThatMovedForwardIsForAPerson() {
            assertAdvises(
                    SURE, new Change().schemaMoved("it applied migration 0012").now(), "it applied migration 0012");
        }

        @Test
        void withoutARevisionThatWasHealthyThereIsNowhereToGo() {
            assertAdvises(SURE, new Change().target(Optional.empty()).now(), "no earlier revision");
        }

        @Test
        void aRuleOnTrialOnlyInforms() {
            assertAdvises(aDiagnosis().onTrial().build(), CLEAR, "on trial");
        }

        @Test
        void aCauseThatIsNotSureOnlyInforms() {
            assertAdvises(aDiagnosis().confidence(0.89).build(), CLEAR, "89 % sure and acts from 90 % on");
        }

        @ParameterizedTest
        @EnumSource(value = Controller.class, names = "ECS", mode = EnumSource.Mode.EXCLUDE)
        void anotherControllersDeploymentsAreItsOwn(Controller controller) {
            assertAdvises(SURE, new Change().controller(controller).now(), controller.toString());
        }

        @Test
        void whatCannotBeCarriedOutIsNotPromised() {
            assertAdvises(
                    SURE,
                    new Change().obstacle("its target is INACTIVE").now(),
                    "cannot be done: its target is INACTIVE");
        }

        @ParameterizedTest
        @EnumSource(
                value = Mode.class,
                names = {"OBSERVE", "ASK"})
        void otherModesSayWhatTheyWouldHaveDone(Mode mode) {
            assertThat(DecisionPolicy.decide(SURE, new Change().mode(mode).now()))
                    .isInstanceOfSatisfying(Decision.Advise.class, advise -> {
                        assertThat(advise.wouldDo()).contains(DecisionPolicy.ROLL_BACK);
                        assertThat(advise.because()).contains("mode is " + mode).contains("web:7");
                    });
        }

        private static void assertAdvises(Diagnosis diagnosis, Circumstances now, String because) {
            assertThat(DecisionPolicy.decide(diagnosis, now)).isInstanceOfSatisfying(Decision.Advise.class, advise -> {
                assertThat(advise.wouldDo()).isEmpty();
                assertThat(advise.because()).contains(because);
            });
        }

        private static void assertStandsDown(
                Diagnosis diagnosis, Circumstances now, Decision.Reason reason, String because) {
            assertThat(DecisionPolicy.decide(diagnosis, now))
                    .isInstanceOfSatisfying(Decision.StandDown.class, decision -> {
                        assertThat(decision.reason()).isEqualTo(reason);
                        assertThat(decision.because()).contains(because);
                    });
        }
    }

    /** Whatever else is the case: no action when any one fact speaks against it. */
    @Test
    void neverActsAgainstAFact() {
        var random = new Random(20_260_203);
        var acted = 0;
        for (var round = 0; round < 20_000; round++) {
            var diagnosis = anyDiagnosis(random);
            var now = anyCircumstances(random);

            var decision = DecisionPolicy.decide(diagnosis, now);

            assertThat(decision.because()).isNotBlank();
            if (decision instanceof Decision.Act) {
                acted++;
                assertThat(speaksAgainst(diagnosis, now))
                        .as("%s under %s", diagnosis, now)
                        .isEmpty();
            }
        }
        assertThat(acted).as("rounds that acted").isGreaterThan(10);
    }

    private static List<String> speaksAgainst(Diagnosis diagnosis, Circumstances now) {
        if (!(diagnosis instanceof Diagnosis.Identified found)) {
            return List.of("unknown cause");
        }
        record Fact(String name, boolean holds) {}
        return List.of(
                        new Fact("superseded", now.supersededBy().isPresent()),
                        new Fact("rollback under way", now.rollbackUnderWay().isPresent()),
                        new Fact("other controller", now.controller() != Controller.ECS),
                        new Fact("obstacle", now.obstacle().isPresent()),
                        new Fact("mode", now.mode() != Mode.AUTO),
                        new Fact("no target", now.targetTaskDefinition().isEmpty()),
                        new Fact("schema moved", now.schemaMoved().isPresent()),
                        new Fact("old tasks broken", now.oldRunning() > 0 && now.oldHealthy() == 0),
                        new Fact("not sure", found.confidence() < DecisionPolicy.SURE),
                        new Fact("on trial", !found.proven()),
                        new Fact("no failure", found.cause().value().equals("not-a-failure")),
                        new Fact("does not help", found.rollback() != RollbackHelps.HELPS))
                .stream()
                .filter(Fact::holds)
                .map(Fact::name)
                .toList();
    }

    private static Diagnosis anyDiagnosis(Random random) {
        if (random.nextInt(10) == 0) {
            return UNKNOWN;
        }
        var builder = aDiagnosis()
                .cause(random.nextInt(8) == 0 ? "not-a-failure" : "migration-conflict")
                .confidence(random.nextBoolean() ? 0.95 : random.nextDouble())
                .rollback(random.nextBoolean() ? RollbackHelps.HELPS : any(random, RollbackHelps.values()));
        return (random.nextInt(5) == 0 ? onTrial(builder) : builder).build();
    }

    private static DiagnosisBuilder onTrial(DiagnosisBuilder builder) {
        return builder.onTrial();
    }

    private static Circumstances anyCircumstances(Random random) {
        var running = random.nextInt(4);
        return new Circumstances(
                random.nextBoolean() ? Mode.AUTO : any(random, Mode.values()),
                sometimes(random, "another deployment"),
                sometimes(random, "by a person"),
                random.nextInt(5) > 0 ? Controller.ECS : any(random, Controller.values()),
                random.nextInt(5) > 0 ? Optional.of(TARGET) : Optional.empty(),
                sometimes(random, "condemned"),
                sometimes(random, "it applied migration 0012"),
                running,
                random.nextInt(running + 1));
    }

    private static Optional<String> sometimes(Random random, String text) {
        return random.nextInt(5) == 0 ? Optional.of(text) : Optional.empty();
    }

    private static <T> T any(Random random, T[] values) {
        return values[random.nextInt(values.length)];
    }

    /** The clear circumstances with one fact changed. */
    private static final class Change {
        private Circumstances now = CLEAR;

        Circumstances now() {
            return now;
        }

        Change mode(Mode mode) {
            return with(mode, now.supersededBy(), now.rollbackUnderWay(), now.controller(), now.targetTaskDefinition());
        }

        Change supersededBy(String what) {
            return with(
                    now.mode(),
                    Optional.of(what),
                    now.rollbackUnderWay(),
                    now.controller(),
                    now.targetTaskDefinition());
        }

        Change rollbackUnderWay(String who) {
            return with(now.mode(), now.supersededBy(), Optional.of(who), now.controller(), now.targetTaskDefinition());
        }

        Change controller(Controller controller) {
            return with(now.mode(), now.supersededBy(), now.rollbackUnderWay(), controller, now.targetTaskDefinition());
        }

        Change target(Optional<String> target) {
            return with(now.mode(), now.supersededBy(), now.rollbackUnderWay(), now.controller(), target);
        }

        private Change with(
                Mode mode,
                Optional<String> superseded,
                Optional<String> rollback,
                Controller controller,
                Optional<String> target) {
            now = new Circumstances(
                    mode,
                    superseded,
                    rollback,
                    controller,
                    target,
                    now.obstacle(),
                    now.schemaMoved(),
                    now.oldRunning(),
                    now.oldHealthy());
            return this;
        }

        Change obstacle(String why) {
            now = new Circumstances(
                    now.mode(),
                    now.supersededBy(),
                    now.rollbackUnderWay(),
                    now.controller(),
                    now.targetTaskDefinition(),
                    Optional.of(why),
                    now.schemaMoved(),
                    now.oldRunning(),
                    now.oldHealthy());
            return this;
        }

        Change schemaMoved(String how) {
            now = new Circumstances(
                    now.mode(),
                    now.supersededBy(),
                    now.rollbackUnderWay(),
                    now.controller(),
                    now.targetTaskDefinition(),
                    now.obstacle(),
                    Optional.of(how),
                    now.oldRunning(),
                    now.oldHealthy());
            return this;
        }

        Change old(int running, int healthy) {
            now = new Circumstances(
                    now.mode(),
                    now.supersededBy(),
                    now.rollbackUnderWay(),
                    now.controller(),
                    now.targetTaskDefinition(),
                    now.obstacle(),
                    now.schemaMoved(),
                    running,
                    healthy);
            return this;
        }
    }
}
