package io.deployguard.action;

import static io.deployguard.fixture.DefinitionBuilder.aDefinition;
import static io.deployguard.fixture.DeploymentBuilder.aDeploymentOf;
import static io.deployguard.fixture.FixedTime.NOON;
import static io.deployguard.fixture.RolloutBuilder.aRolloutOf;
import static io.deployguard.fixture.Shop.NEW;
import static io.deployguard.fixture.Shop.NEWER;
import static io.deployguard.fixture.Shop.OLD;
import static io.deployguard.fixture.Shop.WEB;
import static io.deployguard.fixture.Shop.definitionOf;
import static io.deployguard.fixture.SnapshotBuilder.aSnapshot;
import static io.deployguard.fixture.TaskBuilder.aTask;
import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.action.ActionPlan.Overtaken;
import io.deployguard.action.ActionPlan.Refused;
import io.deployguard.action.ActionPlan.Stage;
import io.deployguard.action.ActionPlan.Steps;
import io.deployguard.action.ActionPlan.Waits;
import io.deployguard.ecs.Container;
import io.deployguard.ecs.ServiceDeployment.Status;
import io.deployguard.ecs.ServiceDescription.Controller;
import io.deployguard.ecs.Stop;
import io.deployguard.ecs.Task;
import io.deployguard.ecs.TaskDefinition;
import io.deployguard.fixture.SnapshotBuilder;
import io.deployguard.fixture.TaskBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class RunMigrationThenRedeployTest {

    private static final String GROUP = "deploy-guard:9223372036854775042";
    private static final Command.RunTask RUN =
            new Command.RunTask(WEB, "web-migrate", List.of("npm", "run", "migrate"), GROUP);
    private static final Action ACTION = new RunMigrationThenRedeploy();

    private static SnapshotBuilder tagged() {
        return aSnapshot().tag(Migration.TASK_TAG, "web-migrate").tag(Migration.COMMAND_TAG, " npm run  migrate ");
    }

    private static ActionPlan next(SnapshotBuilder snapshot, MigrationRun run, CommandJournal.Entry... entries) {
        return ACTION.next(snapshot.build(), NEW, Set.of(), new Course(List.of(entries), run));
    }

    private static CommandJournal.Entry sent(Duration ago, String outcome) {
        return new CommandJournal.Entry(
                new UUID(0, 1),
                new UUID(0, 2),
                RUN,
                1,
                NOON.minus(ago),
                Optional.of(outcome).filter(text -> !text.isEmpty()),
                Optional.empty(),
                Optional.empty());
    }

    private static CommandJournal.Entry done() {
        return sent(Duration.ofMinutes(1), "done");
    }

    private static TaskBuilder migrating() {
        return aTask().id("m1").oneOff(GROUP);
    }

    private static Container exited(String name, int... code) {
        return new Container(
                name,
                "STOPPED",
                code.length == 0 ? Optional.empty() : Optional.of(code[0]),
                Optional.empty(),
                Container.Health.UNKNOWN,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static Task ended(Container... containers) {
        return migrating()
                .stopped(Stop.Code.ESSENTIAL_CONTAINER_EXITED, "Essential container in task exited", NOON)
                .containers(containers)
                .build();
    }

    @Nested
    class Begins {

        @Test
        void withTheTaskThatTheTagsName() {
            assertThat(ACTION.plan(tagged().build(), NEW, Set.of()))
                    .isEqualTo(new Stage(RUN, "the end of migration task web-migrate"));
        }

        @Test
        void withTheReleasesOwnDefinitionWhereOnlyACommandIsNamed() {
            assertThat(ACTION.plan(
                            aSnapshot()
                                    .tag(Migration.COMMAND_TAG, "npm run migrate")
                                    .build(),
                            NEW,
                            Set.of()))
                    .isInstanceOfSatisfying(
                            Stage.class,
                            stage -> assertThat(stage.command())
                                    .isEqualTo(new Command.RunTask(
                                            WEB, "web:42", List.of("npm", "run", "migrate"), GROUP)));
        }

        @Test
        void withTheContainersOwnCommandWhereNoneIsNamed() {
            assertThat(ACTION.plan(
                            aSnapshot().tag(Migration.TASK_TAG, "web-migrate:7").build(), NEW, Set.of()))
                    .isInstanceOfSatisfying(
                            Stage.class,
                            stage -> assertThat(stage.command())
                                    .isEqualTo(new Command.RunTask(WEB, "web-migrate:7", List.of(), GROUP)));
        }

        @ParameterizedTest
        @CsvSource(
                value = {
                    "''",
                    "'web migrate'",
                    "'web:0'",
                    "'web:1:2'",
                    "'arn:aws:ecs:eu-central-1:123456789012:task-definition/web:1'",
                    "'$(reboot)'"
                })
        void neverWithATagThatCannotBeRead(String tag) {
            assertThat(ACTION.plan(tagged().tag(Migration.TASK_TAG, tag).build(), NEW, Set.of()))
                    .isEqualTo(new Refused("tag deploy-guard:migration-task: expected a family or family:revision"));
        }

        @Test
        void neverWhileSomebodyElseMigrates() {
            assertThat(next(
                            tagged(),
                            new MigrationRun.OfSomebodyElse(aTask().id("x").build())))
                    .isEqualTo(new Refused("task x of web-migrate runs already, and the guard did not start it"));
        }

        @Test
        void neverTwiceForARevisionWhateverTheJournalHasForgotten() {
            for (var run : List.of(
                    new MigrationRun.Running(migrating().build()),
                    new MigrationRun.Succeeded(migrating().build()),
                    new MigrationRun.Failed(migrating().build(), "exit code 1"))) {
                assertThat(next(tagged(), run)).isInstanceOf(Refused.class);
            }
        }

        @Test
        void isWantedByATagOnly() {
            var action = new RunMigrationThenRedeploy();
            assertThat(action.isWantedBy(Map.of("deploy-guard:mode", "auto"))).isFalse();
            assertThat(action.isWantedBy(Map.of(Migration.TASK_TAG, "x"))).isTrue();
            assertThat(action.isWantedBy(Map.of(Migration.COMMAND_TAG, "x"))).isTrue();
        }
    }

    @Nested
    class GoesOn {

        @Test
        void bySendingTheSameAgainWhenNobodyKnowsWhetherItArrived() {
            // The tags have changed since: what was begun counts.
            assertThat(next(
                            tagged().tag(Migration.TASK_TAG, "another"),
                            new MigrationRun.NotListed(),
                            sent(Duration.ZERO, "")))
                    .isEqualTo(Stage.of(RUN));
        }

        @Test
        void byWaitingForTheTask() {
            assertThat(next(tagged(), new MigrationRun.Running(migrating().build()), done()))
                    .isEqualTo(new Waits("migration task m1 has not ended yet"));
        }

        @Test
        void byWaitingForWhatEcsDoesNotListYet() {
            assertThat(next(tagged(), new MigrationRun.NotListed(), done())).isInstanceOf(Waits.class);
            assertThat(next(tagged(), new MigrationRun.NotListed(), sent(Duration.ofMinutes(3), "done")))
                    .isEqualTo(new Refused("ECS does not list the migration task, so nobody can say how it ended"));
        }

        @Test
        void byDeployingOnceMoreAfterSuccess() {
            assertThat(next(tagged(), new MigrationRun.Succeeded(migrating().build()), done()))
                    .isEqualTo(new Steps(
                            List.of(new Command.ForceNewDeployment(WEB, definitionOf(NEW))),
                            "web:42 once more, after migration task m1",
                            definitionOf(NEW)));
        }

        @Test
        void evenWhenTheTasksHaveBecomeHealthyMeanwhile() {
            var healthy = tagged().tasks(
                            aTask().id("a").health(Container.Health.HEALTHY).build(),
                            aTask().id("b").health(Container.Health.HEALTHY).build());
            assertThat(next(healthy, new MigrationRun.Succeeded(migrating().build()), done()))
                    .isInstanceOf(Steps.class);
            assertThat(next(healthy, new MigrationRun.NotListed())).isInstanceOf(Overtaken.class);
        }

        @Test
        void neverAfterAFailure() {
            assertThat(next(
                            tagged(),
                            new MigrationRun.Failed(migrating().build(), "container app ended with exit code 1"),
                            done()))
                    .isInstanceOf(Waits.class);
        }

        @Test
        void neverWhenAnotherDeploymentTookOver() {
            assertThat(next(
                            tagged().rollouts(
                                            aRolloutOf(NEWER).build(),
                                            aRolloutOf(NEW).active().build()),
                            new MigrationRun.Succeeded(migrating().build()),
                            done()))
                    .isInstanceOf(Overtaken.class);
        }
    }

    /** Whatever else is the case: a fact of the preflight that is against it leaves no command. */
    static Stream<SnapshotBuilder> objections() {
        return Stream.of(
                tagged().status("DRAINING"),
                tagged().controller(Controller.CODE_DEPLOY),
                tagged().desired(0),
                tagged().rollouts(aRolloutOf(NEWER).build()),
                tagged().rollouts(),
                tagged().deployments(),
                tagged().deployments(aDeploymentOf(NEW)
                        .status(Status.ROLLBACK_IN_PROGRESS)
                        .rollbackTo(OLD)
                        .build()),
                tagged().deployments(aDeploymentOf(NEW).status(Status.UNKNOWN).build()),
                tagged().deployments(aDeploymentOf(NEWER).build()));
    }

    @ParameterizedTest
    @MethodSource("objections")
    void sendsNothingAgainstThePreflight(SnapshotBuilder snapshot) {
        var random = new Random(7);
        var runs = List.of(
                new MigrationRun.NotListed(),
                new MigrationRun.Running(migrating().build()),
                new MigrationRun.Succeeded(migrating().build()));
        for (var round = 0; round < 50; round++) {
            var entries = new ArrayList<CommandJournal.Entry>();
            if (random.nextBoolean()) {
                entries.add(sent(Duration.ofSeconds(random.nextInt(300)), random.nextBoolean() ? "done" : ""));
            }
            assertThat(next(
                            snapshot,
                            runs.get(random.nextInt(runs.size())),
                            entries.toArray(CommandJournal.Entry[]::new)))
                    .isNotInstanceOfAny(Stage.class, Steps.class);
        }
    }

    @Nested
    class TheRun {

        private final TaskDefinition definition = aDefinition()
                .and(aDefinition().container("router").notEssential().build())
                .build();

        private MigrationRun find(Task... oneOffs) {
            return MigrationRun.find(List.of(oneOffs), NEW, _ -> definition);
        }

        @Test
        void hasSucceededWhenEveryEssentialContainerExitedWithZero() {
            var task = ended(exited("app", 0), exited("router", 143));
            assertThat(find(task)).isEqualTo(new MigrationRun.Succeeded(task));
        }

        @Test
        void hasFailedWithAnyOtherCode() {
            var task = ended(exited("app", 3), exited("router", 0));
            assertThat(find(task)).isEqualTo(new MigrationRun.Failed(task, "container app ended with exit code 3"));
        }

        @Test
        void isNotOverBeforeItsCodeIsThere() {
            var task = ended(exited("app"), exited("router", 0));
            assertThat(find(task)).isEqualTo(new MigrationRun.Running(task));
        }

        @Test
        void hasFailedWhenItEndedWithoutACode() {
            var task = migrating()
                    .stopped(Stop.Code.TASK_FAILED_TO_START, "CannotPullContainerError: not found", NOON)
                    .gone(NOON)
                    .containers(exited("app"))
                    .build();
            assertThat(find(task)).isEqualTo(new MigrationRun.Failed(task, "CannotPullContainerError: not found"));
        }

        @Test
        void isToldFromThoseOfOthers() {
            var others = aTask().id("x").oneOff("family:web-migrate").build();
            var own = migrating().build();
            assertThat(find(others, own)).isEqualTo(new MigrationRun.Running(own));
            assertThat(find(others)).isEqualTo(new MigrationRun.OfSomebodyElse(others));
            assertThat(find(aTask().oneOff("deploy-guard:1000000000000000041")
                            .stopped(Stop.Code.ESSENTIAL_CONTAINER_EXITED, "", NOON)
                            .build()))
                    .isEqualTo(new MigrationRun.NotListed());
        }

        @Test
        void namesItsRevisionInItsGroup() {
            assertThat(Migration.findInGroup(Migration.groupFor(NEW))).contains(NEW);
            assertThat(Migration.findInGroup("service:web")).isEmpty();
        }
    }
}
