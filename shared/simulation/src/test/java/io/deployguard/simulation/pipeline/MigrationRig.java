package io.deployguard.simulation.pipeline;

import static io.deployguard.fixture.DeploymentBuilder.aDeploymentOf;
import static io.deployguard.fixture.RolloutBuilder.aRolloutOf;
import static io.deployguard.fixture.Shop.NEW;
import static io.deployguard.fixture.Shop.NEWER;
import static io.deployguard.fixture.Shop.OLD;
import static io.deployguard.fixture.Shop.WEB;
import static io.deployguard.fixture.Shop.definitionOf;
import static io.deployguard.fixture.SnapshotBuilder.aQuietSnapshot;
import static io.deployguard.fixture.SnapshotBuilder.aSnapshot;
import static io.deployguard.fixture.TaskBuilder.aTask;

import io.deployguard.action.Command;
import io.deployguard.action.Migration;
import io.deployguard.classification.Diagnosis;
import io.deployguard.classification.RollbackHelps;
import io.deployguard.decision.Mode;
import io.deployguard.decision.ModeSettings;
import io.deployguard.ecs.Container;
import io.deployguard.ecs.ServiceDeployment.Status;
import io.deployguard.ecs.Stop;
import io.deployguard.event.EventKey;
import io.deployguard.event.GuardEvent;
import io.deployguard.fixture.DiagnosisBuilder;
import io.deployguard.fixture.SnapshotBuilder;
import io.deployguard.fixture.TaskBuilder;
import io.deployguard.pipeline.Diagnose;
import java.util.Optional;
import java.util.Set;

/** The rig over a release that lacks a table, in a shop that wants its migrations run by the guard. */
final class MigrationRig {

    static final String ACTION = "run-migration-then-redeploy";

    static final Command.RunTask RUN = new Command.RunTask(
            WEB, "web-migrate", java.util.List.of("npm", "run", "migrate"), Migration.groupFor(NEW));
    static final Command.ForceNewDeployment REDEPLOY = new Command.ForceNewDeployment(WEB, definitionOf(NEW));

    /** The line of the rig tells that a table is missing. */
    static final Diagnose LACKS_A_TABLE = bundle -> GuardRig.BY_LINE.diagnose(bundle) instanceof Diagnosis.Identified
            ? DiagnosisBuilder.aDiagnosis()
                    .cause("schema-missing")
                    .rollback(RollbackHelps.DEPENDS)
                    .remedy(ACTION)
                    .build()
            : DiagnosisBuilder.UNKNOWN;

    private MigrationRig() {}

    static GuardRig of(GuardRig.Passage passage, Mode mode) {
        return of(passage, mode, Set.of(ACTION));
    }

    static GuardRig of(GuardRig.Passage passage, Mode mode, Set<String> remedies) {
        var rig = new GuardRig(LACKS_A_TABLE, passage, ModeSettings.of(mode), remedies);
        rig.ecs.show(tagged(mode.toString()));
        rig.effect(command -> {
            switch (command) {
                case Command.RunTask run -> rig.ecs.listOneOffs(running(run).build());
                case Command.ForceNewDeployment _ -> rig.ecs.show(redeployed(rig));
                case Command.StopServiceDeployment _,
                        Command.StopCodeDeployDeployment _,
                        Command.ContinueServiceDeployment _,
                        Command.UpdateService _ -> throw new AssertionError("goes back: " + command);
            }
        });
        return rig;
    }

    static SnapshotBuilder tagged(String mode) {
        return aSnapshot()
                .mode(mode)
                .tag(Migration.TASK_TAG, "web-migrate")
                .tag(Migration.COMMAND_TAG, "npm run migrate");
    }

    private static TaskBuilder running(Command.RunTask run) {
        return aTask().id("m1").oneOff(run.group());
    }

    /** The task ends, as soon as it was started. */
    static void end(GuardRig rig, int exitCode) {
        if (rig.writes.contains(RUN)) {
            rig.ecs.listOneOffs(ended(exitCode).build());
        }
    }

    private static TaskBuilder ended(int exitCode) {
        return running(RUN)
                .version(5)
                .stopped(Stop.Code.ESSENTIAL_CONTAINER_EXITED, "Essential container in task exited", GuardRig.at(120))
                .containers(new Container(
                        "app",
                        "STOPPED",
                        Optional.of(exitCode),
                        Optional.empty(),
                        Container.Health.UNKNOWN,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()));
    }

    /** ECS says so. */
    static GuardEvent endEvent(int exitCode) {
        return new GuardEvent.TaskStateChange(
                new EventKey("task:m1:5"),
                GuardRig.at(120),
                Optional.empty(),
                WEB.clusterArn(),
                ended(exitCode).build());
    }

    /** The same task definition under a revision of its own, all well. */
    private static SnapshotBuilder redeployed(GuardRig rig) {
        return aQuietSnapshot(NEWER)
                .mode("auto")
                .rollouts(aRolloutOf(NEWER)
                        .definition(definitionOf(NEW))
                        .state("COMPLETED")
                        .counts(2, 2, 0)
                        .createdAt(rig.time.instant())
                        .build())
                .deployments(
                        aDeploymentOf(NEWER).status(Status.SUCCESSFUL).build(),
                        aDeploymentOf(NEW).status(Status.STOPPED).build(),
                        aDeploymentOf(OLD).status(Status.SUCCESSFUL).build());
    }
}
