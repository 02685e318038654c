package io.deployguard.simulation.pipeline;

import static io.deployguard.fixture.DeploymentBuilder.aDeploymentOf;
import static io.deployguard.fixture.Shop.NEW;
import static io.deployguard.fixture.Shop.OLD;
import static io.deployguard.fixture.Shop.WEB;
import static io.deployguard.fixture.SnapshotBuilder.aQuietSnapshot;
import static io.deployguard.fixture.SnapshotBuilder.aSnapshot;
import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.ecs.CodeDeployRef;
import io.deployguard.ecs.DeploymentId;
import io.deployguard.ecs.ServiceDescription.Controller;
import io.deployguard.event.EventKey;
import io.deployguard.event.GuardEvent;
import io.deployguard.fault.GuardFault;
import io.deployguard.incident.RevisionLedger;
import io.deployguard.pipeline.Handled;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Events of CodeDeploy, which name neither service nor task set. */
class CodeDeployEventTest {

    private final GuardRig rig = new GuardRig();

    private static CodeDeployRef deployment(String group) {
        return new CodeDeployRef("aws", "eu-central-1", "123456789012", "shop", group, "d-NEW");
    }

    private static GuardEvent says(String state, String group) {
        return new GuardEvent.CodeDeployStateChange(
                new EventKey("event:" + state), GuardRig.at(1), deployment(group), state);
    }

    private List<RevisionLedger.Entry> ledger() {
        return rig.memory.transact("look", stores -> stores.revisions().entriesOf(WEB));
    }

    private void showReplacement() {
        rig.ecs.show(aSnapshot()
                .controller(Controller.CODE_DEPLOY)
                .deployments(aDeploymentOf(NEW).arn(deployment("web").arn()).build()));
    }

    @Test
    void aBeginningIsRememberedUntilItsTaskSetIsThere() {
        rig.ecs.show(aQuietSnapshot(OLD).controller(Controller.CODE_DEPLOY).deployments());

        rig.deliver(says("START", "web"));
        rig.watch();
        assertThat(ledger()).extracting(RevisionLedger.Entry::deployment).containsExactly(new DeploymentId("d-NEW"));

        showReplacement();
        rig.watch();
        assertThat(ledger()).extracting(RevisionLedger.Entry::deployment).containsExactly(NEW);
        assertThat(ledger().getFirst().startedAt()).contains(GuardRig.at(1));
    }

    @Test
    void aBeginningThatNeverGetsATaskSetIsForgotten() {
        rig.ecs.show(aQuietSnapshot(OLD).controller(Controller.CODE_DEPLOY).deployments());
        rig.deliver(says("START", "web"));

        rig.time.pass(Duration.ofHours(3));
        rig.watch();

        assertThat(ledger()).isEmpty();
        assertThat(rig.incidents()).isEmpty();
    }

    @Test
    void aFailureOpensAnIncidentOfItsTaskSet() {
        showReplacement();

        rig.deliver(says("FAILURE", "web"));

        assertThat(rig.incident().deployment()).isEqualTo(NEW);
        assertThat(rig.incident().signs())
                .singleElement()
                .satisfies(sign -> assertThat(sign.what()).startsWith("CodeDeploy deployment d-NEW: FAILURE"));
    }

    @Test
    void aFailureBeforeTheFirstTaskSetIsNoted() {
        rig.ecs.show(aQuietSnapshot(OLD).controller(Controller.CODE_DEPLOY).deployments());

        assertThat(rig.deliver(says("FAILURE", "web"))).isInstanceOf(Handled.Noted.class);
        assertThat(rig.incidents()).isEmpty();
        assertThat(ledger()).isEmpty();
    }

    @Test
    void whatBringsNoServiceANewRevisionIsNoted() {
        showReplacement();

        assertThat(rig.deliver(says("FAILURE", "lambda-or-rollback"))).isInstanceOf(Handled.Noted.class);
        assertThat(rig.incidents()).isEmpty();
    }

    @Test
    void aServiceThatTheGuardMayNotLookAtIsNotItsBusiness() {
        rig.ecs.fail(new GuardFault.Denied("describe service: denied", null));

        assertThat(rig.deliver(says("FAILURE", "web")))
                .isInstanceOfSatisfying(
                        Handled.Noted.class,
                        noted -> assertThat(noted.toString()).contains("may not look at"));
    }
}
