package io.deployguard.pipeline;

import io.deployguard.action.RollbackTarget;
import io.deployguard.ecs.DeploymentId;
import io.deployguard.ecs.ImageState;
import io.deployguard.ecs.ServiceSnapshot;
import io.deployguard.ecs.SnapshotSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which revisions a rollback may lead to, once the images of the nearest ones have been looked for.
 *
 * @param excluded revisions that are no target: the condemned ones, and those whose images are gone
 * @param gone which these are and why, nearest first
 * @param notChecked images of the remaining target that could not be looked for
 */
record Targets(Set<DeploymentId> excluded, List<String> gone, List<String> notChecked) {

    Targets {
        excluded = Set.copyOf(excluded);
        gone = List.copyOf(gone);
        notChecked = List.copyOf(notChecked);
    }

    static Targets of(
            ServiceSnapshot snapshot, DeploymentId failing, Set<DeploymentId> condemned, SnapshotSource source) {
        var excluded = new HashSet<>(condemned);
        var gone = new ArrayList<String>();
        while (true) {
            var target = RollbackTarget.find(snapshot, failing, excluded);
            var state = target.flatMap(known -> snapshot.findRevision(known.deployment()))
                    .map(source::images);
            if (state.isPresent() && state.get() instanceof ImageState.Gone(var because)) {
                var name = target.orElseThrow();
                gone.add("%s is no target: %s".formatted(name.name(), because));
                excluded.add(name.deployment());
            } else {
                var notChecked = state.filter(ImageState.NotChecked.class::isInstance)
                        .map(known -> ((ImageState.NotChecked) known).because())
                        .orElse(List.of());
                return new Targets(excluded, gone, notChecked);
            }
        }
    }

    /** An objection with what led to it. */
    String explain(String objection) {
        return gone.isEmpty() ? objection : String.join("; ", gone) + "; " + objection;
    }

    /** What to tell of the images, beside what is done. */
    Optional<String> gap() {
        return notChecked.isEmpty()
                ? Optional.empty()
                : Optional.of("images of the rollback's target: " + String.join("; ", notChecked));
    }
}
