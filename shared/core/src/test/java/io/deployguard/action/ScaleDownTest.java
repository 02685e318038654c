package io.deployguard.action;

import static io.deployguard.fixture.DeploymentBuilder.aDeploymentOf;
import static io.deployguard.fixture.RolloutBuilder.aRolloutOf;
import static io.deployguard.fixture.Shop.NEW;
import static io.deployguard.fixture.Shop.NEWER;
import static io.deployguard.fixture.Shop.OLD;
import static io.deployguard.fixture.Shop.WEB;
import static io.deployguard.fixture.Shop.definitionOf;
import static io.deployguard.fixture.SnapshotBuilder.aSnapshot;
import static io.deployguard.fixture.SnapshotBuilder.running;
import static io.deployguard.fixture.TaskBuilder.aTask;
import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.action.ActionPlan.Overtaken;
import io.deployguard.action.ActionPlan.Refused;
import io.deployguard.action.ActionPlan.Steps;
import io.deployguard.ecs.Container.Health;
import io.deployguard.ecs.ServiceDeployment.Status;
import io.deployguard.ecs.ServiceDescription.Controller;
import io.deployguard.fixture.FixedTime;
import io.deployguard.fixture.SnapshotBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScaleDownTest {

    private static final ScaleDown ACTION = new ScaleDown();

    /** The first release of a service crashes: nothing has ever served. */
    private static SnapshotBuilder nothingServes() {
        return aSnapshot()
                .rollouts(aRolloutOf(NEW).counts(2, 0, 1).build())
                .deployments(aDeploymentOf(NEW).build())
                .tasks(List.of());
    }

    private static ActionPlan plan(SnapshotBuilder snapshot) {
        return ACTION.plan(snapshot.build(), NEW, Set.of());
    }

    private static String refusal(SnapshotBuilder snapshot) {
        return ((Refused) plan(snapshot)).because();
    }

    @Test
    void scalesToZeroWhatDoesNotServe() {
        assertThat(plan(nothingServes()))
                .isEqualTo(
                        new Steps(List.of(new Command.ScaleToZero(WEB, 2)), "scaled from 2 to 0", definitionOf(NEW)));
        assertThat(plan(nothingServes()
                        .and(aTask().id("young").startedAt(FixedTime.NOON).build())))
                .isInstanceOf(Steps.class);
    }

    /** The desired count is that of the service, not of the failing deployment. */
    @Test
    void neverEndsHealthyTasks() {
        assertThat(refusal(aSnapshot()))
                .isEqualTo("healthy tasks would end too (2), as the desired count is the service's");
        assertThat(refusal(nothingServes().and(running(NEW, 1).getFirst())))
                .isEqualTo("healthy tasks would end too (1), as the desired count is the service's");
    }

    @Test
    void neverEndsTasksOfOtherRevisions() {
        var unwell = aTask().id("old").of(OLD).health(Health.UNHEALTHY).build();
        assertThat(refusal(nothingServes().and(unwell)))
                .isEqualTo("tasks of other revisions run (1), and may serve without being healthy");
    }

    @Test
    void neverEndsWhatALoadBalancerMaySendRequestsTo() {
        assertThat(refusal(nothingServes().loadBalancers("tg").target("tg", "10.0.0.9", "unhealthy")))
                .contains("sends requests to unhealthy ones");
    }

    @Test
    void doesNotActOnWhatItCannotSee() {
        assertThat(refusal(nothingServes().gaps("describe target health: denied")))
                .isEqualTo("nobody can say that nothing serves: describe target health: denied");
    }

    @Test
    void leavesWhatIsOnItsWayAlready() {
        assertThat(plan(nothingServes().desired(0))).isInstanceOf(Overtaken.class);
        assertThat(plan(nothingServes().rollouts(aRolloutOf(NEWER).build()))).isInstanceOf(Overtaken.class);
        assertThat(plan(nothingServes()
                        .deployments(aDeploymentOf(NEW)
                                .status(Status.ROLLBACK_IN_PROGRESS)
                                .rollbackTo(OLD)
                                .build())))
                .isInstanceOf(Overtaken.class);
        assertThat(plan(nothingServes().controller(Controller.CODE_DEPLOY))).isInstanceOf(Refused.class);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({"to-zero, true", "yes, false", "'', false"})
    void isWantedByItsTagOnly(String tag, boolean wanted) {
        assertThat(ACTION.isWantedBy(Map.of("deploy-guard:scale-down", tag))).isEqualTo(wanted);
        assertThat(ACTION.isWantedBy(Map.of())).isFalse();
    }

    /** Whatever else is the case: as soon as one task is healthy nothing is scaled. */
    @Test
    void neverActsWhileATaskIsHealthy() {
        var random = new Random(7);
        for (var round = 0; round < 2_000; round++) {
            var tasks = new ArrayList<>(List.of(aTask().id("well")
                    .of(random.nextBoolean() ? NEW : OLD)
                    .health(Health.HEALTHY)
                    .build()));
            for (var more = random.nextInt(3); more > 0; more--) {
                tasks.add(aTask().id("unwell" + more).health(Health.UNHEALTHY).build());
            }
            var snapshot = nothingServes().desired(1 + random.nextInt(5)).tasks(tasks);

            assertThat(plan(snapshot)).isNotInstanceOf(Steps.class);
        }
    }

    @Test
    void saysWhatItWouldDo() {
        var snapshot = nothingServes();
        assertThat(ACTION.inWords(snapshot.build(), plan(snapshot)))
                .isEqualTo("scale the service from 2 to 0, so that nothing is started any more");
    }
}
