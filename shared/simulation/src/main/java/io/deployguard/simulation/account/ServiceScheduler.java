package io.deployguard.simulation.account;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deployguard.simulation.account.SimulatedTask.Stop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Brings the tasks of services to what their settings ask for, by rolling updates.
 *
 * <p>It looks at a service shortly after anything changed: unhealthy tasks out, surplus out, missing ones in, old ones out as far as enough
 * healthy ones remain, and, when all is as it should be, steady state. Guarded by the lock of the account.
 */
final class ServiceScheduler implements TaskWatcher {
    private static final String INITIATED_BY_SCHEDULER = "ServiceSchedulerInitiated";

    private final Agenda agenda;
    private final Timing timing;
    private final Deployments deployments;
    private final ServiceReports reports;
    private final Behaviors behaviors;
    private final TaskLifecycle tasks;
    private BiConsumer<Service, Rollout> steadyTaskSets = (_, _) -> {};

    ServiceScheduler(
            Agenda agenda,
            Timing timing,
            Deployments deployments,
            ServiceReports reports,
            Behaviors behaviors,
            TaskLifecycle tasks) {
        this.agenda = agenda;
        this.timing = timing;
        this.deployments = deployments;
        this.reports = reports;
        this.behaviors = behaviors;
        this.tasks = tasks;
    }

    @Override
    public void running(SimulatedTask task) {
        task.launch().service().ifPresent(service -> {
            service.throttle().reset();
            rolloutOf(service, task).ifPresent(rollout -> {
                rollout.taskRuns();
                rollout.breaker().taskRuns();
            });
        });
    }

    @Override
    public void failed(SimulatedTask task, Failure failure) {
        task.launch().service().ifPresent(service -> {
            var current = service.isActive() && service.primary().owns(task);
            if (failure == Failure.START && current && service.throttle().impairedBy(agenda.now())) {
                reports.impaired(service);
            }
            rolloutOf(service, task)
                    .filter(rollout -> rollout == service.primary() && rollout.state() == Rollout.State.IN_PROGRESS)
                    .ifPresent(rollout -> {
                        rollout.taskFailed();
                        if (rollout.breaker().breaksAt(failure)) {
                            deployments.breakCircuit(service, failure);
                        }
                    });
            lookSoon(service);
        });
    }

    @Override
    public void changed(SimulatedTask task) {
        task.launch().service().ifPresent(this::lookSoon);
    }

    /** Looks at the service after the usual delay. */
    void lookSoon(Service service) {
        lookAfter(service, timing.scheduling());
    }

    private void lookAfter(Service service, Duration delay) {
        var due = agenda.now().plus(delay);
        if (service.wantsTick(due)) {
            agenda.at(due, () -> {
                if (service.takesTick(due)) {
                    look(service);
                }
            });
        }
    }

    private void look(Service service) {
        if (!service.isActive()) {
            stopAll(
                    service,
                    service.tasks().stream().filter(SimulatedTask::isWanted).toList());
            return;
        }
        stopUnhealthy(service);
        if (service.settings().hasTaskSets()) {
            scaleTaskSets(service);
            return;
        }
        var shift = service.shift();
        if (shift.isPresent()) {
            goOn(service, shift.get());
        } else {
            stopSurplus(service);
            startMissing(service);
            replaceOld(service);
            settle(service);
        }
    }

    /** A deployment that shifts traffic says itself how many tasks each revision shall have. */
    private void goOn(Service service, TrafficShift shift) {
        var desired = service.settings().desiredCount();
        switch (shift.advance(agenda.now(), desired, census(service, shift))) {
            case TrafficShift.Progress.Waits(var until) ->
                until.ifPresent(moment -> lookAfter(service, Duration.between(agenda.now(), moment)));
            case TrafficShift.Progress.Complete _ -> {
                deployments.complete(service);
                lookSoon(service);
                return;
            }
            case TrafficShift.Progress.Fails(var reason) -> {
                deployments.turnBack(service, reason);
                lookSoon(service);
            }
        }
        for (var rollout : List.copyOf(service.rollouts())) {
            var own = wanted(service, rollout);
            var missing = shift.wanted(rollout.revision(), desired) - own.size();
            if (missing > 0) {
                start(service, rollout, missing);
            } else {
                stopAll(service, newestFirst(own).subList(0, -missing));
            }
        }
    }

    private TrafficShift.Census census(Service service, TrafficShift shift) {
        return new TrafficShift.Census() {
            @Override
            public int healthy(Rollout rollout) {
                return (int) wanted(service, rollout).stream()
                        .filter(task -> isHealthy(task))
                        .count();
            }

            @Override
            public boolean isGone(Rollout rollout) {
                return service.tasks().stream().noneMatch(task -> rollout.owns(task) && !ServiceScheduler.isGone(task));
            }

            @Override
            public boolean hasStrays() {
                return service.rollouts().stream()
                        .filter(rollout -> !shift.isAbout(rollout))
                        .anyMatch(rollout -> !isGone(rollout));
            }
        };
    }

    /** Each is as large as the service is to be; which of them are there, and which one serves, is CodeDeploy's to say. */
    private void scaleTaskSets(Service service) {
        var desired = service.settings().desiredCount();
        stopAll(
                service,
                wanted(service).stream()
                        .filter(task -> rolloutOf(service, task).isEmpty())
                        .toList());
        for (var taskSet : List.copyOf(service.rollouts())) {
            var own = wanted(service, taskSet);
            stopAll(service, newestFirst(own).subList(0, Math.max(0, own.size() - desired)));
            start(service, taskSet, desired - own.size());
            if (taskSet.state() == Rollout.State.IN_PROGRESS
                    && own.size() == desired
                    && own.stream().allMatch(this::isHealthy)) {
                taskSet.turn(Rollout.State.COMPLETED, "", agenda.now());
                steadyTaskSets.accept(service, taskSet);
            }
        }
    }

    /** Names the one who is told when a task set is steady for the first time. */
    void tellSteadyTaskSets(BiConsumer<Service, Rollout> listener) {
        steadyTaskSets = listener;
    }

    private void stopUnhealthy(Service service) {
        for (var task : service.tasks()) {
            if (!task.isRunning() || isInGrace(service, task)) {
                continue;
            }
            var target = task.targets().stream()
                    .filter(candidate -> candidate.health().isUnhealthy())
                    .findFirst();
            if (task.healthStatus().equals("UNHEALTHY")) {
                reports.failedContainerChecks(service, task);
                stopFailed(task, "Task failed container health checks");
            } else if (target.isPresent()) {
                reports.failedTargetChecks(service, task, target.get());
                stopFailed(
                        task,
                        "Task failed ELB health checks in (target-group %s)"
                                .formatted(target.get().group.arn()));
            }
        }
    }

    private void stopFailed(SimulatedTask task, String reason) {
        tasks.stop(task, new Stop(INITIATED_BY_SCHEDULER, reason));
        failed(task, Failure.HEALTH_CHECK);
    }

    private boolean isInGrace(Service service, SimulatedTask task) {
        var end = task.startedAt().orElseThrow().plus(service.settings().gracePeriod());
        var inGrace = agenda.now().isBefore(end);
        if (inGrace) {
            lookAfter(service, Duration.between(agenda.now(), end));
        }
        return inGrace;
    }

    private void stopSurplus(Service service) {
        var wanted = wanted(service, service.primary());
        var surplus = wanted.size() - service.settings().desiredCount();
        if (surplus > 0) {
            stopAll(service, newestFirst(wanted).subList(0, surplus));
        }
    }

    private void startMissing(Service service) {
        var primary = service.primary();
        var room = service.settings().mostTasks() - wanted(service).size();
        var missing =
                service.settings().desiredCount() - wanted(service, primary).size();
        if (primary.state() != Rollout.State.FAILED) {
            start(service, primary, Math.min(missing, room));
        }
        keepCompletedAlive(service, primary);
    }

    /** A task of the completed revision that dies is replaced by its own revision until the new one carries the load. */
    private void keepCompletedAlive(Service service, Rollout primary) {
        var carrying = wanted(service).stream()
                .filter(task -> !primary.owns(task) || isHealthy(task))
                .count();
        var room = service.settings().mostTasks() - wanted(service).size();
        var lacking = (int) Math.min(room, service.settings().fewestHealthy() - carrying);
        service.rollouts().stream()
                .filter(rollout -> rollout != primary && rollout.state() == Rollout.State.COMPLETED)
                .findFirst()
                .ifPresent(completed -> start(service, completed, lacking));
    }

    private void start(Service service, Rollout rollout, int count) {
        if (count <= 0) {
            return;
        }
        if (agenda.now().isBefore(service.throttle().until())) {
            lookAfter(service, Duration.between(agenda.now(), service.throttle().until()));
            return;
        }
        var revision = rollout.revision();
        if (behaviors.of(revision.definition(), List.of(), Optional.empty())
                instanceof Behavior.Unplaceable(var reason)) {
            if (!reason.isEmpty()) {
                reports.unplaceable(service, reason);
            }
            service.throttle().impairedBy(agenda.now());
            lookAfter(service, Duration.ofMinutes(1));
            return;
        }
        var started = new ArrayList<SimulatedTask>();
        for (int i = 0; i < count; i++) {
            var task = tasks.launch(
                    service.cluster(),
                    new SimulatedTask.Launch(
                            revision.definition(),
                            "service:" + service.name(),
                            Optional.of(revision.deploymentId()),
                            Optional.of(revision),
                            Optional.of(service),
                            emptyOverrides()));
            service.add(task);
            started.add(task);
        }
        service.steadySince(null);
        reports.started(service, started);
    }

    private void replaceOld(Service service) {
        var primary = service.primary();
        var old = wanted(service).stream().filter(task -> !primary.owns(task)).toList();
        if (old.isEmpty()) {
            return;
        }
        var settings = service.settings();
        var wellOld = old.stream().filter(this::isHealthy).toList();
        var wellNew = wanted(service, primary).stream().filter(this::isHealthy).count();
        var spare = wellOld.size() + wellNew - settings.fewestHealthy();
        var replaced = old.size() + wellNew - settings.desiredCount();
        var roomNeeded = wanted(service).size() >= settings.mostTasks()
                        && wanted(service, primary).size() < settings.desiredCount()
                ? 1
                : 0;
        var stoppable = (int) Math.clamp(Math.max(replaced, roomNeeded), 0, Math.max(spare, 0));
        var leaving = new ArrayList<>(wellOld.subList(0, Math.min(stoppable, wellOld.size())));
        // What serves nobody makes room at once, unless it is still coming up to replace a dead task of the completed
        // revision.
        old.stream()
                .filter(task -> !isHealthy(task))
                .filter(task -> wellNew >= settings.fewestHealthy() || isAbandoned(service, task))
                .forEach(leaving::add);
        stopAll(service, leaving);
    }

    private boolean isAbandoned(Service service, SimulatedTask task) {
        return rolloutOf(service, task)
                .filter(rollout -> rollout.state() == Rollout.State.COMPLETED)
                .isEmpty();
    }

    private void settle(Service service) {
        var primary = service.primary();
        var wanted = wanted(service, primary);
        var isSteady = primary.state() != Rollout.State.FAILED
                && wanted.size() == service.settings().desiredCount()
                && wanted.stream().allMatch(this::isHealthy)
                && service.tasks().stream().allMatch(task -> primary.owns(task) || isGone(task));
        if (!isSteady) {
            return;
        }
        wanted.forEach(SimulatedTask::noteHealthy);
        if (primary.state() == Rollout.State.IN_PROGRESS) {
            deployments.complete(service);
        }
        var now = agenda.now();
        if (service.steadySince()
                .map(since -> since.plus(timing.steadyStateEvery()))
                .filter(now::isBefore)
                .isEmpty()) {
            service.steadySince(now);
            reports.steady(service);
        }
        lookAfter(
                service, Duration.between(now, service.steadySince().orElse(now).plus(timing.steadyStateEvery())));
    }

    private static boolean isGone(SimulatedTask task) {
        return task.status().compareTo(SimulatedTask.Status.STOPPING) >= 0;
    }

    /** Healthy by every check there is; without any, some time after RUNNING. */
    private boolean isHealthy(SimulatedTask task) {
        if (!task.isRunning()) {
            return false;
        }
        var checked = task.hasContainerChecks() || !task.targets().isEmpty();
        var healthy = checked
                ? (!task.hasContainerChecks() || task.healthStatus().equals("HEALTHY"))
                        && task.targets().stream()
                                .allMatch(target -> target.health().isHealthy())
                : !agenda.now().isBefore(task.startedAt().orElseThrow().plus(timing.healthyWithoutChecks()));
        if (healthy) {
            task.noteHealthy();
        }
        return healthy;
    }

    private void stopAll(Service service, List<SimulatedTask> leaving) {
        if (leaving.isEmpty()) {
            return;
        }
        leaving.forEach(task -> tasks.stop(
                task,
                new Stop(
                        INITIATED_BY_SCHEDULER,
                        "Scaling activity initiated by (deployment %s)"
                                .formatted(task.launch().startedBy().orElse("")))));
        service.steadySince(null);
        reports.stopped(service, leaving);
    }

    private static Optional<Rollout> rolloutOf(Service service, SimulatedTask task) {
        return service.rollouts().stream().filter(rollout -> rollout.owns(task)).findFirst();
    }

    private static List<SimulatedTask> wanted(Service service) {
        return service.tasks().stream().filter(SimulatedTask::isWanted).toList();
    }

    private static List<SimulatedTask> wanted(Service service, Rollout rollout) {
        return wanted(service).stream().filter(rollout::owns).toList();
    }

    private static List<SimulatedTask> newestFirst(List<SimulatedTask> tasks) {
        return tasks.stream()
                .sorted(Comparator.comparing(
                                (SimulatedTask task) -> task.moment("createdAt").orElseThrow())
                        .reversed())
                .toList();
    }

    private static ObjectNode emptyOverrides() {
        var overrides = Json.object();
        overrides.putArray("containerOverrides");
        overrides.putArray("inferenceAcceleratorOverrides");
        return overrides;
    }
}
