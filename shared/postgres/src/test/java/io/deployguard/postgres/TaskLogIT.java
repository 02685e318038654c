package io.deployguard.postgres;

import static io.deployguard.postgres.Samples.FAILING;
import static io.deployguard.postgres.Samples.NOON;
import static io.deployguard.postgres.Samples.minute;
import static io.deployguard.postgres.Samples.runningTask;
import static io.deployguard.postgres.Samples.service;
import static io.deployguard.postgres.Samples.stoppedTask;
import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.ecs.DeploymentId;
import io.deployguard.ecs.ServiceRef;
import io.deployguard.ecs.Task;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class TaskLogIT {

    private static final TestDatabase DATABASE = TestDatabase.fresh();
    private final PostgresDatabase database = DATABASE.open();

    @AfterAll
    static void close() {
        DATABASE.close();
    }

    @Test
    void keepsTheViewWithTheGreatestVersion() {
        var service = service("newest-version");
        see(service, runningTask("a", 2), minute(2));
        see(service, stoppedTask("a", 3, minute(3)), minute(3));
        see(service, runningTask("a", 1), minute(9));

        assertThat(tasks(service, NOON)).containsExactly(stoppedTask("a", 3, minute(3)));
    }

    @Test
    void changesNothingForAnEqualVersion() {
        var service = service("equal-version");
        see(service, runningTask("b", 2), minute(2));
        see(service, stoppedTask("b", 2, minute(3)), minute(3));

        assertThat(tasks(service, NOON)).containsExactly(runningTask("b", 2));
    }

    @Test
    void prefersAStopAmongViewsWithoutAVersion() {
        var service = service("unversioned-stop");
        see(service, stoppedTask("c", 0, minute(1)), minute(1));
        see(service, runningTask("c", 0), minute(5));

        assertThat(tasks(service, NOON)).containsExactly(stoppedTask("c", 0, minute(1)));
    }

    @Test
    void prefersALaterViewWithoutAVersionToAnEarlierOneWith() {
        var service = service("unversioned-later");
        see(service, runningTask("d", 5), minute(1));
        see(service, stoppedTask("d", 0, minute(2)), minute(2));
        see(service, runningTask("d", 6), minute(3));

        assertThat(tasks(service, NOON)).containsExactly(stoppedTask("d", 0, minute(2)));
    }

    @Test
    void prefersTheLaterOfTwoViewsOfWhichOneHasNoVersion() {
        var service = service("unversioned-no-stop");
        see(service, runningTask("g", 5), minute(1));
        see(service, runningTask("g", 0), minute(2));
        assertThat(tasks(service, NOON)).containsExactly(runningTask("g", 0));

        see(service, runningTask("g", 6), minute(3));
        assertThat(tasks(service, NOON)).containsExactly(runningTask("g", 6));
    }

    @Test
    void comesToTheSameViewInWhateverOrderTheyArrive() {
        var views = List.of(
                new Seen(runningTask("x", 0), minute(7)),
                new Seen(stoppedTask("x", 0, minute(1)), minute(1)),
                new Seen(stoppedTask("x", 0, minute(2)), minute(2)),
                new Seen(runningTask("x", 1), minute(1)),
                new Seen(runningTask("x", 2), minute(8)),
                new Seen(stoppedTask("x", 3, minute(4)), minute(4)),
                new Seen(runningTask("x", 4), minute(3)));
        var random = new Random(7);
        for (var round = 0; round < 60; round++) {
            var service = service("order-" + round);
            var subset = new ArrayList<>(views.subList(0, 2 + random.nextInt(views.size() - 1)));
            var expected = arrived(service(service.name() + "-straight"), "s" + round, subset);
            Collections.shuffle(subset, random);
            subset.addAll(subset.subList(0, 1));

            assertThat(arrived(service, "r" + round, subset)).isEqualTo(expected);
        }
    }

    @Test
    void listsRunningTasksFirstThenTheNewestStop() {
        var service = service("order");
        see(service, stoppedTask("e1", 2, minute(1)), minute(1));
        see(service, stoppedTask("e2", 2, minute(6)), minute(6));
        see(service, runningTask("e3", 2), minute(2));

        assertThat(tasks(service, NOON)).extracting(Task::id).containsExactly("e3", "e2", "e1");
    }

    @Test
    void listsOnlyWhatWasSeenSinceAndBelongsToTheDeployment() {
        var service = service("since");
        see(service, stoppedTask("f1", 2, minute(1)), minute(1));
        see(service, stoppedTask("f2", 2, minute(6)), minute(6));

        assertThat(tasks(service, minute(6))).extracting(Task::id).containsExactly("f2");
        assertThat(tasks(service("other"), NOON)).isEmpty();
        assertThat(database.<List<Task>>transact(
                        "read", stores -> stores.tasks().tasksOf(service, new DeploymentId("ecs-svc/9"), NOON)))
                .isEmpty();
    }

    private record Seen(Task task, Instant at) {}

    /** What is known of one task after these views, with its arn and service taken out. */
    private Task arrived(ServiceRef service, String id, List<Seen> views) {
        var arn = runningTask(id, 0).arn();
        return database.transact("record", stores -> {
            views.forEach(view -> stores.tasks().record(service, withArn(view.task(), arn), view.at()));
            return withArn(stores.tasks().tasksOf(service, FAILING, NOON).getFirst(), "same");
        });
    }

    private static Task withArn(Task task, String arn) {
        return new Task(
                arn,
                task.group(),
                task.deployment(),
                task.taskDefinitionArn(),
                task.lastStatus(),
                task.desiredStatus(),
                task.health(),
                task.stop(),
                task.containers(),
                task.command(),
                task.subnet(),
                task.privateIp(),
                task.createdAt(),
                task.startedAt(),
                task.stoppedAt(),
                task.version());
    }

    private void see(ServiceRef service, Task task, Instant at) {
        database.transact("record", stores -> {
            stores.tasks().record(service, task, at);
            return true;
        });
    }

    private List<Task> tasks(ServiceRef service, Instant since) {
        return database.transact("read", stores -> stores.tasks().tasksOf(service, FAILING, since));
    }
}
