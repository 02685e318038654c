package io.deployguard.pipeline;

import io.deployguard.action.Action;
import io.deployguard.action.CommandJournal;
import io.deployguard.action.MigrationRun;
import io.deployguard.ecs.DeploymentId;
import io.deployguard.ecs.ServiceSnapshot;
import io.deployguard.ecs.SnapshotSource;
import java.util.List;

/** Looks at the migration task of an action that runs one. */
final class Migrations {

    private Migrations() {}

    /**
     * How far it has come; not listed for every other action.
     *
     * @param entries of the incident's journal, which names the task once it was started
     */
    static MigrationRun look(
            SnapshotSource snapshots,
            Action action,
            ServiceSnapshot snapshot,
            DeploymentId failing,
            List<CommandJournal.Entry> entries) {
        return action.oneOffFamily(snapshot, entries)
                .map(family -> MigrationRun.find(
                        snapshots.oneOffTasks(snapshot.service().ref().clusterArn(), family),
                        failing,
                        snapshots::describeTaskDefinition))
                .orElseGet(MigrationRun.NotListed::new);
    }
}
