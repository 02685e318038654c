package io.deployguard.decision;

import static io.deployguard.fixture.DeploymentBuilder.aDeploymentOf;
import static io.deployguard.fixture.DiagnosisBuilder.UNKNOWN;
import static io.deployguard.fixture.DiagnosisBuilder.aDiagnosis;
import static io.deployguard.fixture.FixedTime.NOON;
import static io.deployguard.fixture.RolloutBuilder.aRolloutOf;
import static io.deployguard.fixture.SnapshotBuilder.aSnapshot;
import static io.deployguard.fixture.TaskBuilder.aStoppedTask;
import static io.deployguard.fixture.TaskBuilder.aTask;
import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.classification.CauseId;
import io.deployguard.classification.Diagnosis;
import io.deployguard.classification.RollbackHelps;
import io.deployguard.ecs.Container;
import io.deployguard.ecs.ServiceDeployment.Status;
import io.deployguard.ecs.ServiceSnapshot;
import io.deployguard.ecs.Stop;
import io.deployguard.ecs.Task;
import io.deployguard.fixture.Shop;
import io.deployguard.fixture.TaskBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BreakerRuleTest {

    private static final Instant BEGAN = NOON.minusSeconds(120);

    private static TaskBuilder aFailure() {
        return aStoppedTask().startedAt(NOON.minusSeconds(5));
    }

    private static List<Task> failures(int count) {
        return IntStream.range(0, count)
                .mapToObj(number -> aFailure().id("failed-" + number).build())
                .toList();
    }

    private static List<Task> failures(int count, Task another) {
        return Stream.concat(failures(count).stream(), Stream.of(another)).toList();
    }

    private static Optional<String> find(ServiceSnapshot snapshot, List<Task> tasks) {
        return BreakerRule.find(snapshot, Shop.NEW, tasks, BEGAN, false);
    }

    private static Optional<String> find(List<Task> tasks) {
        return find(aSnapshot().build(), tasks);
    }

    /** The figures of AWS's page, and those around them. */
    @ParameterizedTest
    @CsvSource({"0, 3", "1, 3", "5, 3", "6, 3", "7, 4", "25, 13", "100, 50", "399, 200", "400, 200", "5000, 200"})
    void waitsForHalfTheDesiredCount(int desired, int threshold) {
        assertThat(BreakerRule.threshold(desired)).isEqualTo(threshold);
    }

    /** Half of what the breaker waits for, 2 to 5. */
    @ParameterizedTest
    @CsvSource({"1, 2", "4, 2", "7, 2", "10, 3", "14, 4", "18, 5", "25, 5", "5000, 5"})
    void needsFewerFailuresThanTheBreakerWhereEveryStartFails(int desired, int threshold) {
        var snapshot = aSnapshot().desired(desired).build();

        assertThat(find(snapshot, failures(threshold - 1))).isEmpty();
        assertThat(find(snapshot, failures(threshold)))
                .contains(
                        "none of its tasks was ever healthy, %d have failed and none has outlived them; ECS's own circuit breaker goes back after %d"
                                .formatted(threshold, BreakerRule.threshold(desired)));
    }

    @Test
    void waitsAsLongAsTheBreakerWhereTheServiceOftenStumblesAtItsStart() {
        var snapshot = aSnapshot().desired(25).build();

        assertThat(BreakerRule.find(snapshot, Shop.NEW, failures(12), BEGAN, true))
                .isEmpty();
        assertThat(BreakerRule.find(snapshot, Shop.NEW, failures(13), BEGAN, true))
                .contains(
                        "none of its tasks was ever healthy, and 13 have failed; ECS's own circuit breaker goes back after 13");
    }

    /** Those that failed ran for five seconds. */
    @ParameterizedTest
    @CsvSource({"10, true", "11, false", "39, false"})
    void waitsAsLongAsTheBreakerOnceATaskHasOutlivedThoseThatFailed(int seconds, boolean early) {
        var survivor = aTask().id("survivor")
                .of(Shop.NEW)
                .health(Container.Health.UNKNOWN)
                .startedAt(NOON.minusSeconds(seconds))
                .build();

        assertThat(find(failures(2, survivor)).isPresent()).isEqualTo(early);
        assertThat(find(failures(3, survivor))).isPresent();
    }

    @ParameterizedTest
    @CsvSource({"1, 2 3", "4, 2 3", "25, 5 10 13", "100, 5 10 20 40 50"})
    void isWorthALookAtAFewFailuresOnly(int desired, String counts) {
        assertThat(IntStream.rangeClosed(0, 300)
                        .filter(failed -> BreakerRule.isWorthALookAt(failed, desired))
                        .mapToObj(String::valueOf))
                .containsExactly(counts.split(" "));
    }

    @Test
    void countsWhatEcsHasCountedWhenEventsWereLost() {
        var snapshot = aSnapshot()
                .rollouts(aRolloutOf(Shop.NEW).failedTasks(3).build())
                .build();

        assertThat(find(snapshot, failures(1))).isPresent();
    }

    @Test
    void countsNoStopThatIsNoFailureAndNoneFromBeforeTheDeployment() {
        assertThat(find(failures(
                        1,
                        aFailure()
                                .stopped(Stop.Code.USER_INITIATED, "by hand", NOON)
                                .build())))
                .isEmpty();
        assertThat(find(failures(
                        1,
                        aFailure()
                                .startedAt(BEGAN.minusSeconds(10))
                                .stoppedAt(BEGAN.minusSeconds(1))
                                .build())))
                .isEmpty();
    }

    @Nested
    class IsOutOfTheQuestion {

        @Test
        void whenATaskIsHealthyNow() {
            assertThat(find(failures(3, aTask().id("serving").build()))).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(ints = {40, 3_600})
        void whenATaskRanForLongEnoughToHaveBeenHealthy(int seconds) {
            assertThat(find(failures(
                            3, aFailure().startedAt(NOON.minusSeconds(seconds)).build())))
                    .isEmpty();
            assertThat(find(failures(
                            3, aFailure().startedAt(NOON.minusSeconds(39)).build())))
                    .isPresent();
        }

        @Test
        void whenAContainerCheckHadPassed() {
            assertThat(find(failures(
                            3, aFailure().health(Container.Health.HEALTHY).build())))
                    .isEmpty();
        }

        @Test
        void whenNobodyKnowsHowLongATaskRan() {
            assertThat(find(failures(3, aFailure().stoppedSometime().build()))).isEmpty();
        }

        @Test
        void onceTheRevisionWasInService() {
            assertThat(find(
                            aSnapshot()
                                    .rollouts(aRolloutOf(Shop.NEW)
                                            .state("COMPLETED")
                                            .build())
                                    .build(),
                            failures(3)))
                    .isEmpty();
            for (var before : List.of(
                    aDeploymentOf(Shop.NEW).status(Status.SUCCESSFUL).build(),
                    aDeploymentOf(Shop.NEWER)
                            .status(Status.ROLLBACK_SUCCESSFUL)
                            .rollbackTo(Shop.NEW)
                            .build())) {
                assertThat(find(
                                aSnapshot()
                                        .deployments(aDeploymentOf(Shop.NEW).build(), before)
                                        .build(),
                                failures(3)))
                        .isEmpty();
            }
        }

        @Test
        void whenTheDeploymentIsNotTheServicesOwnAnyMore() {
            assertThat(find(aSnapshot().rollouts().build(), failures(3))).isEmpty();
        }
    }

    /** A check takes its time; a task that it ends a little later was never healthy. */
    @ParameterizedTest
    @CsvSource({"0, 299, true", "0, 300, false", "120, 419, true", "120, 420, false"})
    void givesChecksTheirTime(int grace, int seconds, boolean goesBack) {
        var killed = aFailure()
                .startedAt(NOON.minusSeconds(seconds))
                .stopped(
                        Stop.Code.SERVICE_SCHEDULER_INITIATED,
                        "Task failed ELB health checks in (target-group arn:aws:…)",
                        NOON)
                .build();
        var snapshot = aSnapshot().gracePeriod(Duration.ofSeconds(grace)).build();

        assertThat(BreakerRule.find(snapshot, Shop.NEW, failures(2, killed), NOON.minusSeconds(1_000), false)
                        .isPresent())
                .isEqualTo(goesBack);
    }

    @Nested
    class IsOpenTo {

        private static Diagnosis considering(RollbackHelps... answers) {
            var considered = new ArrayList<Diagnosis.Alternative>();
            for (var answer : answers) {
                considered.add(new Diagnosis.Alternative(new CauseId("other"), 0.1, Optional.of(answer)));
            }
            return new Diagnosis.Unknown(List.of(), considered, "the evidence does not tell");
        }

        @Test
        void whatNobodyCanName() {
            assertThat(BreakerRule.isOpenTo(UNKNOWN)).isTrue();
            assertThat(BreakerRule.isOpenTo(considering(RollbackHelps.HELPS, RollbackHelps.DEPENDS)))
                    .isTrue();
        }

        @Test
        void nothingOfWhichAnAlternativeSaysThatItDoesNotHelp() {
            assertThat(BreakerRule.isOpenTo(considering(RollbackHelps.HELPS, RollbackHelps.DOES_NOT_HELP)))
                    .isFalse();
        }

        @ParameterizedTest
        @CsvSource({
            "0.5, true, HELPS, true",
            "0.97, false, HELPS, true",
            "0.5, true, DEPENDS, false",
            "0.5, true, DOES_NOT_HELP, false",
            "0.97, false, DOES_NOT_HELP, false",
            "0.97, true, HELPS, false"
        })
        void aGuessOnlyThatSaysItHelps(double confidence, boolean proven, RollbackHelps helps, boolean open) {
            var diagnosis = aDiagnosis().confidence(confidence).rollback(helps);

            assertThat(BreakerRule.isOpenTo((proven ? diagnosis : diagnosis.onTrial()).build()))
                    .isEqualTo(open);
        }
    }
}
