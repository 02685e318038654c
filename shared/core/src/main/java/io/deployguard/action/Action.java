package io.deployguard.action;

import io.deployguard.ecs.DeploymentId;
import io.deployguard.ecs.ServiceSnapshot;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Something the guard can do about a cause. Planning is pure; it reads a fresh look at the service and gives commands, or the reason why not. */
public interface Action {

    /** The name that the catalogue and the settings use, such as {@code roll-back}. */
    String id();

    /**
     * How it would be done now.
     *
     * @param failing the revision that was judged; a plan is refused when it is no longer the current one
     * @param condemned revisions that must never be returned to
     */
    ActionPlan plan(ServiceSnapshot snapshot, DeploymentId failing, Set<DeploymentId> condemned);

    /** What it is meant to bring about. */
    default Aim aim() {
        return Aim.OTHER_REVISION;
    }

    /** What is to be done next by an action that takes several steps; most take one. */
    default ActionPlan next(
            ServiceSnapshot snapshot, DeploymentId failing, Set<DeploymentId> condemned, Course course) {
        return plan(snapshot, failing, condemned);
    }

    /**
     * What {@link #next} has to see beside the snapshot; most see enough.
     *
     * @param entries of the incident's journal, which tells what was begun
     */
    default Optional<Lookup> lookup(
            ServiceSnapshot snapshot,
            DeploymentId failing,
            Set<DeploymentId> condemned,
            List<CommandJournal.Entry> entries) {
        return Optional.empty();
    }
}
