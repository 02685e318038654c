package io.deployguard.decision;

import static io.deployguard.fixture.FixedTime.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.decision.ActionBudget.Failure;
import io.deployguard.decision.ActionBudget.Storm;
import io.deployguard.ecs.ServiceRef;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ActionBudgetTest {

    private static final ActionBudget BUDGET = ActionBudget.DEFAULT;

    private static Failure failure(int service, long second) {
        return new Failure(
                new UUID(service, second),
                new ServiceRef("aws", "eu-central-1", "123456789012", "shop", "service-" + service),
                NOON.plusSeconds(second));
    }

    /** One service after the other. */
    private static List<Failure> every(long seconds, int services) {
        return IntStream.range(0, services)
                .mapToObj(service -> failure(service, service * seconds))
                .toList();
    }

    @Nested
    class AStorm {

        @ParameterizedTest(name = "{0} services, one every {1} seconds: {2}")
        @CsvSource({"5, 1, 0", "6, 1, 6", "6, 24, 6", "6, 25, 0", "60, 1, 60", "60, 20, 60", "60, 30, 0", "1, 1, 0"})
        void isMoreThanFiveServicesWithinTwoMinutes(int services, long seconds, long expected) {
            assertThat(BUDGET.findStorm(every(seconds, services))
                            .map(Storm::services)
                            .orElse(0L))
                    .isEqualTo(expected);
        }

        @Test
        void isNotOneServiceThatFailsAgainAndAgain() {
            assertThat(BUDGET.findStorm(
                            IntStream.range(0, 60).mapToObj(n -> failure(1, n)).toList()))
                    .isEmpty();
        }

        @Test
        void thatIsOverIsNoPartOfTheNext() {
            var both = new ArrayList<>(every(1, 8));
            IntStream.range(20, 28).forEach(service -> both.add(failure(service, 600 + service)));

            assertThat(BUDGET.findStorm(both)).hasValueSatisfying(storm -> {
                assertThat(storm.services()).isEqualTo(8);
                assertThat(storm.beganAt()).isEqualTo(NOON.plusSeconds(620));
            });
        }

        @ParameterizedTest
        @ValueSource(ints = {1, 2, 3, 4, 5})
        void doesNotDependOnTheOrderOfItsFailures(int seed) {
            var random = new Random(seed);
            var failures = new ArrayList<Failure>();
            for (var n = 0; n < 40; n++) {
                failures.add(failure(random.nextInt(20), random.nextInt(900)));
            }
            var expected = BUDGET.findStorm(failures);
            Collections.shuffle(failures, random);

            assertThat(BUDGET.findStorm(failures)).isEqualTo(expected);
        }
    }

    @Test
    void aStormComesBeforeTheCount() {
        assertThat(BUDGET.brake(99, 6))
                .hasValueSatisfying(why -> assertThat(why).contains("6 services"));
        assertThat(BUDGET.brake(10, 1))
                .hasValueSatisfying(why -> assertThat(why).contains("10 times"));
        assertThat(BUDGET.brake(9, 5)).isEqualTo(Optional.empty());
    }
}
