package io.deployguard.action;

import io.deployguard.action.ActionPlan.Refused;
import io.deployguard.action.ActionPlan.Steps;
import io.deployguard.ecs.DeploymentId;
import io.deployguard.ecs.ServiceDeployment;
import io.deployguard.ecs.ServiceDescription;
import io.deployguard.ecs.ServiceSnapshot;
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
            return new Refused(objection.get());
        }
        var target = RollbackTarget.find(snapshot, failing, condemned);
        if (target.isEmpty()) {
            return new Refused("no earlier revision is known to have been healthy");
        }
        var command = stoppable(snapshot, failing)
                .<Command>map(deployment ->
                        new Command.StopServiceDeployment(snapshot.service().ref(), deployment.arn()))
                .orElseGet(() -> new Command.UpdateService(
                        snapshot.service().ref(), target.get().taskDefinitionArn()));
        return new Steps(
                List.of(command), "back to " + target.get().name(), target.get().taskDefinitionArn());
    }

    /** What has changed since the decision, so that acting on it would be wrong now. */
    private static Optional<String> objection(ServiceSnapshot snapshot, DeploymentId failing) {
        var service = snapshot.service();
        if (!service.isActive()) {
            return Optional.of("the service is " + service.status() + ", not ACTIVE");
        }
        if (service.controller() != ServiceDescription.Controller.ECS) {
            return Optional.of("deployments of this service belong to the controller " + service.controller());
        }
        var current = snapshot.currentDeployment();
        if (current.filter(deployment -> deployment.status().isRollingBack()).isPresent()) {
            return Optional.of("a rollback is under way already");
        }
        var primary = service.primary();
        if (primary.isEmpty()) {
            return Optional.of("the service has no primary deployment");
        }
        if (!primary.get().id().equals(failing)) {
            return Optional.of("the failing revision is no longer the primary one; "
                    + primary.get().id() + " is");
        }
        return Optional.empty();
    }

    private static Optional<ServiceDeployment> stoppable(ServiceSnapshot snapshot, DeploymentId failing) {
        return snapshot.currentDeployment()
                .filter(deployment -> deployment.deploymentId().equals(failing))
                .filter(deployment -> deployment.status().canBeRolledBack());
    }
}
