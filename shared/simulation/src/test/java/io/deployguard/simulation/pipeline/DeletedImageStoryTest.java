package io.deployguard.simulation.pipeline;

import static io.deployguard.fixture.DeploymentBuilder.aDeploymentOf;
import static io.deployguard.fixture.RolloutBuilder.aRolloutOf;
import static io.deployguard.fixture.Shop.NEW;
import static io.deployguard.fixture.Shop.OLD;
import static io.deployguard.fixture.Shop.OLDER;
import static io.deployguard.fixture.Shop.WEB;
import static io.deployguard.fixture.Shop.definitionOf;
import static io.deployguard.fixture.SnapshotBuilder.aSnapshot;
import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.action.Command;
import io.deployguard.ecs.ImageState;
import io.deployguard.ecs.ServiceDeployment.Status;
import io.deployguard.fixture.SnapshotBuilder;
import io.deployguard.incident.Progress;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The image to go back to was deleted, as the lifecycle policy of its repository does. */
class DeletedImageStoryTest {

    private static final ImageState GONE = new ImageState.Gone("image sha256:41 of container app is gone");

    private final GuardRig rig = new GuardRig();

    private static SnapshotBuilder completed() {
        return aSnapshot()
                .rollouts(aRolloutOf(NEW).state("COMPLETED").counts(2, 2, 0).build())
                .deployments(
                        aDeploymentOf(NEW).status(Status.SUCCESSFUL).build(),
                        aDeploymentOf(OLD).status(Status.SUCCESSFUL).build(),
                        aDeploymentOf(OLDER).status(Status.SUCCESSFUL).build())
                .tasks(List.of());
    }

    private void fails() {
        rig.deliver(rig.crashes("a", 30));
        rig.minutes(2);
    }

    @Test
    void goesBackToTheNextOlderOneThatIsProven() {
        rig.ecs.show(completed());
        rig.ecs.images(OLD, GONE);

        fails();

        assertThat(rig.writes).containsExactly(new Command.UpdateService(WEB, definitionOf(OLDER)));
    }

    @Test
    void leavesItToAPersonWithTheReasonWhereEcsWouldReturnToIt() {
        rig.ecs.images(OLD, GONE);

        fails();

        assertThat(rig.writes).isEmpty();
        assertThat(rig.incident().progress()).isInstanceOf(Progress.Advised.class);
        assertThat(rig.incident().decision().orElseThrow().because())
                .contains("web:41 is no target: image sha256:41 of container app is gone");
    }

    @Test
    void leavesItToAPersonWhereNoneIsLeft() {
        rig.ecs.show(completed());
        rig.ecs.images(OLD, GONE);
        rig.ecs.images(OLDER, GONE);

        fails();

        assertThat(rig.writes).isEmpty();
        assertThat(rig.incident().decision().orElseThrow().because())
                .contains("web:41 is no target", "web:40 is no target");
    }

    @Test
    void goesBackAllTheSameWhereItCouldNotBeLookedForAndSaysSo() {
        rig.ecs.images(OLD, new ImageState.NotChecked(List.of("shop/web:1 is not in a registry of this account")));

        fails();

        assertThat(rig.writes).hasSize(1);
        assertThat(rig.incident().situation().orElseThrow().gaps())
                .anyMatch(missing -> missing.contains("shop/web:1 is not in a registry of this account"));
    }

    /** Between the decision and the act. */
    @Test
    void isFoundOutByTheActorAsWell() {
        rig.deliver(rig.crashes("a", 30));
        rig.ecs.images(OLD, GONE);
        rig.minutes(2);

        assertThat(rig.writes).isEmpty();
        assertThat(rig.incident().decision().orElseThrow().because()).contains("not rolled back: web:41 is no target");
    }
}
