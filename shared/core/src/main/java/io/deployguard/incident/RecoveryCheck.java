package io.deployguard.incident;

import io.deployguard.ecs.ServiceDeployment;
import io.deployguard.ecs.ServiceDescription;
import io.deployguard.ecs.ServiceSnapshot;
import io.deployguard.ecs.TaskHealth;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Whether an action healed the service. A rollback has no completion event of its own, so this looks at the service again and again; pure, one
 * look at a time.
 *
 * @param soak how long everything must look well without a break
 * @param patience after which it counts as not healed
 */
public record RecoveryCheck(Duration soak, Duration patience) {

    /** Well for 2 minutes, within 20. */
    public static final RecoveryCheck DEFAULT = new RecoveryCheck(Duration.ofMinutes(2), Duration.ofMinutes(20));

    /** One look's answer. */
    public sealed interface Assessment {

        String because();

        /**
         * Not decided yet.
         *
         * @param steadySince since when everything looks well
         */
        record Recovering(Optional<Instant> steadySince, String because) implements Assessment {}

        record Healed(String because) implements Assessment {}

        record NotHealed(String because) implements Assessment {}

        /** Somebody deployed something else in the meantime. */
        record Superseded(String because) implements Assessment {}
    }

    /** What this look says about the action that is being verified. */
    public Assessment assess(Incident incident, Progress.Verifying verifying, ServiceSnapshot snapshot) {
        var primary = snapshot.service().primary();
        if (primary.isEmpty()) {
            return lateOr(verifying, snapshot, "the service has no primary deployment");
        }
        if (hasFailed(snapshot)) {
            return new Assessment.NotHealed("ECS could not complete the rollback");
        }
        if (primary.get().id().equals(incident.deployment())) {
            return lateOr(verifying, snapshot, "ECS has not turned the deployment around yet");
        }
        if (!primary.get().taskDefinitionArn().equals(verifying.targetTaskDefinitionArn())) {
            return new Assessment.Superseded(
                    "another deployment took over: " + primary.get().id());
        }
        return assessTarget(verifying, primary.get(), snapshot);
    }

    /**
     * What this look says about an action that let requests through to the revision.
     *
     * @param complaint about what the endpoint answers now
     */
    public Assessment assessReach(
            Incident incident, Progress.Verifying verifying, ServiceSnapshot snapshot, Optional<String> complaint) {
        var primary = snapshot.service().primary();
        if (primary.filter(now -> !now.id().equals(incident.deployment())).isPresent()) {
            return new Assessment.Superseded(
                    "another deployment took over: " + primary.get().id());
        }
        if (complaint.isPresent()) {
            return lateOr(verifying, snapshot, complaint.get());
        }
        var healthy = TaskHealth.healthyTasksOf(incident.deployment(), snapshot).size();
        var desired = snapshot.service().desired();
        if (healthy < desired || desired == 0) {
            return lateOr(verifying, snapshot, healthy + " of " + desired + " tasks are healthy");
        }
        var now = snapshot.observedAt();
        var since = verifying.steadySince().orElse(now);
        return since.plus(soak).isAfter(now)
                ? new Assessment.Recovering(Optional.of(since), "the endpoint answers as it should")
                : new Assessment.Healed("the endpoint has answered as it should for %d seconds now"
                        .formatted(Duration.between(since, now).toSeconds()));
    }

    /**
     * What this look says about an action that ended the restarts. It can end well in no other way than not healed: nothing serves.
     *
     * @return healed never
     */
    public Assessment assessStandstill(Incident incident, Progress.Verifying verifying, ServiceSnapshot snapshot) {
        var service = snapshot.service();
        var primary = service.primary();
        if (primary.filter(now -> !now.id().equals(incident.deployment())).isPresent()) {
            return new Assessment.Superseded(
                    "another deployment took over: " + primary.get().id());
        }
        if (service.desired() > 0) {
            return new Assessment.NotHealed(
                    "its desired count is %d again: a person or Application Auto Scaling has set it"
                            .formatted(service.desired()));
        }
        var left = snapshot.tasks().stream().filter(task -> !task.isStopping()).count();
        return left > 0
                ? lateOr(verifying, snapshot, "tasks have not ended yet (%d)".formatted(left))
                : new Assessment.NotHealed(
                        "no task runs and none is started any more, until its desired count is restored");
    }

    private Assessment assessTarget(
            Progress.Verifying verifying, ServiceDescription.Rollout primary, ServiceSnapshot snapshot) {
        if (primary.isFailed()) {
            return new Assessment.NotHealed("ECS gave the deployment of " + name(primary.taskDefinitionArn()) + " up");
        }
        var healthy = TaskHealth.healthyTasksOf(primary.id(), snapshot).size();
        var desired = snapshot.service().desired();
        if (desired == 0) {
            return lateOr(verifying, snapshot, "the service is scaled to zero, so nothing shows that it is well");
        }
        if (healthy < desired || !primary.isCompleted()) {
            return lateOr(verifying, snapshot, healthy + " of " + desired + " tasks are healthy");
        }
        var now = snapshot.observedAt();
        var since = verifying.steadySince().orElse(now);
        if (Trouble.lastOf(primary.id(), snapshot).filter(since::isBefore).isPresent()) {
            return lateOr(verifying, snapshot, "a task stopped unexpectedly again");
        }
        return since.plus(soak).isAfter(now)
                ? new Assessment.Recovering(Optional.of(since), "all " + desired + " tasks are healthy")
                : new Assessment.Healed("%d of %d tasks of %s are healthy, for %d seconds now"
                        .formatted(
                                healthy,
                                desired,
                                name(verifying.targetTaskDefinitionArn()),
                                Duration.between(since, now).toSeconds()));
    }

    private Assessment lateOr(Progress.Verifying verifying, ServiceSnapshot snapshot, String state) {
        return verifying.actedAt().plus(patience).isBefore(snapshot.observedAt())
                ? new Assessment.NotHealed("after %d minutes %s".formatted(patience.toMinutes(), state))
                : new Assessment.Recovering(Optional.empty(), state);
    }

    private static boolean hasFailed(ServiceSnapshot snapshot) {
        return snapshot.currentDeployment()
                .filter(deployment -> deployment.status() == ServiceDeployment.Status.ROLLBACK_FAILED)
                .isPresent();
    }

    private static String name(String taskDefinitionArn) {
        return taskDefinitionArn.substring(taskDefinitionArn.lastIndexOf('/') + 1);
    }
}
