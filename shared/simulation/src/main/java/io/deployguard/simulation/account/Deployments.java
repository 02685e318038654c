package io.deployguard.simulation.account;

import io.deployguard.simulation.account.ServiceDeployment.Status;
import java.time.Duration;
import java.util.Optional;

/** Begins, completes, fails, supersedes and rolls back the deployments of services. Guarded by the lock of the account. */
final class Deployments {
    private static final Duration UNTIL_STOPPED = Duration.ofSeconds(2);

    private final Agenda agenda;
    private final Arns arns;
    private final Ids ids;
    private final ContainerImages images;
    private final ServiceReports reports;

    Deployments(Agenda agenda, Arns arns, Ids ids, ContainerImages images, ServiceReports reports) {
        this.agenda = agenda;
        this.arns = arns;
        this.ids = ids;
        this.images = images;
        this.reports = reports;
    }

    /** A new revision of the service's settings, and the deployment that brings it up; what was running before is superseded. */
    void begin(Service service) {
        service.currentDeployment()
                .filter(ServiceDeployment::isRunning)
                .ifPresent(running -> stop(running, "Stopped by a newer service deployment."));
        var revision = newRevision(service);
        if (service.rollouts().isEmpty()
                || !service.primary().revision().definition().equals(revision.definition())) {
            service.throttle().reset();
        }
        var breaker = newBreaker(service);
        var sources = service.rollouts().stream()
                .filter(rollout -> service.tasks().stream().anyMatch(rollout::owns))
                .map(Rollout::revision)
                .toList();
        var id = arns.serviceDeployment(service.cluster().name(), service.name(), ids.deployment());
        service.add(revision);
        service.add(new ServiceDeployment(id, service, revision, sources, breaker, agenda.now()));
        var rollout = new Rollout(revision, agenda.now(), breaker);
        service.makePrimary(rollout);
        service.steadySince(null);
        reports.deploymentStarted(service, rollout, "ECS deployment %s in progress.".formatted(rollout.id()));
    }

    /** The primary revision is all that runs, and it is well. */
    void complete(Service service) {
        var rollout = service.primary();
        rollout.turn(Rollout.State.COMPLETED, "ECS deployment %s completed.".formatted(rollout.id()), agenda.now());
        rollout.breaker().deploymentEnded();
        service.rollouts().removeIf(other -> other != rollout);
        service.lastCompleted(rollout.revision());
        service.currentDeployment()
                .filter(ServiceDeployment::isRunning)
                .ifPresent(deployment -> deployment.turn(
                        deployment.isRollingBack() ? Status.ROLLBACK_SUCCESSFUL : Status.SUCCESSFUL, "", agenda.now()));
        reports.deploymentCompleted(service, rollout);
    }

    /** The circuit breaker speaks: back to the last completed revision if it may, else the deployment stands failed. */
    void breakCircuit(Service service, TaskWatcher.Failure failure) {
        var rollout = service.primary();
        var why = failure == TaskWatcher.Failure.START ? "tasks failed to start" : "tasks failed health checks";
        var deployment = service.currentDeployment().orElseThrow();
        rollout.turn(Rollout.State.FAILED, "ECS deployment circuit breaker: %s.".formatted(why), agenda.now());
        reports.deploymentFailed(service, rollout, why);
        if (deployment.isRollingBack()) {
            deployment.turn(Status.ROLLBACK_FAILED, "Service deployment rollback failed: " + why + ".", agenda.now());
            return;
        }
        var target = rollbackTarget(service);
        if (service.settings().breakerRollsBack() && target.isPresent()) {
            rollBack(service, deployment, target.get(), "circuit breaker triggered", "ECS deployment circuit breaker");
        } else {
            stop(deployment, "Service deployment circuit breaker triggered: " + why + ".");
        }
    }

    /**
     * StopServiceDeployment with stop type ROLLBACK.
     *
     * @throws AwsError ConflictException when the deployment has ended; ClientException when nothing completed before it
     */
    void requestRollback(ServiceDeployment deployment) {
        var service = deployment.service();
        if (!deployment.isRunning()
                || service.currentDeployment()
                        .filter(current -> current == deployment)
                        .isEmpty()) {
            throw AwsError.refused(
                    "ConflictException",
                    "The service deployment is in the %s state and cannot be stopped.".formatted(deployment.status()));
        }
        if (deployment.isRollingBack()) {
            return;
        }
        var target = rollbackTarget(service)
                .orElseThrow(() ->
                        AwsError.refused("ClientException", "There is no completed service revision to roll back to."));
        deployment.turn(Status.ROLLBACK_REQUESTED, "Rollback requested by the user.", agenda.now());
        agenda.after(UNTIL_STOPPED, () -> {
            if (deployment.status() == Status.ROLLBACK_REQUESTED) {
                rollBack(
                        service,
                        deployment,
                        target,
                        "Service deployment stopped by the user.",
                        "ECS deployment stopped by user");
            }
        });
    }

    private void rollBack(
            Service service, ServiceDeployment deployment, ServiceRevision target, String reason, String actor) {
        var abandoned = service.primary();
        if (abandoned.state() == Rollout.State.IN_PROGRESS) {
            abandoned.turn(Rollout.State.FAILED, actor + ".", agenda.now());
        }
        var rollout = service.rollouts().stream()
                .filter(candidate -> candidate.revision().equals(target))
                .findFirst()
                .orElseGet(() -> new Rollout(target, agenda.now(), newBreaker(service)));
        var told = "%s: rolling back to deploymentId %s.".formatted(actor, rollout.id());
        rollout.restart(newBreaker(service));
        rollout.turn(Rollout.State.IN_PROGRESS, told, agenda.now());
        service.makePrimary(rollout);
        service.settings(target.settings().withDesiredCount(service.settings().desiredCount()));
        service.steadySince(null);
        service.throttle().reset();
        deployment.rollBack(target, reason, agenda.now());
        deployment.turn(Status.ROLLBACK_IN_PROGRESS, reason, agenda.now());
        reports.rollingBack(service, rollout, told);
    }

    private void stop(ServiceDeployment deployment, String reason) {
        deployment.turn(Status.STOP_REQUESTED, reason, agenda.now());
        agenda.after(UNTIL_STOPPED, () -> deployment.turn(Status.STOPPED, reason, agenda.now()));
    }

    /** The last completed revision, unless it is the one that just failed. */
    private static Optional<ServiceRevision> rollbackTarget(Service service) {
        return service.lastCompleted()
                .filter(revision -> !revision.equals(service.primary().revision()));
    }

    private ServiceRevision newRevision(Service service) {
        var number = ids.revisionNumber();
        var cluster = service.cluster();
        var settings = service.settings();
        return new ServiceRevision(
                arns.serviceRevision(cluster.name(), service.name(), number),
                number,
                cluster,
                service.arn(),
                settings,
                settings.definition().containers().stream()
                        .map(container -> new ServiceRevision.Image(
                                container.name(), container.image(), images.resolve(container.image())))
                        .toList(),
                agenda.now());
    }

    private static CircuitBreaker newBreaker(Service service) {
        return new CircuitBreaker(
                service.settings().breaker(), service.settings().desiredCount());
    }
}
