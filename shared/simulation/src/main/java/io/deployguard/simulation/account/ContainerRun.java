package io.deployguard.simulation.account;

import io.deployguard.simulation.account.Behavior.CrashesLate;
import io.deployguard.simulation.account.Behavior.CrashesUnderTraffic;
import io.deployguard.simulation.account.Behavior.Decided;
import io.deployguard.simulation.account.Behavior.Exits;
import io.deployguard.simulation.account.Behavior.FailsContainerCheck;
import io.deployguard.simulation.account.Behavior.FailsTargetChecks;
import io.deployguard.simulation.account.Behavior.FailsToStart;
import io.deployguard.simulation.account.Behavior.Hangs;
import io.deployguard.simulation.account.Behavior.Healthy;
import io.deployguard.simulation.account.Behavior.TargetAnswer;
import io.deployguard.simulation.account.Behavior.Unplaceable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The main container of one task between its start and its end: what it logs, how it answers its checks, when it exits. */
final class ContainerRun {
    private static final Duration LOOKS_FOR_TRAFFIC = Duration.ofSeconds(5);

    private final SimulatedTask task;
    private final Behavior behavior;
    private final TaskLifecycle lifecycle;
    private final Agenda agenda;
    private final LoadBalancing loadBalancing;
    private final LogStore logs;
    private final World world;
    private final Instant startedAt;
    private boolean relieved;
    private int failedChecks;

    ContainerRun(
            SimulatedTask task,
            Behavior behavior,
            TaskLifecycle lifecycle,
            Agenda agenda,
            LoadBalancing loadBalancing,
            LogStore logs,
            World world) {
        this.task = task;
        this.behavior = behavior;
        this.lifecycle = lifecycle;
        this.agenda = agenda;
        this.loadBalancing = loadBalancing;
        this.logs = logs;
        this.world = world;
        this.startedAt = agenda.now();
    }

    void start() {
        checkContainersWithoutBehavior();
        task.mainContainer().definition.healthCheck().ifPresent(this::scheduleContainerCheck);
        task.targets().forEach(this::scheduleTargetCheck);
        switch (behavior) {
            case Healthy healthy -> writeAll(healthy.lines());
            case FailsTargetChecks failing -> writeAll(failing.lines());
            case FailsContainerCheck failing -> writeAll(failing.serving().lines());
            case Hangs hangs -> repeat(hangs);
            case Exits exits -> {
                writeAll(exits.lines());
                whileRunning(exits.after(), () -> exit(exits));
            }
            case CrashesLate late -> {
                writeAll(late.start().lines());
                whileRunning(late.start().after().plus(late.healthyFor()), () -> {
                    late.lastWords().forEach(this::write);
                    lifecycle.exit(task, late.exitCode(), late.reason().orElse(null));
                });
            }
            case CrashesUnderTraffic crashing -> {
                writeAll(crashing.start().lines());
                whileRunning(crashing.start().after(), () -> awaitTraffic(crashing));
            }
            case FailsToStart never -> throw neverRuns(never);
            case Unplaceable never -> throw neverRuns(never);
            case Decided undecided -> throw neverRuns(undecided);
        }
    }

    /** Why the port does not answer well now; empty when it does. */
    private Optional<TargetAnswer> complaint() {
        return switch (behavior) {
            case Healthy healthy -> refusedUntil(healthy.after());
            case CrashesLate late -> refusedUntil(late.start().after());
            case CrashesUnderTraffic crashing -> refusedUntil(crashing.start().after());
            case Hangs hangs -> relieved ? Optional.empty() : Optional.of(hangs.answer());
            case FailsTargetChecks failing -> Optional.of(failing.answer());
            case FailsContainerCheck failing -> refusedUntil(failing.serving().after());
            case Exits exits -> Optional.of(TargetAnswer.REFUSED);
            case FailsToStart never -> throw neverRuns(never);
            case Unplaceable never -> throw neverRuns(never);
            case Decided undecided -> throw neverRuns(undecided);
        };
    }

    private Optional<TargetAnswer> refusedUntil(Duration after) {
        return agenda.now().isBefore(startedAt.plus(after)) ? Optional.of(TargetAnswer.REFUSED) : Optional.empty();
    }

    private void exit(Exits exits) {
        if (exits.exitCode() == 0) {
            exits.sets().ifPresent(world::set);
        }
        lifecycle.exit(task, exits.exitCode(), exits.reason().orElse(null));
    }

    private void awaitTraffic(CrashesUnderTraffic crashing) {
        if (task.targets().stream().anyMatch(target -> loadBalancing.serves(target.group))) {
            whileRunning(crashing.endures(), () -> {
                crashing.lastWords().forEach(this::write);
                lifecycle.exit(task, crashing.exitCode(), null);
            });
        } else {
            whileRunning(LOOKS_FOR_TRAFFIC, () -> awaitTraffic(crashing));
        }
    }

    private void repeat(Hangs hangs) {
        var relief = hangs.until().filter(until -> world.holds(until.flag()));
        if (relief.isPresent()) {
            relieved = true;
            write(relief.get().line());
        } else {
            write(hangs.line());
            whileRunning(hangs.every(), () -> repeat(hangs));
        }
    }

    /** Checked containers that no behavior speaks about are well from their first check on. */
    private void checkContainersWithoutBehavior() {
        task.containers().stream()
                .filter(container -> container != task.mainContainer())
                .forEach(container -> container
                        .definition
                        .healthCheck()
                        .ifPresent(check -> whileRunning(check.interval(), () -> {
                            container.healthStatus = "HEALTHY";
                            lifecycle.noteHealth(task);
                        })));
    }

    private void scheduleContainerCheck(TaskDefinition.HealthCheck check) {
        whileRunning(check.interval(), () -> checkContainer(check));
    }

    private void checkContainer(TaskDefinition.HealthCheck check) {
        var container = task.mainContainer();
        var passes = switch (behavior) {
            case FailsTargetChecks _ -> true;
            case FailsContainerCheck _ -> false;
            default -> complaint().isEmpty();
        };
        if (passes) {
            failedChecks = 0;
            container.healthStatus = "HEALTHY";
        } else if (agenda.now().isAfter(startedAt.plus(check.startPeriod())) && ++failedChecks >= check.retries()) {
            container.healthStatus = "UNHEALTHY";
        }
        lifecycle.noteHealth(task);
        if (!passes) {
            scheduleContainerCheck(check);
        }
    }

    private void scheduleTargetCheck(TargetGroup.Target target) {
        whileRunning(target.group.healthCheck().interval(), () -> checkTarget(target));
    }

    private void checkTarget(TargetGroup.Target target) {
        var complaint = complaint();
        complaint.ifPresentOrElse(target::failed, target::passed);
        lifecycle.noteHealth(task);
        // No behavior gets worse without ending, so a target that is well needs no further check.
        if (complaint.isPresent()) {
            scheduleTargetCheck(target);
        }
    }

    private void writeAll(List<Behavior.LogLine> lines) {
        lines.forEach(line -> whileRunning(line.at(), () -> write(line.text())));
    }

    private void write(String line) {
        var container = task.mainContainer().definition;
        container
                .log()
                .ifPresent(
                        log -> logs.write(log.group(), log.prefix() + "/" + container.name() + "/" + task.id(), line));
    }

    private void whileRunning(Duration delay, Runnable work) {
        agenda.after(delay, () -> {
            if (task.status() == SimulatedTask.Status.RUNNING) {
                work.run();
            }
        });
    }

    private static IllegalStateException neverRuns(Behavior behavior) {
        return new IllegalStateException("a container cannot run as " + behavior);
    }
}
