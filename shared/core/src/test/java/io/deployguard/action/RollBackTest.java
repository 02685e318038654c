package io.deployguard.action;

import static io.deployguard.fixture.DeploymentBuilder.aDeploymentOf;
import static io.deployguard.fixture.RolloutBuilder.aRolloutOf;
import static io.deployguard.fixture.Shop.NEW;
import static io.deployguard.fixture.Shop.NEWER;
import static io.deployguard.fixture.Shop.OLD;
import static io.deployguard.fixture.Shop.OLDER;
import static io.deployguard.fixture.Shop.WEB;
import static io.deployguard.fixture.Shop.attemptOf;
import static io.deployguard.fixture.Shop.definitionOf;
import static io.deployguard.fixture.SnapshotBuilder.aSnapshot;
import static io.deployguard.fixture.TaskBuilder.aStoppedTask;
import static io.deployguard.fixture.TaskBuilder.aTask;
import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.action.ActionPlan.Overtaken;
import io.deployguard.action.ActionPlan.Refused;
import io.deployguard.action.ActionPlan.Steps;
import io.deployguard.ecs.Container.Health;
import io.deployguard.ecs.DeploymentId;
import io.deployguard.ecs.ServiceDeployment;
import io.deployguard.ecs.ServiceDeployment.Status;
import io.deployguard.ecs.ServiceDescription.Controller;
import io.deployguard.ecs.ServiceDescription.Strategy;
import io.deployguard.ecs.Task;
import io.deployguard.fixture.FixedTime;
import io.deployguard.fixture.SnapshotBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class RollBackTest {

    private static ActionPlan plan(SnapshotBuilder snapshot, DeploymentId... condemned) {
        return new RollBack().plan(snapshot.build(), NEW, Set.of(condemned));
    }

    private static ActionPlan stopped() {
        return new Steps(
                List.of(new Command.StopServiceDeployment(WEB, attemptOf(NEW))), "back to web:41", definitionOf(OLD));
    }

    private static ActionPlan updatedTo(DeploymentId target, String name) {
        return new Steps(
                List.of(new Command.UpdateService(WEB, definitionOf(target))), "back to " + name, definitionOf(target));
    }

    private static SnapshotBuilder completed() {
        return aSnapshot()
                .rollouts(aRolloutOf(NEW).state("COMPLETED").counts(2, 2, 0).build())
                .deployments(attempt(NEW, Status.SUCCESSFUL), attempt(OLD, Status.SUCCESSFUL), older())
                .tasks(List.of());
    }

    private static ServiceDeployment attempt(DeploymentId target, Status status) {
        return aDeploymentOf(target).status(status).build();
    }

    private static ServiceDeployment older() {
        return attempt(OLDER, Status.SUCCESSFUL);
    }

    /** Steady for a moment is what ECS calls successful. */
    @ParameterizedTest(name = "in service for {0} s, another one known: {1}, stays: {2}")
    @CsvSource({"7, true, true", "599, true, true", "600, true, false", "86400, true, false", "7, false, false"})
    void doubtsARevisionThatWasReplacedBeforeItCouldFail(long seconds, boolean another, boolean stays) {
        var old = aDeploymentOf(OLD)
                .status(Status.SUCCESSFUL)
                .finishedAt(FixedTime.NOON.minusSeconds(seconds))
                .build();
        var history = another
                ? new ServiceDeployment[] {attempt(NEW, Status.IN_PROGRESS), old, older()}
                : new ServiceDeployment[] {attempt(NEW, Status.IN_PROGRESS), old};

        if (stays) {
            assertThat(plan(aSnapshot().deployments(history)))
                    .isInstanceOfSatisfying(
                            Refused.class,
                            refused -> assertThat(refused.because())
                                    .contains("web:41 was in service for " + seconds + " seconds only"));
        } else {
            assertThat(plan(aSnapshot().deployments(history))).isEqualTo(stopped());
        }
    }

    @Nested
    class Goes {

        @ParameterizedTest
        @EnumSource(
                value = Status.class,
                names = {"PENDING", "IN_PROGRESS"})
        void byStoppingTheDeploymentWhileItRuns(Status status) {
            assertThat(plan(aSnapshot().deployments(attempt(NEW, status), attempt(OLD, Status.SUCCESSFUL))))
                    .isEqualTo(stopped());
        }

        /** Nothing but the hook's own id ends the wait, and an answer without a word would be to go on. */
        @Test
        void byAnsweringTheHookAtWhichTheDeploymentWaits() {
            assertThat(plan(aSnapshot()
                            .strategy(Strategy.BLUE_GREEN)
                            .deployments(
                                    aDeploymentOf(NEW)
                                            .stage("POST_SCALE_UP")
                                            .awaits("hook-1")
                                            .build(),
                                    attempt(OLD, Status.SUCCESSFUL))))
                    .isEqualTo(new Steps(
                            List.of(new Command.ContinueServiceDeployment(WEB, attemptOf(NEW), "hook-1")),
                            "back to web:41",
                            definitionOf(OLD)));
        }

        @Test
        void byDeployingTheEarlierDefinitionWhateverAHookOfAnEndedDeploymentSays() {
            assertThat(plan(aSnapshot()
                            .deployments(
                                    aDeploymentOf(NEW)
                                            .status(Status.STOPPED)
                                            .awaits("hook-1")
                                            .build(),
                                    attempt(OLD, Status.SUCCESSFUL))))
                    .isEqualTo(updatedTo(OLD, "web:41"));
        }

        @ParameterizedTest
        @EnumSource(
                value = Status.class,
                names = {"SUCCESSFUL", "STOPPED", "STOP_REQUESTED"})
        void byDeployingTheEarlierDefinitionOnceItHasEnded(Status status) {
            assertThat(plan(aSnapshot().deployments(attempt(NEW, status), attempt(OLD, Status.SUCCESSFUL))))
                    .isEqualTo(updatedTo(OLD, "web:41"));
        }

        /** In whichever stage the shift is, baking included: it is one deployment until it ends. */
        @ParameterizedTest
        @EnumSource(Strategy.class)
        void byStoppingADeploymentOfAnyStrategyAndNeverByAnotherInItsMiddle(Strategy strategy) {
            assertThat(plan(aSnapshot().strategy(strategy))).isEqualTo(stopped());
            for (var status : Status.values()) {
                var plan = plan(aSnapshot()
                        .strategy(strategy)
                        .deployments(attempt(NEW, status), attempt(OLD, Status.SUCCESSFUL)));
                if (strategy != Strategy.ROLLING
                        && plan instanceof Steps steps
                        && steps.commands().getFirst() instanceof Command.UpdateService) {
                    assertThat(status.isFinished()).as(status.name()).isTrue();
                }
            }
        }

        @Test
        void pastACondemnedRevisionToTheOneBefore() {
            assertThat(plan(completed(), OLD)).isEqualTo(updatedTo(OLDER, "web:40"));
        }

        @Test
        void backToWhereAnEarlierRollbackEndedWell() {
            var rolledBack = aDeploymentOf(NEWER)
                    .status(Status.ROLLBACK_SUCCESSFUL)
                    .rollbackTo(OLD)
                    .build();

            assertThat(plan(completed().deployments(attempt(NEW, Status.SUCCESSFUL), rolledBack, older())))
                    .isEqualTo(updatedTo(OLD, "web:41"));
        }

        @Test
        void backToTheRevisionThatStillRunsWhereEcsKeepsNoHistory() {
            assertThat(plan(aSnapshot().deployments(attempt(NEW, Status.IN_PROGRESS))))
                    .isEqualTo(stopped());
        }

        /** A late crash loop is well between two crashes; a start that failed or a single crash is none. */
        @ParameterizedTest
        @CsvSource({"2, 100, 60, true", "1, 100, 60, false", "2, 39, 60, false", "2, 100, 600, false"})
        void inTheGoodMinutesOfALateCrashLoop(int crashes, int upFor, int secondsAgo, boolean goes) {
            var tasks = new ArrayList<Task>();
            tasks.add(aTask().id("a").health(Health.HEALTHY).build());
            tasks.add(aTask().id("b").health(Health.HEALTHY).build());
            for (var crash = 0; crash < crashes; crash++) {
                tasks.add(aStoppedTask()
                        .id("crashed-" + crash)
                        .startedAt(FixedTime.NOON.minusSeconds(secondsAgo + upFor))
                        .stoppedAt(FixedTime.NOON.minusSeconds(secondsAgo))
                        .build());
            }

            assertThat(plan(aSnapshot().and(tasks.toArray(Task[]::new))))
                    .isInstanceOf(goes ? Steps.class : Overtaken.class);
        }

        @Test
        void whenTasksOfTheNewRevisionRunWithoutACheckThatPassed() {
            assertThat(plan(aSnapshot()
                            .and(aTask().id("a").build(), aTask().id("b").build())))
                    .isEqualTo(stopped());
        }
    }

    @Nested
    class Refuses {

        @Test
        void toStopADeploymentThatEcsWouldTurnToACondemnedRevision() {
            var history =
                    aSnapshot().deployments(attempt(NEW, Status.IN_PROGRESS), attempt(OLD, Status.SUCCESSFUL), older());

            assertThat(plan(history, OLD))
                    .isEqualTo(
                            new Refused(
                                    "ECS would not return to web:40 but to a revision that is unknown, was found failing before or has lost its images"));
        }

        @Test
        void toStopADeploymentOfWhichNobodyKnowsWhereEcsWouldTurn() {
            var several = aDeploymentOf(NEW).from(OLD, OLDER).build();

            assertThat(plan(aSnapshot().deployments(several))).isInstanceOf(Refused.class);
        }

        @Test
        void whenEveryEarlierRevisionIsCondemned() {
            assertThat(plan(completed(), OLD, OLDER))
                    .isEqualTo(new Refused("no earlier revision is known to have been healthy"));
        }

        @Test
        void anOlderOneWhenEcsHasForgottenTheNewestGoodOne() {
            assertThat(plan(completed().knownRevisions(OLDER, NEW)))
                    .isEqualTo(new Refused("no earlier revision is known to have been healthy"));
        }

        @Test
        void toDeployTheDefinitionThatRunsAlready() {
            var same = aRolloutOf(NEW)
                    .definition(definitionOf(OLD))
                    .state("COMPLETED")
                    .counts(2, 2, 0)
                    .build();

            assertThat(plan(completed().rollouts(same)))
                    .isEqualTo(
                            new Refused(
                                    "the earlier revision has the same task definition web:41, so deploying it again changes nothing"));
        }

        @Test
        void whenTheTasksOfTheEarlierRevisionAreIllNow() {
            var ill = aTask().id("old").of(OLD).health(Health.UNHEALTHY).build();

            assertThat(plan(aSnapshot().tasks(ill)))
                    .isEqualTo(new Refused("the tasks of the earlier revision are not healthy either"));
        }
    }

    private static SnapshotBuilder byCodeDeploy(Status status) {
        return aSnapshot()
                .controller(Controller.CODE_DEPLOY)
                .deployments(
                        aDeploymentOf(NEW)
                                .arn("arn:aws:codedeploy:eu-central-1:123456789012:deploymentgroup:shop/web/d-NEW")
                                .status(status)
                                .build(),
                        attempt(OLD, Status.SUCCESSFUL));
    }

    @Test
    void stopsTheDeploymentOfCodeDeployByItsId() {
        assertThat(plan(byCodeDeploy(Status.IN_PROGRESS)))
                .isEqualTo(new Steps(
                        List.of(new Command.StopCodeDeployDeployment(WEB, "d-NEW")),
                        "back to web:41",
                        definitionOf(OLD)));
    }

    /** What speaks against it, whatever was decided a moment ago. */
    static Stream<Object[]> objections() {
        return Stream.of(
                row(Overtaken.class, "INACTIVE, not ACTIVE", aSnapshot().status("INACTIVE")),
                row(Overtaken.class, "DRAINING, not ACTIVE", aSnapshot().status("DRAINING")),
                row(
                        Refused.class,
                        "CodeDeploy deployment d-NEW is SUCCESSFUL and cannot be stopped any more",
                        byCodeDeploy(Status.SUCCESSFUL)),
                row(
                        Refused.class,
                        "CodeDeploy deployment d-NEW is STOPPED and cannot be stopped any more",
                        byCodeDeploy(Status.STOPPED)),
                row(Refused.class, "controller EXTERNAL", aSnapshot().controller(Controller.EXTERNAL)),
                row(Overtaken.class, "scaled to zero", aSnapshot().desired(0)),
                row(Refused.class, "no primary deployment", aSnapshot().rollouts()),
                row(
                        Overtaken.class,
                        NEWER + " is",
                        aSnapshot().rollouts(aRolloutOf(NEWER).build())),
                row(Refused.class, "could not be read", aSnapshot().deployments()),
                row(
                        Overtaken.class,
                        "a rollback is under way",
                        aSnapshot().deployments(attempt(NEW, Status.ROLLBACK_REQUESTED), older())),
                row(
                        Overtaken.class,
                        "a rollback is under way",
                        aSnapshot().deployments(attempt(NEW, Status.ROLLBACK_IN_PROGRESS), older())),
                row(
                        Refused.class,
                        "a rollback is never rolled back",
                        aSnapshot()
                                .deployments(
                                        aDeploymentOf(NEWER)
                                                .status(Status.ROLLBACK_SUCCESSFUL)
                                                .rollbackTo(NEW)
                                                .build(),
                                        older())),
                row(
                        Refused.class,
                        "tried already: the service deployment is ROLLBACK_FAILED",
                        aSnapshot()
                                .deployments(
                                        aDeploymentOf(NEW)
                                                .status(Status.ROLLBACK_FAILED)
                                                .rollbackTo(OLD)
                                                .build(),
                                        older())),
                row(
                        Refused.class,
                        "a status that the guard does not know",
                        aSnapshot().deployments(attempt(NEW, Status.UNKNOWN), older())),
                row(
                        Refused.class,
                        "the newest deployment is another one",
                        aSnapshot().deployments(attempt(NEWER, Status.IN_PROGRESS), older())),
                row(
                        Refused.class,
                        "strategy BLUE_GREEN is STOP_REQUESTED, and only stopping it may end it",
                        aSnapshot()
                                .strategy(Strategy.BLUE_GREEN)
                                .deployments(attempt(NEW, Status.STOP_REQUESTED), older())),
                row(
                        Overtaken.class,
                        "all tasks of the failing revision pass",
                        aSnapshot()
                                .and(
                                        aTask().id("a").health(Health.HEALTHY).build(),
                                        aTask().id("b").health(Health.HEALTHY).build())));
    }

    private static Object[] row(Class<? extends ActionPlan> kind, String names, SnapshotBuilder snapshot) {
        return new Object[] {names, kind, snapshot};
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("objections")
    void doesNothing(String names, Class<? extends ActionPlan> kind, SnapshotBuilder snapshot) {
        assertThat(plan(snapshot)).isInstanceOf(kind);
        assertThat(plan(snapshot).toString()).contains(names);
    }

    /** Whatever ECS remembers, a plan leads away from the failing revision and never to a condemned one. */
    @Test
    void neverLeadsToACondemnedRevision() {
        var random = new Random(42);
        var revisions = List.of(OLDER, OLD, NEWER);
        var planned = 0;
        for (var round = 0; round < 5_000; round++) {
            var history = new ArrayList<ServiceDeployment>();
            history.add(attempt(NEW, pick(random, List.of(Status.IN_PROGRESS, Status.SUCCESSFUL, Status.STOPPED))));
            for (var attempt = 0; attempt < random.nextInt(5); attempt++) {
                var deployment = aDeploymentOf(pick(random, revisions)).status(pick(random, List.of(Status.values())));
                history.add(
                        (random.nextBoolean() ? deployment.rollbackTo(pick(random, revisions)) : deployment).build());
            }
            var condemned = Set.copyOf(
                    revisions.stream().filter(_ -> random.nextInt(3) == 0).toList());
            var snapshot = aSnapshot()
                    .deployments(history.toArray(ServiceDeployment[]::new))
                    .knownRevisions(revisions.stream()
                            .filter(_ -> random.nextInt(4) > 0)
                            .toArray(DeploymentId[]::new))
                    .build();

            if (new RollBack().plan(snapshot, NEW, condemned) instanceof Steps steps) {
                planned++;
                assertThat(steps.commands()).hasSize(1);
                assertThat(steps.targetTaskDefinitionArn())
                        .as("%s with %s condemned", snapshot.deployments(), condemned)
                        .isNotEqualTo(definitionOf(NEW))
                        .isNotIn(condemned.stream()
                                .map(io.deployguard.fixture.Shop::definitionOf)
                                .toList());
                if (steps.commands().getFirst() instanceof Command.UpdateService update) {
                    assertThat(update.taskDefinitionArn()).isEqualTo(steps.targetTaskDefinitionArn());
                }
            }
        }
        assertThat(planned).as("rounds with a plan").isGreaterThan(500);
    }

    private static <T> T pick(Random random, List<T> all) {
        return all.get(random.nextInt(all.size()));
    }
}
