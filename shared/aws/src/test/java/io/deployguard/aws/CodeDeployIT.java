package io.deployguard.aws;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.deployguard.action.Command;
import io.deployguard.action.CommandOutcome;
import io.deployguard.aws.ecs.EcsCommandExecutor;
import io.deployguard.ecs.CodeDeployRef;
import io.deployguard.ecs.ServiceDeployment;
import io.deployguard.ecs.ServiceDescription.Controller;
import io.deployguard.ecs.ServiceSnapshot;
import io.deployguard.fault.GuardFault;
import io.deployguard.incident.Progress;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A service that CodeDeploy deploys, seen and turned around over the wire. */
class CodeDeployIT {
    private static final UUID INCIDENT = UUID.fromString("6d0a3f0e-58a6-4a1f-9d43-0b8f4f7d0c11");

    private final SimulatedShop shop = SimulatedShop.byCodeDeploy();
    private final GuardedShop guarded = new GuardedShop(shop);

    @AfterEach
    void close() {
        assertThat(shop.endpoint().refusals()).isEmpty();
        shop.close();
    }

    private ServiceSnapshot look() {
        return guarded.snapshots().describe(SimulatedShop.WEB);
    }

    private static CodeDeployRef deploymentIn(ServiceSnapshot look) {
        return CodeDeployRef.find(look.currentDeployment().orElseThrow().arn()).orElseThrow();
    }

    @Test
    void isCompleteBeforeItsFirstRelease() {
        var look = look();

        assertThat(look.gaps()).isEmpty();
        assertThat(look.service().controller()).isEqualTo(Controller.CODE_DEPLOY);
        assertThat(look.service().primary().orElseThrow().isCompleted()).isTrue();
        assertThat(look.deployments()).isEmpty();
    }

    @Test
    void showsTheReplacementAsWhatIsBeingDeployed() {
        shop.release();
        var look = look();

        assertThat(look.gaps()).isEmpty();
        assertThat(look.service().primary().orElseThrow().taskDefinitionArn()).endsWith("web:2");
        assertThat(look.service().primary().orElseThrow().isInProgress()).isTrue();
        assertThat(look.currentDeployment().orElseThrow().status()).isEqualTo(ServiceDeployment.Status.IN_PROGRESS);
        assertThat(look.service().targetGroups()).hasSize(2);
        assertThat(look.tasksOf(look.service().primary().orElseThrow().id())).isNotEmpty();
        assertThat(guarded.snapshots().releasedBy(deploymentIn(look))).contains(SimulatedShop.WEB);
    }

    @Test
    void stopsOnceAndUnderstandsTheRefusalOfASecondStop() {
        shop.release();
        var stop = new Command.StopCodeDeployDeployment(
                SimulatedShop.WEB, deploymentIn(look()).id());
        var executor = new EcsCommandExecutor(shop.clients());

        assertThat(executor.execute(stop, INCIDENT)).isInstanceOf(CommandOutcome.Done.class);
        assertThat(executor.execute(stop, INCIDENT)).isInstanceOf(CommandOutcome.AlreadySo.class);
        assertThat(shop.endpoint().calls("StopDeployment")).hasSize(2);
        assertThat(shop.endpoint().acceptedChanges()).hasSize(1);
    }

    @Test
    void isRefusedWhatWasStoppedWithoutARollback() {
        shop.release();
        var id = deploymentIn(look()).id();
        shop.account()
                .codeDeploy()
                .stopDeployment(JsonNodeFactory.instance
                        .objectNode()
                        .put("deploymentId", id)
                        .put("autoRollbackEnabled", false));

        assertThat(new EcsCommandExecutor(shop.clients())
                        .execute(new Command.StopCodeDeployDeployment(SimulatedShop.WEB, id), INCIDENT))
                .isInstanceOf(CommandOutcome.Refused.class);
    }

    @Test
    void isRefusedWhatDoesNotExist() {
        assertThat(new EcsCommandExecutor(shop.clients())
                        .execute(new Command.StopCodeDeployDeployment(SimulatedShop.WEB, "d-NONE"), INCIDENT))
                .isInstanceOf(CommandOutcome.Refused.class);
        assertThat(guarded.snapshots()
                        .releasedBy(new CodeDeployRef("aws", "eu-central-1", "123456789012", "shop", "web", "d-NONE")))
                .isEmpty();
    }

    @Test
    void aBadReleaseIsNamedStoppedAndFoundHealed() {
        guarded.release().forEach(guarded::deliver);
        guarded.act("act-1");
        guarded.runOn(Duration.ofMinutes(12));

        assertThat(guarded.writes()).containsExactly("StopDeployment");
        assertThat(guarded.incident().progress())
                .isInstanceOfSatisfying(
                        Progress.Closed.class,
                        closed -> assertThat(closed.outcome()).isEqualTo(Progress.Outcome.HEALED));
    }

    @Test
    void aStopWhoseAnswerGotLostIsLookedUpAndNotSentAgain() {
        guarded.release().forEach(guarded::deliver);
        var lost = new boolean[] {false};
        guarded.failWith(where -> {
            if (where.equals("after command") && !lost[0]) {
                lost[0] = true;
                throw GuardedShop.killed(where);
            }
        });
        try {
            guarded.act("act-1");
        } catch (GuardFault killed) {
            assertThat(killed).hasMessageContaining("after command");
        }
        guarded.runOn(Duration.ofMinutes(12));

        assertThat(lost[0]).isTrue();
        assertThat(guarded.writes()).containsExactly("StopDeployment");
        assertThat(guarded.incident().progress()).isInstanceOf(Progress.Closed.class);
    }
}
