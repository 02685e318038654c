package io.deployguard.action;

import io.deployguard.action.ActionPlan.Refused;
import io.deployguard.action.ActionPlan.Steps;
import io.deployguard.ecs.DeploymentId;
import io.deployguard.ecs.ServiceDescription;
import io.deployguard.ecs.ServiceSnapshot;
import io.deployguard.ecs.Task;
import io.deployguard.ecs.TaskHealth;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Ends a crash loop that nothing cures, by scaling the service to zero. The desired count is the service's and not the deployment's: where anything
 * may serve, lowering it would end that as well, so this is for services of which nothing serves. It heals nothing.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html">UpdateService</a>
 */
public final class ScaleDown implements OptIn {

    /** As the settings name it. */
    public static final String ID = "scale-down";

    /** The service tag by which its owner wants it. */
    public static final String TAG = "deploy-guard:scale-down";

    /** The one value of {@link #TAG} that wants it. */
    public static final String WANTED = "to-zero";

    /** The check of the rollback that is no concern here: nothing goes back to the tasks of the earlier revision. */
    private static final Set<String> OF_ROLLBACK_ONLY = Set.of("earlier-tasks");

    @Override
    public String id() {
        return ID;
    }

    @Override
    public boolean isWantedBy(Map<String, String> tags) {
        return WANTED.equals(tags.get(TAG));
    }

    /** A person who scales it meanwhile has taken over. */
    @Override
    public boolean isAsSeen() {
        return true;
    }

    @Override
    public Aim aim() {
        return Aim.NOTHING_STARTS;
    }

    @Override
    public String inWords(ServiceSnapshot snapshot, ActionPlan plan) {
        return "scale the service from %d to 0, so that nothing is started any more"
                .formatted(snapshot.service().desired());
    }

    @Override
    public ActionPlan plan(ServiceSnapshot snapshot, DeploymentId failing, Set<DeploymentId> condemned) {
        return RollBack.objection(snapshot, failing, OF_ROLLBACK_ONLY)
                .or(() -> serving(snapshot, failing).map(Refused::new))
                .orElseGet(() -> toZero(snapshot));
    }

    /** What serves, may serve, or cannot be seen. */
    private static Optional<String> serving(ServiceSnapshot snapshot, DeploymentId failing) {
        if (!snapshot.gaps().isEmpty()) {
            return Optional.of(
                    "nobody can say that nothing serves: " + snapshot.gaps().getFirst());
        }
        var healthy = snapshot.tasks().stream()
                .filter(task -> TaskHealth.isHealthy(task, snapshot))
                .count();
        if (healthy > 0) {
            return Optional.of(
                    "healthy tasks would end too (%d), as the desired count is the service's".formatted(healthy));
        }
        var earlier = snapshot.tasks().stream()
                .filter(Task::isRunning)
                .filter(task -> task.deployment().filter(failing::equals).isEmpty())
                .count();
        if (earlier > 0) {
            return Optional.of(
                    "tasks of other revisions run (%d), and may serve without being healthy".formatted(earlier));
        }
        // A load balancer without any healthy target sends requests to the unhealthy ones.
        return snapshot.targets().stream().anyMatch(target -> target.state().startsWith("unhealthy"))
                ? Optional.of(
                        "a load balancer that has no healthy target sends requests to unhealthy ones, of which there are")
                : Optional.empty();
    }

    private static ActionPlan toZero(ServiceSnapshot snapshot) {
        var service = snapshot.service();
        return new Steps(
                List.of(new Command.ScaleToZero(service.ref(), service.desired())),
                "scaled from %d to 0".formatted(service.desired()),
                service.primary()
                        .map(ServiceDescription.Rollout::taskDefinitionArn)
                        .orElseGet(service::taskDefinitionArn));
    }
}
