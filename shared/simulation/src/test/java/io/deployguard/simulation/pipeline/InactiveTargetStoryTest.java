package io.deployguard.simulation.pipeline;

import static io.deployguard.fixture.DefinitionBuilder.aDefinition;
import static io.deployguard.fixture.DeploymentBuilder.aDeploymentOf;
import static io.deployguard.fixture.RolloutBuilder.aRolloutOf;
import static io.deployguard.fixture.Shop.NEW;
import static io.deployguard.fixture.Shop.OLD;
import static io.deployguard.fixture.Shop.WEB;
import static io.deployguard.fixture.Shop.attemptOf;
import static io.deployguard.fixture.Shop.definitionOf;
import static io.deployguard.fixture.SnapshotBuilder.aSnapshot;
import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.action.Command;
import io.deployguard.ecs.ServiceDeployment.Status;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The task definition to go back to was deregistered in the meantime. */
class InactiveTargetStoryTest {

    private final GuardRig rig = new GuardRig();

    @BeforeEach
    void deregister() {
        rig.ecs.define(definitionOf(OLD), aDefinition().inactive(OLD).build());
    }

    private void fail() {
        rig.deliverAll(rig.aBadRelease());
        rig.act("act");
    }

    @Test
    void nobodyIsPromisedWhatEcsWouldRefuse() {
        rig.ecs.show(aSnapshot()
                .rollouts(aRolloutOf(NEW).state("COMPLETED").counts(2, 2, 0).build())
                .deployments(
                        aDeploymentOf(NEW).status(Status.SUCCESSFUL).build(),
                        aDeploymentOf(OLD).status(Status.SUCCESSFUL).build())
                .tasks(List.of()));

        fail();

        assertThat(rig.writes).isEmpty();
        assertThat(rig.incident().grounds().orElseThrow().rule()).isEqualTo("obstacle");
        assertThat(rig.incident().decision().orElseThrow().because())
                .isEqualTo(
                        "a rollback would help and cannot be done: task definition web:41 is INACTIVE, and ECS deploys no"
                                + " such one; register it again under a new revision");
    }

    /** ECS goes back to a service revision, for which the definition need not be ACTIVE. */
    @Test
    void aDeploymentThatRunsIsStoppedAllTheSame() {
        fail();

        assertThat(rig.writes).containsExactly(new Command.StopServiceDeployment(WEB, attemptOf(NEW)));
    }
}
