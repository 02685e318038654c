package io.deployguard.simulation.account;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deployguard.simulation.account.ServiceDeployment.Status;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Begins, completes, fails, supersedes and rolls back the deployments of services. Guarded by the lock of the account. */
final class Deployments {
    private static final Duration UNTIL_STOPPED = Duration.ofSeconds(2);

    private final Agenda agenda;
    private final Arns arns;
    private final Ids ids;
    private final ContainerImages images;
    private final LoadBalancing loadBalancing;
    private final ServiceReports reports;
    private final Timing timing;
    private final Map<String, Function<ObjectNode, String>> hookFunctions = new HashMap<>();

    Deployments(
            Agenda agenda,
            Timing timing,
            Arns arns,
            Ids ids,
            ContainerImages images,
            LoadBalancing loadBalancing,
            ServiceReports reports) {
        this.agenda = agenda;
        this.timing = timing;
        this.loadBalancing = loadBalancing;
        this.arns = arns;
        this.ids = ids;
        this.images = images;
        this.reports = reports;
    }

    /** Lets the hooks that name {@code arn} be answered by {@code function}. */
    void hookFunction(String arn, Function<ObjectNode, String> function) {
        hookFunctions.put(arn, function);
    }

    /** A new revision of the service's settings, and the deployment that brings it up; what was running before is superseded. */
    void begin(Service service) {
        var blue = service.shift().map(TrafficShift::supersede).or(() -> serving(service));
        service.currentDeployment()
                .filter(ServiceDeployment::isRunning)
                .ifPresent(running -> stop(running, "Stopped by a newer service deployment."));
        // The first deployment of a service has nothing to take traffic from, and comes up as a rolling update does.
        var strategy = service.settings().shift().filter(_ -> blue.isPresent());
        var revision = newRevision(
                service, service.settings(), strategy.flatMap(_ -> blue).map(Rollout::revision));
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
        var rollout = new Rollout(revision, agenda.now(), breaker);
        var shift = strategy.map(kind -> new TrafficShift(
                kind,
                blue.orElseThrow(),
                rollout,
                service.tasks().stream().anyMatch(task -> !blue.orElseThrow().owns(task)),
                loadBalancing,
                hooks(service, revision, id),
                timing.scheduling(),
                agenda.now()));
        service.add(new ServiceDeployment(id, service, revision, sources, breaker, shift, agenda.now()));
        service.makePrimary(rollout);
        service.steadySince(null);
        reports.deploymentStarted(service, rollout, "ECS deployment %s in progress.".formatted(rollout.id()));
    }

    /** The rollout that serves now: the last completed one, else the one that came last. */
    private static Optional<Rollout> serving(Service service) {
        return service.lastCompleted()
                .flatMap(revision -> service.rollouts().stream()
                        .filter(rollout -> rollout.revision().equals(revision))
                        .findFirst())
                .or(() -> service.rollouts().stream().findFirst());
    }

    private LifecycleHooks hooks(Service service, ServiceRevision revision, String deploymentArn) {
        var question = Json.object().put("resourceArn", deploymentArn);
        question.putObject("executionDetails")
                .put("serviceArn", service.arn())
                .put("targetServiceRevisionArn", revision.arn());
        return new LifecycleHooks(
                revision.settings().deploymentConfiguration(),
                hookFunctions,
                question,
                ids,
                (name, run) -> reports.hook(service, deploymentArn, name, run));
    }

    /** Another task set beside those that are there; the first one serves. CodeDeploy decides what becomes of it. */
    Rollout addTaskSet(Service service, ServiceSettings settings, String codeDeployId) {
        var taskSet = new Rollout(newRevision(service, settings, Optional.empty()), agenda.now(), newBreaker(service));
        service.addTaskSet(taskSet, codeDeployId);
        service.throttle().reset();
        return taskSet;
    }

    /** The primary revision is all that runs, and it is well. */
    void complete(Service service) {
        var rollout = service.primary();
        rollout.turn(Rollout.State.COMPLETED, "ECS deployment %s completed.".formatted(rollout.id()), agenda.now());
        rollout.breaker().deploymentEnded();
        service.rollouts().removeIf(other -> other != rollout);
        service.lastCompleted(rollout.revision());
        service.currentDeployment().ifPresent(ServiceDeployment::endShift);
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

    /** ECS itself turns a deployment around that shifts traffic: a hook refused it, or a stage lasted too long. */
    void turnBack(Service service, String reason) {
        var deployment = service.currentDeployment().orElseThrow();
        rollBack(service, deployment, rollbackTarget(service).orElseThrow(), reason, "ECS deployment failed");
    }

    /**
     * ContinueServiceDeployment: answers a pause hook.
     *
     * @throws AwsError InvalidParameterException when no such hook of it awaits an answer
     */
    void answerHook(ServiceDeployment deployment, String hookId, boolean goOn) {
        var shift = deployment
                .service()
                .shift()
                .filter(_ -> deployment.status() == Status.IN_PROGRESS)
                .filter(current -> deployment.shift().filter(current::equals).isPresent())
                .orElseThrow(() -> AwsError.invalid("The service deployment is not paused."));
        shift.hooks().answer(hookId, goOn);
        if (!goOn) {
            requestRollback(deployment);
        }
    }

    /**
     * StopServiceDeployment with stop type ABORT, of which the documentation says nothing: here it leaves tasks and traffic as they are.
     *
     * @throws AwsError ConflictException when the deployment has ended; UnsupportedFeatureException for a rolling update
     */
    void abort(ServiceDeployment deployment) {
        requireRunning(deployment);
        deployment
                .shift()
                .orElseThrow(() -> AwsError.refused("UnsupportedFeatureException", "Stop type is not supported."))
                .abort();
        stop(deployment, "Service deployment aborted by the user.");
    }

    /**
     * StopServiceDeployment with stop type ROLLBACK.
     *
     * @throws AwsError ConflictException when the deployment has ended; ClientException when nothing completed before it
     */
    void requestRollback(ServiceDeployment deployment) {
        var service = deployment.service();
        requireRunning(deployment);
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

    private static void requireRunning(ServiceDeployment deployment) {
        if (!deployment.isRunning()
                || deployment
                        .service()
                        .currentDeployment()
                        .filter(current -> current == deployment)
                        .isEmpty()) {
            throw AwsError.refused(
                    "ConflictException",
                    "The service deployment is in the %s state and cannot be stopped.".formatted(deployment.status()));
        }
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
        deployment.shift().ifPresent(TrafficShift::turnBack);
        deployment.rollBack(target, reason, agenda.now());
        deployment.turn(Status.ROLLBACK_IN_PROGRESS, reason, agenda.now());
        reports.rollingBack(service, rollout, told);
    }

    private void stop(ServiceDeployment deployment, String reason) {
        deployment.turn(Status.STOP_REQUESTED, reason, agenda.now());
        agenda.after(UNTIL_STOPPED, () -> deployment.turn(Status.STOPPED, reason, agenda.now()));
    }

    /** What a shift takes traffic from; else the last completed revision, unless it is the one that just failed. */
    private static Optional<ServiceRevision> rollbackTarget(Service service) {
        return service.shift()
                .map(TrafficShift::source)
                .or(service::lastCompleted)
                .filter(revision -> !revision.equals(service.primary().revision()));
    }

    private ServiceRevision newRevision(Service service, ServiceSettings settings, Optional<ServiceRevision> neighbor) {
        var number = ids.revisionNumber();
        var cluster = service.cluster();
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
                ServiceRevision.Route.of(settings, neighbor),
                agenda.now());
    }

    private static CircuitBreaker newBreaker(Service service) {
        // The breaker is for rolling updates only.
        return new CircuitBreaker(
                service.settings().breaker() && service.settings().shift().isEmpty(),
                service.settings().desiredCount());
    }
}
