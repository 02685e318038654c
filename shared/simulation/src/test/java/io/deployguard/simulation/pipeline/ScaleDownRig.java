package io.deployguard.simulation.pipeline;

import static io.deployguard.fixture.DeploymentBuilder.aDeploymentOf;
import static io.deployguard.fixture.RolloutBuilder.aRolloutOf;
import static io.deployguard.fixture.Shop.NEW;
import static io.deployguard.fixture.Shop.WEB;
import static io.deployguard.fixture.SnapshotBuilder.aSnapshot;

import io.deployguard.action.Command;
import io.deployguard.decision.Mode;
import io.deployguard.decision.ModeSettings;
import io.deployguard.fixture.SnapshotBuilder;
import io.deployguard.pipeline.Diagnose;
import java.util.List;
import java.util.Set;

/** The rig over the first release of a service, which crashes for ever: nothing serves, and there is nothing to go back to. */
final class ScaleDownRig {

    static final String ACTION = "scale-down";

    static final Command.ScaleToZero SCALE = new Command.ScaleToZero(WEB, 2);

    private ScaleDownRig() {}

    static GuardRig of(GuardRig.Passage passage, Mode mode) {
        return of(GuardRig.BY_LINE, passage, mode, Set.of(ACTION));
    }

    static GuardRig of(Diagnose diagnose, GuardRig.Passage passage, Mode mode, Set<String> remedies) {
        var rig = new GuardRig(diagnose, passage, ModeSettings.of(mode), remedies);
        rig.ecs.show(crashing().mode(mode.toString()).tag("deploy-guard:scale-down", "to-zero"));
        rig.effect(_ -> rig.ecs.show(crashing().desired(0).mode(mode.toString())));
        return rig;
    }

    static SnapshotBuilder crashing() {
        return aSnapshot()
                .rollouts(aRolloutOf(NEW).counts(2, 0, 0).build())
                .deployments(aDeploymentOf(NEW).build())
                .tasks(List.of());
    }
}
