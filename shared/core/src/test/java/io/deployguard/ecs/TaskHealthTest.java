package io.deployguard.ecs;

import static io.deployguard.fixture.FixedTime.NOON;
import static io.deployguard.fixture.Shop.NEW;
import static io.deployguard.fixture.Shop.OLD;
import static io.deployguard.fixture.SnapshotBuilder.aSnapshot;
import static io.deployguard.fixture.TaskBuilder.aStoppedTask;
import static io.deployguard.fixture.TaskBuilder.aTask;
import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.ecs.Container.Health;
import io.deployguard.fixture.SnapshotBuilder;
import io.deployguard.fixture.TaskBuilder;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TaskHealthTest {

    private static final String GROUP = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/web/1";
    private static final String SECOND = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/web/2";

    private static boolean isHealthy(TaskBuilder task, SnapshotBuilder snapshot) {
        return TaskHealth.isHealthy(task.build(), snapshot.tasks(task.build()).build());
    }

    @Nested
    class WithoutAnyCheck {

        @ParameterizedTest
        @CsvSource({"39, false", "40, true", "600, true"})
        void countsFromFortySecondsAfterItsStart(long seconds, boolean healthy) {
            assertThat(isHealthy(aTask().startedAt(NOON.minusSeconds(seconds)), aSnapshot()))
                    .isEqualTo(healthy);
        }

        @Test
        void doesNotCountOnceItStops() {
            assertThat(isHealthy(aTask().status("RUNNING", "STOPPED"), aSnapshot()))
                    .isFalse();
            assertThat(isHealthy(aStoppedTask(), aSnapshot())).isFalse();
            assertThat(isHealthy(aTask().status("PENDING", "RUNNING"), aSnapshot()))
                    .isFalse();
        }
    }

    @Nested
    class WithAContainerCheck {

        @Test
        void passesWhenEcsSaysSo() {
            assertThat(isHealthy(aTask().health(Health.HEALTHY).startedAt(NOON), aSnapshot()))
                    .isTrue();
            assertThat(isHealthy(aTask().health(Health.UNHEALTHY), aSnapshot())).isFalse();
        }

        @Test
        void waitsForItsFirstResultWhereASiblingHasOne() {
            var waiting = aTask().id("new").build();
            var snapshot = aSnapshot()
                    .tasks(aTask().id("sibling").health(Health.HEALTHY).build(), waiting)
                    .build();

            assertThat(TaskHealth.isHealthy(waiting, snapshot)).isFalse();
        }

        @Test
        void isNotSeenInTheResultsOfAnotherDefinition() {
            var task = aTask().of(NEW).build();
            var snapshot = aSnapshot()
                    .tasks(aTask().id("old").of(OLD).health(Health.HEALTHY).build(), task)
                    .build();

            assertThat(TaskHealth.isHealthy(task, snapshot)).isTrue();
        }
    }

    /** Blue and green: one group serves, the other waits for its turn. */
    @Nested
    class BehindAPairOfTargetGroups {

        @Test
        void isHealthyAsItsTargetIsInWhicheverGroupItIs() {
            for (var group : new String[] {GROUP, SECOND}) {
                assertThat(isHealthy(
                                aTask().address("10.0.0.1"),
                                aSnapshot().pair(GROUP, SECOND).target(group, "10.0.0.1", "healthy")))
                        .isTrue();
                assertThat(isHealthy(
                                aTask().address("10.0.0.1"),
                                aSnapshot().pair(GROUP, SECOND).target(group, "10.0.0.1", "unhealthy")))
                        .isFalse();
            }
        }

        @Test
        void isJudgedByItsOwnCheckWhileItsGroupIsIdle() {
            var idle = aSnapshot().pair(GROUP, SECOND).idleTarget(SECOND, "10.0.0.1");

            assertThat(isHealthy(aTask().address("10.0.0.1"), idle)).isTrue();
            assertThat(isHealthy(aTask().address("10.0.0.1").startedAt(NOON), idle))
                    .isFalse();
            assertThat(isHealthy(aTask().address("10.0.0.1").health(Health.UNHEALTHY), idle))
                    .isFalse();
            assertThat(TaskHealth.isChecked(aTask().address("10.0.0.1").build(), idle.build()))
                    .isFalse();
        }

        @Test
        void isNotExcusedByAnIdleGroupThatIsNoneOfAPair() {
            var alone = aSnapshot().loadBalancers(GROUP).idleTarget(GROUP, "10.0.0.1");

            assertThat(isHealthy(aTask().address("10.0.0.1"), alone)).isFalse();
        }

        @Test
        void countsTheInstancesOfBothGroupsTogether() {
            var instances = aSnapshot()
                    .pair(GROUP, SECOND)
                    .target(GROUP, "i-1", "healthy")
                    .target(SECOND, "i-2", "unhealthy");

            assertThat(isHealthy(aTask(), instances)).isTrue();
        }
    }

    @Nested
    class BehindALoadBalancer {

        @ParameterizedTest
        @CsvSource({"healthy, true", "unhealthy, false", "initial, false", "draining, false", "unused, false"})
        void isHealthyAsItsTargetIs(String state, boolean healthy) {
            var snapshot = aSnapshot().loadBalancers(GROUP).target(GROUP, "10.0.0.1", state);

            assertThat(isHealthy(aTask().address("10.0.0.1"), snapshot)).isEqualTo(healthy);
        }

        @Test
        void mustPassInEveryTargetGroup() {
            var snapshot = aSnapshot()
                    .loadBalancers(GROUP, SECOND)
                    .target(GROUP, "10.0.0.1", "healthy")
                    .target(SECOND, "10.0.0.1", "unhealthy");

            assertThat(isHealthy(aTask().address("10.0.0.1"), snapshot)).isFalse();
        }

        @Test
        void isNotHealthyWhileItIsNotRegistered() {
            assertThat(isHealthy(
                            aTask().address("10.0.0.1"),
                            aSnapshot().loadBalancers(GROUP).target(GROUP, "10.0.0.2", "healthy")))
                    .isFalse();
            assertThat(isHealthy(aTask().address("10.0.0.1"), aSnapshot().loadBalancers(GROUP)))
                    .as("no target at all")
                    .isFalse();
        }

        @Test
        void countsByItsAgeWhenTheTargetsCouldNotBeRead() {
            var blind = aSnapshot().loadBalancers(GROUP).gaps("describe target health: denied");

            assertThat(isHealthy(aTask().address("10.0.0.1"), blind)).isTrue();
        }

        @Test
        void failsItsContainerCheckWhateverTheTargetSays() {
            var snapshot = aSnapshot().loadBalancers(GROUP).target(GROUP, "10.0.0.1", "healthy");

            assertThat(isHealthy(aTask().address("10.0.0.1").health(Health.UNHEALTHY), snapshot))
                    .isFalse();
        }
    }

    @Nested
    class OnAnInstanceWithoutAnAddressOfItsOwn {

        @Test
        void theLongestRunningOnesTakeTheHealthyTargets() {
            var old = aTask().id("old")
                    .of(OLD)
                    .startedAt(NOON.minusSeconds(9_000))
                    .build();
            var fresh =
                    aTask().id("new").of(NEW).startedAt(NOON.minusSeconds(90)).build();
            var snapshot = aSnapshot()
                    .loadBalancers(GROUP)
                    .tasks(fresh, old)
                    .target(GROUP, "i-0123456789abcdef0", "healthy")
                    .target(GROUP, "i-0123456789abcdef0", "unhealthy")
                    .build();

            assertThat(TaskHealth.isHealthy(old, snapshot)).isTrue();
            assertThat(TaskHealth.isHealthy(fresh, snapshot)).isFalse();
        }
    }
}
