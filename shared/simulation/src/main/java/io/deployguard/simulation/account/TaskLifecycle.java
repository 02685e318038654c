package io.deployguard.simulation.account;

import io.deployguard.simulation.account.SimulatedTask.Status;
import io.deployguard.simulation.account.SimulatedTask.Stop;
import io.deployguard.simulation.account.TaskWatcher.Failure;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Moves tasks through their life and tells every step as an event.
 *
 * <p>PROVISIONING, PENDING, ACTIVATING (behind a load balancer), RUNNING, then DEACTIVATING (behind a load balancer), STOPPING,
 * DEPROVISIONING and STOPPED; a task that ends by itself goes from RUNNING to DEPROVISIONING. Stop code, reason and exit codes are there from
 * the first event that knows them.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html">Task life cycle</a>
 */
final class TaskLifecycle {
    private static final Duration STOPPED_TASKS_ARE_LISTED = Duration.ofHours(1);
    private static final Duration SPOT_NOTICE = Duration.ofMinutes(2);
    private static final int SIGTERM = 143;

    private final Agenda agenda;
    private final Timing timing;
    private final Arns arns;
    private final Ids ids;
    private final EventStream events;
    private final ContainerImages images;
    private final Behaviors behaviors;
    private final LoadBalancing loadBalancing;
    private final LogStore logs;
    private final World world;
    private TaskWatcher watcher = TaskWatcher.NOBODY;

    TaskLifecycle(
            Agenda agenda,
            Timing timing,
            Arns arns,
            Ids ids,
            EventStream events,
            ContainerImages images,
            Behaviors behaviors,
            LoadBalancing loadBalancing,
            LogStore logs,
            World world) {
        this.agenda = agenda;
        this.timing = timing;
        this.arns = arns;
        this.ids = ids;
        this.events = events;
        this.images = images;
        this.behaviors = behaviors;
        this.loadBalancing = loadBalancing;
        this.logs = logs;
        this.world = world;
    }

    /** Names the one who is told; before that nobody is. */
    void watchedBy(TaskWatcher newWatcher) {
        watcher = newWatcher;
    }

    SimulatedTask launch(Cluster cluster, SimulatedTask.Launch launch) {
        var id = ids.hex(32);
        var task = new SimulatedTask(id, arns.task(cluster.name(), id), cluster, launch, ids.uuid());
        launch.definition()
                .containers()
                .forEach(container -> task.containers()
                        .add(new SimulatedContainer(
                                container, arns.container(cluster.name(), id, ids.uuid()), digest(launch, container))));
        cluster.add(task);
        task.note("createdAt", agenda.now());
        move(task, Status.PROVISIONING);
        then(task, Status.PROVISIONING, timing.provisioning(), this::pull);
        return task;
    }

    /** Asks a task to end, in the order of the life cycle. */
    void stop(SimulatedTask task, Stop stop) {
        if (!task.isWanted()) {
            return;
        }
        want(task, stop);
        if (task.status() != Status.RUNNING) {
            drainTargets(task);
            deprovision(task);
        } else if (task.targets().isEmpty()) {
            terminate(task);
        } else {
            drainTargets(task);
            move(task, Status.DEACTIVATING);
            agenda.after(longestDrain(task), () -> terminate(task));
        }
        watcher.changed(task);
    }

    /** The main container ended by itself; the others are stopped with it. */
    void exit(SimulatedTask task, int exitCode, @Nullable String reason) {
        if (!task.isRunning()) {
            return;
        }
        task.mainContainer().stop(exitCode, reason);
        task.containers().forEach(container -> container.stop(SIGTERM, null));
        want(task, new Stop("EssentialContainerExited", "Essential container in task exited"));
        task.note("executionStoppedAt", agenda.now());
        drainTargets(task);
        deprovision(task);
        var unseen = task.wasHealthy()
                || !(task.hasContainerChecks() || !task.targets().isEmpty());
        watcher.failed(task, unseen ? Failure.EXIT : Failure.HEALTH_CHECK);
    }

    /** Fargate Spot takes its capacity back: two minutes of notice, then the stop. */
    void interrupt(SimulatedTask task) {
        want(task, new Stop("SpotInterruption", "Your Spot Task was interrupted."));
        emit(task);
        agenda.after(SPOT_NOTICE, () -> {
            drainTargets(task);
            terminate(task);
        });
        watcher.changed(task);
    }

    /** The host vanishes: no exit code, no orderly stop. */
    void loseHost(SimulatedTask task) {
        want(
                task,
                new Stop(
                        "TerminationNotice", "Host EC2 (instance i-" + task.id().substring(0, 17) + ") terminated."));
        task.containers().forEach(container -> container.stop(null, null));
        drainTargets(task);
        finish(task);
        watcher.changed(task);
    }

    /** Containers, targets and health of the task are for the scheduler to look at. */
    void noteHealth(SimulatedTask task) {
        watcher.changed(task);
    }

    private void pull(SimulatedTask task) {
        task.attach(ids.privateAddress());
        task.note("connectivityAt", agenda.now());
        task.note("pullStartedAt", agenda.now());
        move(task, Status.PENDING);
        var behavior = behaviors.of(task.launch().definition(), task.launch().command(), Optional.of(task.id()));
        then(task, Status.PENDING, timing.pulling().plus(ids.fractionOf(timing.pullingSpread())), started -> {
            var missing = missingImage(started);
            if (missing != null) {
                failToStart(started, missing);
            } else if (behavior instanceof Behavior.FailsToStart(var reason)) {
                failToStart(started, reason);
            } else if (behavior instanceof Behavior.Unplaceable) {
                // Its place went while it was being provisioned.
                failToStart(
                        started,
                        "Capacity is unavailable at this time. Please try again later or in a different availability zone");
            } else {
                activate(started, behavior);
            }
        });
    }

    private @Nullable String missingImage(SimulatedTask task) {
        return task.containers().stream()
                .filter(container -> container.imageDigest == null
                        || !images.canPull(container.definition.image(), container.imageDigest))
                .map(container ->
                        "CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref "
                                + container.definition.image() + ": not found")
                .findFirst()
                .orElse(null);
    }

    private void failToStart(SimulatedTask task, String reason) {
        want(task, new Stop("TaskFailedToStart", reason));
        deprovision(task);
        watcher.failed(task, Failure.START);
    }

    private void activate(SimulatedTask task, Behavior behavior) {
        task.note("pullStoppedAt", agenda.now());
        var wanted = task.launch().revision().map(ServiceRevision::routes).orElse(List.of());
        if (wanted.isEmpty()) {
            run(task, behavior);
            return;
        }
        var address = task.address().orElseThrow();
        wanted.forEach(target ->
                task.targets().add(loadBalancing.require(target.groupArn()).register(address, target.port())));
        move(task, Status.ACTIVATING);
        then(task, Status.ACTIVATING, timing.activating(), active -> run(active, behavior));
    }

    private void run(SimulatedTask task, Behavior behavior) {
        int number = 0;
        for (var container : task.containers()) {
            container.run(task.id() + "-" + (1_000_000_000L + number++));
        }
        task.note("startedAt", agenda.now());
        move(task, Status.RUNNING);
        watcher.running(task);
        new ContainerRun(task, behavior, this, agenda, loadBalancing, logs, world).start();
        agenda.after(timing.healthyWithoutChecks(), () -> watcher.changed(task));
    }

    private void terminate(SimulatedTask task) {
        if (task.status() == Status.STOPPED) {
            return;
        }
        move(task, Status.STOPPING);
        agenda.after(timing.stopping(), () -> {
            task.containers().forEach(container -> container.stop(SIGTERM, null));
            task.note("executionStoppedAt", agenda.now());
            deprovision(task);
        });
    }

    private void deprovision(SimulatedTask task) {
        task.containers().forEach(container -> container.stop(null, null));
        move(task, Status.DEPROVISIONING);
        agenda.after(timing.deprovisioning(), () -> finish(task));
        watcher.changed(task);
    }

    private void finish(SimulatedTask task) {
        task.note("stoppedAt", agenda.now());
        move(task, Status.STOPPED);
        watcher.changed(task);
        agenda.after(STOPPED_TASKS_ARE_LISTED, () -> task.cluster().forget(task));
    }

    private void want(SimulatedTask task, Stop stop) {
        task.want(stop);
        task.note("stoppingAt", agenda.now());
    }

    private void drainTargets(SimulatedTask task) {
        task.targets().forEach(TargetGroup.Target::drain);
        task.targets().forEach(target -> agenda.after(target.group.deregistrationDelay(), target::deregister));
    }

    private static Duration longestDrain(SimulatedTask task) {
        return task.targets().stream()
                .map(target -> target.group.deregistrationDelay())
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    /** Continues a start unless it was called off in the meantime. */
    private void then(SimulatedTask task, Status expected, Duration delay, Consumer<SimulatedTask> step) {
        agenda.after(delay, () -> {
            if (task.isWanted() && task.status() == expected) {
                step.accept(task);
            }
        });
    }

    private void move(SimulatedTask task, Status next) {
        task.move(next);
        emit(task);
    }

    private void emit(SimulatedTask task) {
        task.nextVersion();
        events.emitEcs("ECS Task State Change", task.arn(), task.detail(agenda.now()));
    }

    private @Nullable String digest(SimulatedTask.Launch launch, TaskDefinition.Container container) {
        return launch.revision()
                .map(revision -> revision.digest(container.name()))
                .orElseGet(() -> images.resolve(container.image()))
                .orElse(null);
    }
}
