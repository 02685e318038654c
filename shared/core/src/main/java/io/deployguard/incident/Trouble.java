package io.deployguard.incident;

import io.deployguard.detection.StopJudgement;
import io.deployguard.ecs.DeploymentId;
import io.deployguard.ecs.ServiceSnapshot;
import java.time.Instant;
import java.util.Optional;

/** What tells against a revision that looks well at this very moment: a crash loop is healthy between two crashes. */
final class Trouble {

    private Trouble() {}

    /** When a task of the revision stopped unexpectedly for the last time, among those that ECS still lists. */
    static Optional<Instant> lastOf(DeploymentId deployment, ServiceSnapshot snapshot) {
        return snapshot.tasksOf(deployment).stream()
                .filter(StopJudgement::isUnexpected)
                .flatMap(task -> StopJudgement.stoppedAt(task).stream())
                .max(Instant::compareTo);
    }
}
