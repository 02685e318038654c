package io.deployguard.pipeline;

import io.deployguard.action.Action;
import io.deployguard.action.CommandJournal;
import io.deployguard.action.Course;
import io.deployguard.action.Lookup;
import io.deployguard.action.MigrationRun;
import io.deployguard.ecs.DeploymentId;
import io.deployguard.ecs.ServiceSnapshot;
import io.deployguard.ecs.SnapshotSource;
import java.util.List;
import java.util.Set;

/** Looks at what an action has to see beside the service. */
final class Courses {

    private Courses() {}

    /**
     * How far it has come; for most actions nothing but the journal.
     *
     * @param entries of the incident's journal
     * @throws io.deployguard.fault.GuardFault when AWS cannot answer, or does not allow the question
     */
    static Course look(
            SnapshotSource snapshots,
            Action action,
            ServiceSnapshot snapshot,
            DeploymentId failing,
            Set<DeploymentId> condemned,
            List<CommandJournal.Entry> entries) {
        return action.lookup(snapshot, failing, condemned, entries)
                .map(wanted -> switch (wanted) {
                    case Lookup.OneOffTasks(var family) ->
                        new Course(
                                entries,
                                MigrationRun.find(
                                        snapshots.oneOffTasks(
                                                snapshot.service().ref().clusterArn(), family),
                                        failing,
                                        snapshots::describeTaskDefinition));
                    case Lookup.ListenerRules(var groups) -> new Course(entries, snapshots.listenerRules(groups));
                    case Lookup.ActiveTwin(var arn) -> new Course(entries, snapshots.findActiveTwin(arn));
                })
                .orElseGet(() -> new Course(entries, new MigrationRun.NotListed()));
    }
}
