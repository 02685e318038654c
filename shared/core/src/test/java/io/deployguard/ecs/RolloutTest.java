package io.deployguard.ecs;

import static io.deployguard.fixture.RolloutBuilder.aRolloutOf;
import static io.deployguard.fixture.Shop.NEW;
import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.ecs.ServiceDescription.Rollout;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RolloutTest {

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void tellsHowFarItIs(String sentence, Rollout rollout, boolean inProgress, boolean completed, boolean failed) {
        assertThat(rollout.isInProgress()).as("in progress").isEqualTo(inProgress);
        assertThat(rollout.isCompleted()).as("completed").isEqualTo(completed);
        assertThat(rollout.isFailed()).as("failed").isEqualTo(failed);
    }

    static Stream<Arguments> tellsHowFarItIs() {
        var rollout = aRolloutOf(NEW);
        return Stream.of(
                Arguments.of(
                        "ECS says in progress", rollout.state("IN_PROGRESS").build(), true, false, false),
                Arguments.of("ECS says completed", rollout.state("COMPLETED").build(), false, true, false),
                Arguments.of("ECS says failed", rollout.state("FAILED").build(), false, false, true),
                Arguments.of(
                        "behind a Classic Load Balancer the missing task tells",
                        rollout.withoutState().counts(2, 1, 0).build(),
                        true,
                        false,
                        false),
                Arguments.of(
                        "behind a Classic Load Balancer the coming task tells",
                        rollout.withoutState().counts(2, 2, 1).build(),
                        true,
                        false,
                        false),
                Arguments.of(
                        "behind a Classic Load Balancer all tasks run",
                        rollout.withoutState().counts(2, 2, 0).build(),
                        false,
                        true,
                        false),
                Arguments.of(
                        "an earlier one without a state is neither",
                        rollout.withoutState().active().counts(2, 1, 0).build(),
                        false,
                        false,
                        false));
    }
}
