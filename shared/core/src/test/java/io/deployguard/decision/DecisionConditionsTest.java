package io.deployguard.decision;

import static io.deployguard.fixture.CircumstancesBuilder.circumstances;
import static io.deployguard.fixture.DiagnosisBuilder.UNKNOWN;
import static io.deployguard.fixture.DiagnosisBuilder.aDiagnosis;
import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.classification.Diagnosis;
import io.deployguard.classification.RollbackHelps;
import io.deployguard.decision.Decision.Act;
import io.deployguard.decision.Decision.Advise;
import io.deployguard.ecs.ServiceDescription.Controller;
import io.deployguard.fixture.CircumstancesBuilder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The conditions for an action once more, without the table: it acts when all of them hold, and never when one does not. */
class DecisionConditionsTest {

    private static final Diagnosis SURE = aDiagnosis().build();

    private static Decision decide(Diagnosis diagnosis, CircumstancesBuilder now) {
        return DecisionPolicy.decide(diagnosis, now.build()).decision();
    }

    @Nested
    class Acts {

        @Test
        void onASureCauseThatARollbackCuresInModeAuto() {
            assertThat(decide(SURE, circumstances())).isInstanceOfSatisfying(Act.class, act -> {
                assertThat(act.remedy().action()).isEqualTo("roll-back");
                assertThat(act.outlook().helps()).isEqualTo(RollbackHelps.HELPS);
                assertThat(act.because()).contains("mode is auto", "the cause is sure", "web:41 was healthy before it");
            });
        }

        @ParameterizedTest
        @CsvSource({"0.9, true", "0.8999, false"})
        void fromNinetyPercentOn(double confidence, boolean acts) {
            assertThat(decide(aDiagnosis().confidence(confidence).build(), circumstances()) instanceof Act)
                    .isEqualTo(acts);
        }

        @Test
        void whenNoTaskOfTheEarlierRevisionIsLeft() {
            assertThat(decide(SURE, circumstances().old(0, 0))).isInstanceOf(Act.class);
        }

        @Test
        void whenOneTaskOfTheEarlierRevisionIsStillHealthy() {
            assertThat(decide(SURE, circumstances().old(3, 1))).isInstanceOf(Act.class);
        }
    }

    @Test
    void goesBackToACopyWhereThePlainWayIsBarred() {
        assertThat(decide(SURE, circumstances().wayBack(Optional.empty())))
                .isInstanceOfSatisfying(
                        Act.class, act -> assertThat(act.remedy().action()).isEqualTo("re-register-then-roll-back"));
        assertThat(decide(SURE, circumstances().wayBack(Optional.of("denied"))))
                .isInstanceOfSatisfying(
                        Advise.class,
                        advise -> assertThat(advise.because())
                                .isEqualTo("a rollback would help and cannot be done: denied"));
        assertThat(decide(SURE, circumstances().wayBack(Optional.empty()).mode(Mode.OBSERVE))
                        .because())
                .endsWith("would register web:41 once more and roll back to the copy");
    }

    @Test
    void saysThatTheCauseIsNotKnownWhenItActsLikeTheBreaker() {
        var act = (Act) decide(UNKNOWN, circumstances().breaker("3 have failed"));

        assertThat(act.because()).contains("the cause is not known").doesNotContain("sure cause");
        assertThat(act.outlook().because()).startsWith("the cause is not known for sure; 3 have failed");
    }

    @Test
    void neverRoundsUpToWhatWouldHaveBeenEnough() {
        assertThat(decide(aDiagnosis().confidence(0.8999).build(), circumstances())
                        .because())
                .contains("89 % sure and acts from 90 % on");
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void hasOneAnswerToAnObstacleInEveryMode(Mode mode) {
        assertThat(decide(SURE, circumstances().obstacle("it is Sunday").mode(mode)))
                .isEqualTo(decide(SURE, circumstances().obstacle("it is Sunday")));
    }

    @Test
    void givesThePersonTheAdviceOfTheCause() {
        assertThat(decide(SURE, circumstances().mode(Mode.OBSERVE)))
                .isInstanceOfSatisfying(
                        Advise.class,
                        advise -> assertThat(advise.remedies())
                                .extracting(remedy -> remedy.text())
                                .containsExactly("Run migrations as a separate step."));
    }

    @Test
    void keepsTheAdviceWhenTheActionCannotBeCarriedOut() {
        var act = (Act) decide(SURE, circumstances());

        var instead = DecisionPolicy.insteadOf(act, Optional.of(SURE), "not rolled back: AWS refused it");

        assertThat(instead.because()).isEqualTo("not rolled back: AWS refused it");
        assertThat(instead.outlook()).isEqualTo(act.outlook());
        assertThat(instead.remedies()).hasSize(1);
        assertThat(instead.wouldDo()).isEmpty();
    }

    private static boolean mayAct(Diagnosis diagnosis, Circumstances now) {
        return now.mode().mode() == Mode.AUTO
                && now.controller() != Controller.EXTERNAL
                && Stream.of(now.supersededBy(), now.rollbackUnderWay(), now.brake())
                        .allMatch(Optional::isEmpty)
                && (goesBack(diagnosis, now) ? mayGoBack(now) : isNamed(diagnosis) && mayDoOtherwise(now));
    }

    private static boolean isNamed(Diagnosis diagnosis) {
        return diagnosis instanceof Diagnosis.Identified found
                && found.confidence() >= 0.9
                && found.proven()
                && !found.cause().value().equals("not-a-failure");
    }

    private static boolean goesBack(Diagnosis diagnosis, Circumstances now) {
        var helps = diagnosis instanceof Diagnosis.Identified found && found.rollback() == RollbackHelps.HELPS;
        var guessed = !(diagnosis instanceof Diagnosis.Identified found)
                || ((found.confidence() < 0.9 || !found.proven()) && helps);
        var asTheBreaker = guessed && now.breaker().isPresent() && now.oldHealthy() > now.oldRunning() / 2.0;
        return ((isNamed(diagnosis) && helps) || asTheBreaker)
                && now.targetTaskDefinition().isPresent()
                && now.schemaMoved().isEmpty()
                && (now.oldRunning() == 0 || now.oldHealthy() > 0);
    }

    private static boolean mayGoBack(Circumstances now) {
        return now.wayBack().map(OtherRemedy::obstacle).orElse(now.obstacle()).isEmpty();
    }

    private static String remedy(Diagnosis diagnosis, Circumstances now) {
        return !goesBack(diagnosis, now)
                ? "run-migration-then-redeploy"
                : now.wayBack().isPresent() ? "re-register-then-roll-back" : "roll-back";
    }

    private static boolean mayDoOtherwise(Circumstances now) {
        return now.otherRemedy().filter(other -> other.obstacle().isEmpty()).isPresent();
    }

    @Test
    void actsUnderExactlyTheseConditionsWhateverTheRestIs() {
        var random = new Random(20260301);
        var acts = 0;
        var kinds = new ArrayList<String>();
        for (var round = 0; round < 20_000; round++) {
            var diagnosis = randomDiagnosis(random);
            var now = randomNow(random);

            var decision = decide(diagnosis, now);

            assertThat(decision instanceof Act)
                    .as("%s under %s: %s", diagnosis, now.build(), decision)
                    .isEqualTo(mayAct(diagnosis, now.build()));
            if (decision instanceof Act act) {
                assertThat(act.remedy().action()).isEqualTo(remedy(diagnosis, now.build()));
                kinds.add(act.remedy().action());
            }
            assertThat(decision.because()).isNotBlank();
            assertThat(decide(diagnosis, now)).as("the same once more").isEqualTo(decision);
            acts += decision instanceof Act ? 1 : 0;
        }
        assertThat(acts).as("rounds in which it acts").isBetween(200, 10_000);
        assertThat(List.of("run-migration-then-redeploy", "re-register-then-roll-back"))
                .allSatisfy(
                        kind -> assertThat(Collections.frequency(kinds, kind)).isGreaterThan(50));
    }

    private static Diagnosis randomDiagnosis(Random random) {
        if (random.nextInt(8) == 0) {
            return UNKNOWN;
        }
        var diagnosis = aDiagnosis()
                .cause(random.nextInt(8) == 0 ? "not-a-failure" : "migration-conflict")
                .confidence(pick(random, List.of(0.0, 0.5, 0.8999, 0.9, 0.97, 1.0)))
                .rollback(random.nextBoolean() ? RollbackHelps.HELPS : pick(random, List.of(RollbackHelps.values())));
        return (random.nextInt(4) == 0 ? diagnosis.onTrial() : diagnosis).build();
    }

    private static CircumstancesBuilder randomNow(Random random) {
        var running = random.nextInt(3);
        var now = circumstances().old(running, random.nextInt(running + 1));
        now = random.nextInt(3) == 0 ? now.mode(pick(random, List.of(Mode.values()))) : now;
        now = random.nextInt(6) == 0 ? now.supersededBy("another") : now;
        now = random.nextInt(6) == 0 ? now.rollingBack("ECS") : now;
        now = random.nextInt(4) == 0 ? now.controller(pick(random, List.of(Controller.values()))) : now;
        now = random.nextInt(6) == 0 ? now.withoutTarget() : now;
        now = random.nextInt(6) == 0 ? now.schemaMoved("it applied migration 7") : now;
        now = random.nextInt(3) == 0 ? now.breaker("3 have failed") : now;
        now = random.nextInt(6) == 0 ? now.brake("a storm") : now;
        now = random.nextInt(3) == 0
                ? now.otherRemedy(random.nextInt(3) == 0 ? Optional.of("it cannot be read") : Optional.empty())
                : now;
        now = random.nextInt(6) == 0 ? now.obstacle("in the way") : now;
        return random.nextInt(4) == 0
                ? now.wayBack(random.nextInt(3) == 0 ? Optional.of("it may not be listed") : Optional.empty())
                : now;
    }

    private static <T> T pick(Random random, List<T> all) {
        return all.get(random.nextInt(all.size()));
    }
}
