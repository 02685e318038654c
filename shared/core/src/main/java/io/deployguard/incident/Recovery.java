package io.deployguard.incident;

import io.deployguard.ecs.DeploymentId;
import io.deployguard.ecs.ServiceDescription;
import io.deployguard.ecs.ServiceSnapshot;
import io.deployguard.ecs.TaskHealth;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** What a look at the service means for an incident's progress. */
public final class Recovery {

    private Recovery() {}

    /** The next progress of a verified action; absent when nothing has changed that is worth keeping. */
    public static Optional<Progress> next(
            Progress.Verifying verifying, RecoveryCheck.Assessment assessment, Instant now) {
        return switch (assessment) {
            case RecoveryCheck.Assessment.Recovering recovering ->
                recovering.steadySince().equals(verifying.steadySince())
                        ? Optional.empty()
                        : Optional.of(new Progress.Verifying(
                                verifying.actedAt(),
                                verifying.goal(),
                                verifying.targetTaskDefinitionArn(),
                                recovering.steadySince()));
            case RecoveryCheck.Assessment.Healed healed ->
                Optional.of(new Progress.Closed(Progress.Outcome.HEALED, now, healed.because()));
            case RecoveryCheck.Assessment.NotHealed not ->
                Optional.of(new Progress.Closed(Progress.Outcome.NOT_HEALED, now, not.because()));
            case RecoveryCheck.Assessment.Superseded superseded ->
                Optional.of(new Progress.Closed(Progress.Outcome.SUPERSEDED, now, superseded.because()));
        };
    }

    /**
     * The end of an incident on which the guard did not act: the primary deployment has completed, all tasks are healthy, and all has been quiet.
     * Absent while it is not over.
     *
     * @param soak how long it must have been quiet once another revision serves and nothing of the failing one is left
     * @param window the same while the failing revision itself serves: a crash loop is healthy between two crashes
     */
    public static Optional<Progress.Closed> withoutAction(
            Incident incident, ServiceSnapshot snapshot, Duration soak, Duration window) {
        return snapshot.service()
                .primary()
                .filter(ServiceDescription.Rollout::isCompleted)
                .filter(primary -> isServing(primary, snapshot))
                .filter(primary -> primary.id().equals(incident.deployment())
                        ? mayEndByItself(incident) && isQuiet(incident, primary.id(), snapshot, longer(soak, window))
                        : isGone(incident.deployment(), snapshot) && isQuiet(incident, primary.id(), snapshot, soak))
                .map(primary -> end(incident, primary, snapshot));
    }

    /** Images do not change by waiting, and an alarm says itself when it is over. */
    private static boolean mayEndByItself(Incident incident) {
        return !incident.hasSign(Incident.Sign.UNCHANGED)
                && incident.signs().stream()
                        .filter(sign -> sign.kind().equals(Incident.Sign.ALARM))
                        .allMatch(alarm -> incident.signs().stream().anyMatch(alarm::isEndedBy));
    }

    private static boolean isServing(ServiceDescription.Rollout primary, ServiceSnapshot snapshot) {
        var desired = snapshot.service().desired();
        return desired > 0 && TaskHealth.healthyTasksOf(primary.id(), snapshot).size() >= desired;
    }

    /** ECS has stopped trying it. */
    private static boolean isGone(DeploymentId failing, ServiceSnapshot snapshot) {
        return snapshot.service()
                .findRollout(failing)
                .filter(rollout -> rollout.desired() > 0 || rollout.running() > 0 || rollout.pending() > 0)
                .isEmpty();
    }

    /** The signs are kept in the order of their arrival and once each, so that the tasks themselves are asked as well. */
    private static boolean isQuiet(
            Incident incident, DeploymentId serving, ServiceSnapshot snapshot, Duration atLeast) {
        return Stream.of(
                        incident.signs().stream().map(Incident.Sign::at),
                        Trouble.lastOf(incident.deployment(), snapshot).stream(),
                        Trouble.lastOf(serving, snapshot).stream())
                .flatMap(Function.identity())
                .noneMatch(at -> at.plus(atLeast).isAfter(snapshot.observedAt()));
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    private static Progress.Closed end(
            Incident incident, ServiceDescription.Rollout primary, ServiceSnapshot snapshot) {
        var now = snapshot.observedAt();
        if (primary.id().equals(incident.deployment())) {
            return new Progress.Closed(
                    Progress.Outcome.RECOVERED,
                    now,
                    "all tasks of the revision became healthy without an action of the guard",
                    true);
        }
        var rolledBack = snapshot.deployments().stream()
                .filter(deployment -> deployment.deploymentId().equals(incident.deployment()))
                .anyMatch(deployment -> deployment.rollbackRevisionArn().isPresent());
        var name = primary.taskDefinitionArn()
                .substring(primary.taskDefinitionArn().lastIndexOf('/') + 1);
        return rolledBack
                ? new Progress.Closed(
                        Progress.Outcome.RECOVERED, now, "it was rolled back to " + name + ", which is healthy")
                : new Progress.Closed(Progress.Outcome.SUPERSEDED, now, name + " took its place and is healthy");
    }
}
