package io.deployguard.simulation.pipeline;

import static io.deployguard.fixture.DefinitionBuilder.aDefinition;
import static io.deployguard.fixture.DeploymentBuilder.aDeploymentOf;
import static io.deployguard.fixture.RolloutBuilder.aRolloutOf;
import static io.deployguard.fixture.Shop.NEW;
import static io.deployguard.fixture.Shop.NEWER;
import static io.deployguard.fixture.Shop.OLD;
import static io.deployguard.fixture.Shop.WEB;
import static io.deployguard.fixture.Shop.definitionOf;
import static io.deployguard.fixture.SnapshotBuilder.aQuietSnapshot;
import static io.deployguard.fixture.SnapshotBuilder.aSnapshot;

import io.deployguard.action.Command;
import io.deployguard.decision.Mode;
import io.deployguard.decision.ModeSettings;
import io.deployguard.ecs.ServiceDeployment.Status;
import io.deployguard.fixture.SnapshotBuilder;
import java.util.List;
import java.util.Set;

/** The rig over a release that has completed and fails, in a shop whose earlier task definition was deregistered. */
final class CopyRig {

    static final String ACTION = "re-register-then-roll-back";

    static final String COPY = definitionOf(NEWER);
    static final Command.RegisterCopy REGISTER = new Command.RegisterCopy(WEB, definitionOf(OLD));
    static final Command.UpdateService DEPLOY = new Command.UpdateService(WEB, COPY);

    private CopyRig() {}

    static GuardRig of(GuardRig.Passage passage, Mode mode) {
        return of(passage, mode, Set.of(ACTION));
    }

    static GuardRig of(GuardRig.Passage passage, Mode mode, Set<String> remedies) {
        var rig = new GuardRig(GuardRig.BY_LINE, passage, ModeSettings.of(mode), remedies);
        rig.ecs.define(definitionOf(OLD), aDefinition().inactive(OLD).build());
        rig.ecs.show(completed().mode(mode.toString()));
        rig.effect(command -> {
            switch (command) {
                case Command.RegisterCopy _ -> rig.ecs.showTwin(COPY);
                case Command.UpdateService _ -> rig.ecs.show(rolledBack(rig));
                case Command other -> throw new AssertionError("not meant: " + other);
            }
        });
        return rig;
    }

    static SnapshotBuilder completed() {
        return aSnapshot()
                .rollouts(aRolloutOf(NEW).state("COMPLETED").counts(2, 2, 0).build())
                .deployments(
                        aDeploymentOf(NEW).status(Status.SUCCESSFUL).build(),
                        aDeploymentOf(OLD).status(Status.SUCCESSFUL).build())
                .tasks(List.of());
    }

    /** The copy under a revision of its own, all well. */
    private static SnapshotBuilder rolledBack(GuardRig rig) {
        return aQuietSnapshot(NEWER)
                .mode("auto")
                .rollouts(aRolloutOf(NEWER)
                        .definition(COPY)
                        .state("COMPLETED")
                        .counts(2, 2, 0)
                        .createdAt(rig.time.instant())
                        .build())
                .deployments(
                        aDeploymentOf(NEWER).status(Status.SUCCESSFUL).build(),
                        aDeploymentOf(NEW).status(Status.SUCCESSFUL).build(),
                        aDeploymentOf(OLD).status(Status.SUCCESSFUL).build());
    }
}
