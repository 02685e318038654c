package io.deployguard.action;

import io.deployguard.action.ActionPlan.Overtaken;
import io.deployguard.action.ActionPlan.Refused;
import io.deployguard.action.ActionPlan.Steps;
import io.deployguard.detection.StopJudgement;
import io.deployguard.ecs.CodeDeployRef;
import io.deployguard.ecs.DeploymentId;
import io.deployguard.ecs.ServiceDeployment;
import io.deployguard.ecs.ServiceDescription;
import io.deployguard.ecs.ServiceRef;
import io.deployguard.ecs.ServiceSnapshot;
import io.deployguard.ecs.Task;
import io.deployguard.ecs.TaskHealth;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/**
 * Returns to the last healthy revision: by ending the deployment while it runs, which reuses the old image digests, and by deploying the
 * earlier task definition again once it has finished. A deployment that waits at a pause hook is ended by the answer to the hook, any other by
 * stopping it; one of CodeDeploy can only be stopped.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stop-service-deployment.html">Stopping service deployments</a>
 */
public final class RollBack implements Action {

    /** Tasks that stopped within this time belong to a loop. */
    private static final Duration LOOPS_WITHIN = Duration.ofMinutes(10);

    private static final List<Check> PREFLIGHT = List.of(
            new Check("inactive", "the service is not `ACTIVE`", RollBack::inactive),
            new Check("other-controller", "deployments belong to an external controller", RollBack::otherController),
            new Check("scaled-to-zero", "the service is scaled to zero", RollBack::scaledToZero),
            new Check("not-primary", "the failing revision is no longer the primary deployment", RollBack::notPrimary),
            new Check("history-unreadable", "the service's deployments cannot be read", RollBack::unreadable),
            new Check("rolling-back", "ECS is rolling back already", RollBack::rollingBack),
            new Check("rollback-put-it-there", "a rollback put the failing revision there", RollBack::putThere),
            new Check("rollback-tried", "a rollback of it was tried already", RollBack::tried),
            new Check(
                    "status-unknown",
                    "the deployment has a status that the guard does not know",
                    RollBack::unknownStatus),
            new Check("newest-is-another", "the newest deployment is another one", RollBack::newestIsAnother),
            new Check(
                    "codedeploy-ended",
                    "the deployment is CodeDeploy's and has ended, so that only a new one leads back",
                    RollBack::codeDeployEnded),
            new Check(
                    "traffic-shifting",
                    "a blue/green, linear or canary deployment has not ended and cannot be stopped any more",
                    RollBack::trafficShifting),
            new Check(
                    "healthy-now",
                    "all tasks of the failing revision pass their health checks now, and no two of it have stopped within ten minutes after"
                            + " they had been up for 40 s",
                    RollBack::healthyNow),
            new Check(
                    "earlier-tasks",
                    "tasks of earlier revisions run, and none is healthy",
                    RollBack::earlierUnhealthy));

    private static final Check BY_CODE_DEPLOY = new Check(
            "codedeploy",
            "deployments belong to CodeDeploy",
            (snapshot, _) -> snapshot.service().controller() == ServiceDescription.Controller.CODE_DEPLOY
                    ? refused("deployments of this service belong to CodeDeploy, and ECS takes no other one")
                    : Optional.empty());

    @Override
    public String id() {
        return "roll-back";
    }

    @Override
    public ActionPlan plan(ServiceSnapshot snapshot, DeploymentId failing, Set<DeploymentId> condemned) {
        var objection = objection(snapshot, failing);
        if (objection.isPresent()) {
            return objection.get();
        }
        var target = RollbackTarget.find(snapshot, failing, condemned);
        if (target.isEmpty()) {
            return new Refused("no earlier revision is known to have been healthy");
        }
        var doubt = target.get().doubt(snapshot, failing, condemned);
        if (doubt.isPresent()) {
            return new Refused(doubt.get());
        }
        return stoppable(snapshot, failing)
                .map(deployment -> stop(deployment, snapshot, target.get()))
                .orElseGet(() -> update(snapshot, target.get()));
    }

    /** ECS itself chooses where a stopped deployment returns to, so this is only right when its choice would be ours. */
    private static ActionPlan stop(ServiceDeployment deployment, ServiceSnapshot snapshot, RollbackTarget target) {
        return RollbackTarget.ofEcs(snapshot, deployment)
                        .filter(target.deployment()::equals)
                        .isPresent()
                ? steps(ending(deployment, snapshot.service().ref()), target)
                : new Refused(CodeDeployRef.find(deployment.arn())
                                .map(_ -> "CodeDeploy")
                                .orElse("ECS")
                        + " would not return to " + target.name()
                        + " but to a revision that is unknown, was found failing before or has lost its images");
    }

    private static Command ending(ServiceDeployment deployment, ServiceRef service) {
        return deployment
                .awaitedHook()
                .<Command>map(hook -> new Command.ContinueServiceDeployment(service, deployment.arn(), hook.id()))
                .or(() -> CodeDeployRef.find(deployment.arn())
                        .map(ref -> new Command.StopCodeDeployDeployment(service, ref.id())))
                .orElseGet(() -> new Command.StopServiceDeployment(service, deployment.arn()));
    }

    private static ActionPlan update(ServiceSnapshot snapshot, RollbackTarget target) {
        var same = snapshot.service()
                .primary()
                .filter(primary -> primary.taskDefinitionArn().equals(target.taskDefinitionArn()))
                .isPresent();
        return same
                ? new Refused("the earlier revision has the same task definition " + target.name()
                        + ", so deploying it again changes nothing")
                : steps(new Command.UpdateService(snapshot.service().ref(), target.taskDefinitionArn()), target);
    }

    private static ActionPlan steps(Command command, RollbackTarget target) {
        return new Steps(List.of(command), "back to " + target.name(), target.taskDefinitionArn());
    }

    /** What speaks against going back right now, whatever was decided a moment ago. */
    private static Optional<ActionPlan> objection(ServiceSnapshot snapshot, DeploymentId failing) {
        return PREFLIGHT.stream()
                .flatMap(check -> check.rule.apply(snapshot, failing).stream())
                .findFirst();
    }

    /** The checks in order, for people. */
    public static List<Check> checks() {
        return PREFLIGHT;
    }

    /**
     * What speaks against any other change of the service: the same checks, and that CodeDeploy deploys it, since ECS refuses the change then.
     *
     * @param but ids of the checks that are no concern of that change
     */
    static Optional<ActionPlan> objection(ServiceSnapshot snapshot, DeploymentId failing, Set<String> but) {
        return Stream.concat(Stream.of(BY_CODE_DEPLOY), PREFLIGHT.stream())
                .filter(check -> !but.contains(check.id()))
                .flatMap(check -> check.rule().apply(snapshot, failing).stream())
                .findFirst();
    }

    /**
     * One check of the fresh look; the first that objects ends it.
     *
     * @param when it objects, for people
     */
    public record Check(String id, String when, BiFunction<ServiceSnapshot, DeploymentId, Optional<ActionPlan>> rule) {}

    private static Optional<ActionPlan> inactive(ServiceSnapshot snapshot, DeploymentId failing) {
        return snapshot.service().isActive()
                ? Optional.empty()
                : overtaken("the service is " + snapshot.service().status() + ", not ACTIVE");
    }

    private static Optional<ActionPlan> otherController(ServiceSnapshot snapshot, DeploymentId failing) {
        var controller = snapshot.service().controller();
        return controller != ServiceDescription.Controller.EXTERNAL
                ? Optional.empty()
                : refused("deployments of this service belong to the controller " + controller);
    }

    private static Optional<ActionPlan> scaledToZero(ServiceSnapshot snapshot, DeploymentId failing) {
        return snapshot.service().desired() == 0 ? overtaken("the service is scaled to zero") : Optional.empty();
    }

    private static Optional<ActionPlan> notPrimary(ServiceSnapshot snapshot, DeploymentId failing) {
        var primary = snapshot.service().primary();
        if (primary.isEmpty()) {
            return refused("the service has no primary deployment");
        }
        return primary.get().id().equals(failing)
                ? Optional.empty()
                : overtaken("the failing revision is no longer the primary one; "
                        + primary.get().id() + " is");
    }

    private static Optional<ActionPlan> unreadable(ServiceSnapshot snapshot, DeploymentId failing) {
        return snapshot.currentDeployment().isEmpty()
                ? refused("the service's deployments could not be read, so a rollback may be under way already")
                : Optional.empty();
    }

    private static Optional<ActionPlan> rollingBack(ServiceSnapshot snapshot, DeploymentId failing) {
        return newest(snapshot).status().isRollingBack()
                ? overtaken("a rollback is under way already")
                : Optional.empty();
    }

    private static Optional<ActionPlan> putThere(ServiceSnapshot snapshot, DeploymentId failing) {
        return newest(snapshot)
                .rollbackRevisionArn()
                .map(DeploymentId::ofRevision)
                .filter(failing::equals)
                .flatMap(
                        _ -> refused("a rollback put the failing revision there, and a rollback is never rolled back"));
    }

    private static Optional<ActionPlan> tried(ServiceSnapshot snapshot, DeploymentId failing) {
        var deployment = newest(snapshot);
        return deployment.rollbackRevisionArn().isPresent()
                ? refused("a rollback was tried already: the service deployment is " + deployment.status())
                : Optional.empty();
    }

    private static Optional<ActionPlan> unknownStatus(ServiceSnapshot snapshot, DeploymentId failing) {
        return newest(snapshot).status() == ServiceDeployment.Status.UNKNOWN
                ? refused("the service deployment has a status that the guard does not know")
                : Optional.empty();
    }

    private static Optional<ActionPlan> newestIsAnother(ServiceSnapshot snapshot, DeploymentId failing) {
        var deployment = newest(snapshot);
        return deployment.deploymentId().equals(failing)
                ? Optional.empty()
                : refused("the newest deployment is another one: " + deployment.deploymentId());
    }

    /** ECS refuses a new task definition for such a service. */
    private static Optional<ActionPlan> codeDeployEnded(ServiceSnapshot snapshot, DeploymentId failing) {
        var deployment = newest(snapshot);
        return snapshot.service().controller() == ServiceDescription.Controller.CODE_DEPLOY
                        && !deployment.status().canBeRolledBack()
                ? refused(
                        "CodeDeploy deployment %s is %s and cannot be stopped any more; only a new deployment by CodeDeploy leads back"
                                .formatted(nameOf(deployment), deployment.status()))
                : Optional.empty();
    }

    private static String nameOf(ServiceDeployment deployment) {
        return CodeDeployRef.find(deployment.arn()).map(CodeDeployRef::id).orElse(deployment.arn());
    }

    /** A new deployment in the middle of another one's traffic shift would leave it to chance which tasks are served. */
    private static Optional<ActionPlan> trafficShifting(ServiceSnapshot snapshot, DeploymentId failing) {
        var deployment = newest(snapshot);
        var strategy = snapshot.service().strategy();
        return strategy != ServiceDescription.Strategy.ROLLING
                        && !deployment.status().isFinished()
                        && !deployment.status().canBeRolledBack()
                ? refused("a deployment of strategy %s is %s, and only stopping it may end it"
                        .formatted(strategy, deployment.status()))
                : Optional.empty();
    }

    private static Optional<ActionPlan> healthyNow(ServiceSnapshot snapshot, DeploymentId failing) {
        var passing = TaskHealth.healthyTasksOf(failing, snapshot).stream()
                .filter(task -> TaskHealth.isChecked(task, snapshot))
                .count();
        return passing >= snapshot.service().desired() && !isLooping(snapshot, failing)
                ? overtaken("all tasks of the failing revision pass their health checks now")
                : Optional.empty();
    }

    /** A late crash loop is healthy between two crashes: tasks that had been up for a while have stopped, and more than one of late. */
    private static boolean isLooping(ServiceSnapshot snapshot, DeploymentId failing) {
        return snapshot.tasksOf(failing).stream()
                        .filter(StopJudgement::isUnexpected)
                        .filter(task -> StopJudgement.stoppedAt(task)
                                .filter(at -> at.plus(LOOPS_WITHIN).isAfter(snapshot.observedAt()))
                                .filter(at -> task.startedAt()
                                        .filter(started -> !started.plus(TaskHealth.WITHOUT_CHECKS)
                                                .isAfter(at))
                                        .isPresent())
                                .isPresent())
                        .count()
                > 1;
    }

    private static Optional<ActionPlan> earlierUnhealthy(ServiceSnapshot snapshot, DeploymentId failing) {
        var earlier = snapshot.tasks().stream()
                .filter(Task::isRunning)
                .filter(task ->
                        task.deployment().filter(id -> !id.equals(failing)).isPresent())
                .toList();
        return !earlier.isEmpty() && earlier.stream().noneMatch(task -> TaskHealth.isHealthy(task, snapshot))
                ? refused("the tasks of the earlier revision are not healthy either")
                : Optional.empty();
    }

    /** After {@link #unreadable} has passed. */
    private static ServiceDeployment newest(ServiceSnapshot snapshot) {
        return snapshot.currentDeployment().orElseThrow();
    }

    private static Optional<ActionPlan> refused(String because) {
        return Optional.of(new Refused(because));
    }

    private static Optional<ActionPlan> overtaken(String because) {
        return Optional.of(new Overtaken(because));
    }

    private static Optional<ServiceDeployment> stoppable(ServiceSnapshot snapshot, DeploymentId failing) {
        return snapshot.currentDeployment()
                .filter(deployment -> deployment.deploymentId().equals(failing))
                .filter(deployment -> deployment.status().canBeRolledBack());
    }
}
