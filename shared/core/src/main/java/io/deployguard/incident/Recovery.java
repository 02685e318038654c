package io.deployguard.incident;

import io.deployguard.ecs.ServiceDescription;
import io.deployguard.ecs.ServiceSnapshot;
import io.deployguard.ecs.TaskHealth;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

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
     * The end of an incident on which the guard did not act: the primary deployment has completed, all tasks are healthy, and no sign was seen for
     * the soak time. Absent while it is not over.
     */
    public static Optional<Progress.Closed> withoutAction(Incident incident, ServiceSnapshot snapshot, Duration soak) {
        var lastSign = incident.signs().getLast().at();
        return snapshot.service()
                .primary()
                .filter(primary -> primary.state().map("COMPLETED"::equals).orElse(true))
                .filter(primary -> snapshot.service().desired() > 0)
                .filter(primary ->
                        TaskHealth.healthyTasksOf(primary.id(), snapshot).size()
                                >= snapshot.service().desired())
                .filter(_ -> !lastSign.plus(soak).isAfter(snapshot.observedAt()))
                .map(primary -> end(incident, primary, snapshot));
    }

    private static Progress.Closed end(
            Incident incident, ServiceDescription.Rollout primary, ServiceSnapshot snapshot) {
        var now = snapshot.observedAt();
        if (primary.id().equals(incident.deployment())) {
            return new Progress.Closed(
                    Progress.Outcome.RECOVERED,
                    now,
                    "all tasks of the revision became healthy without an action of the guard");
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
