package io.deployguard.simulation.pipeline;

import static io.deployguard.fixture.Shop.NEW;
import static io.deployguard.fixture.Shop.NEWER;
import static io.deployguard.fixture.Shop.WEB;
import static io.deployguard.fixture.SnapshotBuilder.aSnapshot;
import static io.deployguard.fixture.TaskBuilder.aTask;
import static io.deployguard.simulation.pipeline.GuardRig.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.ecs.Container.Health;
import io.deployguard.ecs.DeploymentId;
import io.deployguard.event.EventKey;
import io.deployguard.event.GuardEvent;
import io.deployguard.incident.Progress;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Trouble that seems to be over, and trouble that is. */
class PassingTroubleStoryTest {

    private final GuardRig rig = new GuardRig();

    private static GuardEvent deployment(String name, DeploymentId deployment, long second) {
        return new GuardEvent.DeploymentStateChange(
                new EventKey(name + deployment), at(second), WEB, name, deployment, "ECS says so");
    }

    /** All tasks pass their checks when the guard looks, and stop again afterwards. */
    @Test
    void isLookedAtAgainWhenATaskStopsAfterAGoodMoment() {
        rig.ecs.show(aSnapshot()
                .and(
                        aTask().id("x").health(Health.HEALTHY).build(),
                        aTask().id("y").health(Health.HEALTHY).build()));
        rig.deliverAll(List.of(rig.begins(), rig.crashes("a", 30)));
        assertThat(rig.incident().grounds().orElseThrow().rule()).isEqualTo("obstacle");
        assertThat(rig.incident().progress()).isInstanceOf(Progress.Advised.class);

        rig.time.passMinutes(1);
        rig.ecs.show(aSnapshot());
        rig.deliver(rig.crashes("b", 170));
        rig.act("act");

        assertThat(rig.incidents()).hasSize(1);
        assertThat(rig.writes).hasSize(1);
    }

    /** The actor comes late, in the good moment, and the loop goes on. */
    @Test
    void isTakenUpAgainWhereTheActorMetAGoodMoment() {
        rig.deliverAll(List.of(rig.begins(), rig.crashes("a", 30)));
        rig.ecs.show(aSnapshot()
                .and(
                        aTask().id("x").health(Health.HEALTHY).build(),
                        aTask().id("y").health(Health.HEALTHY).build()));
        rig.act("act");
        assertThat(rig.incident().grounds().orElseThrow().rule()).isEqualTo("preflight");
        assertThat(rig.writes).isEmpty();

        rig.time.passMinutes(1);
        rig.ecs.show(aSnapshot());
        rig.deliver(rig.crashes("b", 170));
        rig.act("act");

        assertThat(rig.incidents()).hasSize(1);
        assertThat(rig.writes).hasSize(1);
    }

    @Nested
    class OfASupersededDeployment {

        private void supersede() {
            rig.deliver(rig.begins());
            rig.deliver(deployment("SERVICE_DEPLOYMENT_IN_PROGRESS", NEWER, 40));
        }

        @Test
        void opensNoIncidentWhenItsTasksStop() {
            supersede();
            rig.deliverAll(List.of(rig.crashes("a", 50), rig.crashes("b", 60), rig.crashes("c", 70)));

            assertThat(rig.incidents()).isEmpty();
            assertThat(rig.logs.asked()).isEmpty();
        }

        @Test
        void isAnIncidentAllTheSameWhenEcsGivesItUp() {
            supersede();
            rig.deliver(deployment("SERVICE_DEPLOYMENT_FAILED", NEW, 50));

            assertThat(rig.incidents()).hasSize(1);
        }

        @Test
        void isAnIncidentWhereNobodyKnowsWhenItBegan() {
            rig.deliver(deployment("SERVICE_DEPLOYMENT_IN_PROGRESS", NEWER, 40));
            rig.deliver(rig.crashes("a", 50));

            assertThat(rig.incidents()).hasSize(1);
        }

        @Test
        void isAnIncidentOnceItIsDeployedAgain() {
            supersede();
            rig.deliver(rig.deployment("SERVICE_DEPLOYMENT_IN_PROGRESS", 60));
            rig.deliver(rig.crashes("a", 70));

            assertThat(rig.incidents()).hasSize(1);
        }
    }
}
