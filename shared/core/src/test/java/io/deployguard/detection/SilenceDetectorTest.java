package io.deployguard.detection;

import static io.deployguard.fixture.DefinitionBuilder.aDefinition;
import static io.deployguard.fixture.DeploymentBuilder.aDeploymentOf;
import static io.deployguard.fixture.FixedTime.NOON;
import static io.deployguard.fixture.RolloutBuilder.aRolloutOf;
import static io.deployguard.fixture.Shop.NEW;
import static io.deployguard.fixture.Shop.WEB;
import static io.deployguard.fixture.SnapshotBuilder.aSnapshot;
import static io.deployguard.fixture.TaskBuilder.aTask;
import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.ecs.Container.Health;
import io.deployguard.ecs.TaskDefinition;
import io.deployguard.fixture.SnapshotBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SilenceDetectorTest {

    private static final TaskDefinition UNCHECKED = aDefinition().build();
    private static final TaskDefinition CHECKED = aDefinition()
            .healthCheck(Duration.ofSeconds(300), Duration.ofSeconds(30), 4)
            .build();

    private static Optional<Detection.Silence> after(
            long seconds, SnapshotBuilder snapshot, TaskDefinition definition) {
        return after(seconds, snapshot, definition, Optional.empty());
    }

    private static Optional<Detection.Silence> after(
            long seconds, SnapshotBuilder snapshot, TaskDefinition definition, Optional<Duration> usual) {
        var now = NOON.plusSeconds(seconds);
        return new SilenceDetector()
                .detect(
                        new Observation(
                                Optional.empty(),
                                WEB,
                                NEW,
                                List.of(),
                                false,
                                Optional.of(new Observation.Look(
                                        snapshot.at(now).build(),
                                        Optional.of(definition),
                                        NOON,
                                        usual,
                                        Optional.empty())),
                                now),
                        DetectionSettings.DEFAULT);
    }

    /** A pause hook may hold a deployment for days before its first task. */
    @ParameterizedTest
    @CsvSource({
        "RECONCILE_SERVICE, false",
        "PRE_SCALE_UP, false",
        "SCALE_UP, true",
        "POST_SCALE_UP, true",
        "BAKE_TIME, true",
        "A_STAGE_OF_TOMORROW, true"
    })
    void isNoSilenceWhereNoTaskHasBeenAskedFor(String stage, boolean silent) {
        var held = aSnapshot().deployments(aDeploymentOf(NEW).stage(stage).build());

        assertThat(after(86_400, held, UNCHECKED).isPresent()).isEqualTo(silent);
    }

    @Nested
    class Breaks {

        @ParameterizedTest
        @CsvSource({"299, false", "300, true"})
        void afterFiveMinutesWhereNoCheckAsksForMore(long seconds, boolean silent) {
            assertThat(after(seconds, aSnapshot(), UNCHECKED).isPresent()).isEqualTo(silent);
        }

        @ParameterizedTest
        @CsvSource({"479, false", "480, true"})
        void afterThePatienceOfItsChecksAndTheGracePeriod(long seconds, boolean silent) {
            var snapshot = aSnapshot().gracePeriod(Duration.ofSeconds(60));

            assertThat(after(seconds, snapshot, CHECKED).isPresent()).isEqualTo(silent);
        }

        @ParameterizedTest
        @CsvSource({"100, 300", "240, 480"})
        void afterTwiceTheUsualTimeAndNotBeforeFiveMinutes(long usual, long silentFrom) {
            var known = Optional.of(Duration.ofSeconds(usual));

            assertThat(after(silentFrom - 1, aSnapshot(), CHECKED, known)).isEmpty();
            assertThat(after(silentFrom, aSnapshot(), CHECKED, known)).isPresent();
        }

        @Test
        void whileAContainerCheckHasNoResultYet() {
            var hanging = aSnapshot().tasks(aTask().startedAt(NOON).build());

            assertThat(after(600, hanging, CHECKED)).isPresent();
            assertThat(after(600, hanging, UNCHECKED))
                    .as("without a check a running task is a healthy one")
                    .isEmpty();
        }
    }

    @Test
    void isTheSameSignEveryMinute() {
        assertThat(after(300, aSnapshot(), UNCHECKED).map(Detection.Silence::because))
                .contains("the deployment has been in progress for more than 5 minutes without a healthy task")
                .isEqualTo(after(3_600, aSnapshot(), UNCHECKED).map(Detection.Silence::because));
    }

    @Nested
    class IsNotHeard {

        @Test
        void onceATaskIsHealthy() {
            var healthy = aSnapshot().tasks(aTask().health(Health.HEALTHY).build());

            assertThat(after(3_600, healthy, CHECKED)).isEmpty();
        }

        @Test
        void whenNoTaskIsWanted() {
            assertThat(after(3_600, aSnapshot().desired(0), UNCHECKED)).isEmpty();
        }

        @ParameterizedTest
        @CsvSource({"COMPLETED", "FAILED"})
        void onceTheDeploymentHasEnded(String state) {
            var ended = aSnapshot().rollouts(aRolloutOf(NEW).state(state).build());

            assertThat(after(3_600, ended, UNCHECKED)).isEmpty();
        }

        @Test
        void whenTheDeploymentIsNotThere() {
            assertThat(after(3_600, aSnapshot().rollouts(), UNCHECKED)).isEmpty();
        }
    }
}
