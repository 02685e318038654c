package io.deployguard.action;

import io.deployguard.action.ActionPlan.Overtaken;
import io.deployguard.action.ActionPlan.Refused;
import io.deployguard.action.ActionPlan.Steps;
import io.deployguard.ecs.DeploymentId;
import io.deployguard.ecs.ServiceDeployment;
import io.deployguard.ecs.ServiceDescription;
import io.deployguard.ecs.ServiceSnapshot;
import io.deployguard.ecs.Task;
import io.deployguard.ecs.TaskHealth;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Returns to the last healthy revision: by stopping the deployment while it runs, which reuses the old image digests, and by deploying the
 * earlier task definition again once it has finished.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stop-service-deployment.html">Stopping service deployments</a>
 */
public final class RollBack implements Action {

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
        return stoppable(snapshot, failing)
                .map(deployment -> stop(deployment, snapshot, target.get()))
                .orElseGet(() -> update(snapshot, target.get()));
    }

    /** ECS itself chooses where a stopped deployment returns to, so this is only right when its choice would be ours. */
    private static ActionPlan stop(ServiceDeployment deployment, ServiceSnapshot snapshot, RollbackTarget target) {
        return RollbackTarget.ofEcs(snapshot, deployment)
                        .filter(target.deployment()::equals)
                        .isPresent()
                ? steps(new Command.StopServiceDeployment(snapshot.service().ref(), deployment.arn()), target)
                : new Refused("ECS would not return to " + target.name()
                        + " but to a revision that is unknown or was found failing before");
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
        return ofService(snapshot.service(), failing)
                .or(() -> ofDeployments(snapshot, failing))
                .or(() -> ofHealth(snapshot, failing));
    }

    private static Optional<ActionPlan> ofService(ServiceDescription service, DeploymentId failing) {
        if (!service.isActive()) {
            return overtaken("the service is " + service.status() + ", not ACTIVE");
        }
        if (service.controller() != ServiceDescription.Controller.ECS) {
            return refused("deployments of this service belong to the controller " + service.controller());
        }
        if (service.desired() == 0) {
            return overtaken("the service is scaled to zero");
        }
        var primary = service.primary();
        if (primary.isEmpty()) {
            return refused("the service has no primary deployment");
        }
        return primary.get().id().equals(failing)
                ? Optional.empty()
                : overtaken("the failing revision is no longer the primary one; "
                        + primary.get().id() + " is");
    }

    private static Optional<ActionPlan> ofDeployments(ServiceSnapshot snapshot, DeploymentId failing) {
        var newest = snapshot.currentDeployment();
        if (newest.isEmpty()) {
            return refused("the service's deployments could not be read, so a rollback may be under way already");
        }
        var deployment = newest.get();
        if (deployment.status().isRollingBack()) {
            return overtaken("a rollback is under way already");
        }
        if (deployment
                .rollbackRevisionArn()
                .map(DeploymentId::ofRevision)
                .filter(failing::equals)
                .isPresent()) {
            return refused("a rollback put the failing revision there, and a rollback is never rolled back");
        }
        if (deployment.rollbackRevisionArn().isPresent()) {
            return refused("a rollback was tried already: the service deployment is " + deployment.status());
        }
        if (deployment.status() == ServiceDeployment.Status.UNKNOWN) {
            return refused("the service deployment has a status that the guard does not know");
        }
        return deployment.deploymentId().equals(failing)
                ? Optional.empty()
                : refused("the newest deployment is another one: " + deployment.deploymentId());
    }

    private static Optional<ActionPlan> ofHealth(ServiceSnapshot snapshot, DeploymentId failing) {
        var passing = TaskHealth.healthyTasksOf(failing, snapshot).stream()
                .filter(task -> TaskHealth.isChecked(task, snapshot))
                .count();
        if (passing >= snapshot.service().desired()) {
            return overtaken("all tasks of the failing revision pass their health checks now");
        }
        var earlier = snapshot.tasks().stream()
                .filter(Task::isRunning)
                .filter(task ->
                        task.deployment().filter(id -> !id.equals(failing)).isPresent())
                .toList();
        return !earlier.isEmpty() && earlier.stream().noneMatch(task -> TaskHealth.isHealthy(task, snapshot))
                ? refused("the tasks of the earlier revision are not healthy either")
                : Optional.empty();
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
