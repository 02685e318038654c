package io.deployguard.ecs;

import static io.deployguard.fixture.Shop.NEW;
import static io.deployguard.fixture.Shop.OLD;
import static io.deployguard.fixture.Shop.definitionOf;
import static io.deployguard.fixture.Shop.revisionOf;
import static io.deployguard.fixture.SnapshotBuilder.aSnapshot;
import static io.deployguard.fixture.TaskBuilder.aTask;
import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.ecs.ServiceDeployment.Status;
import io.deployguard.ecs.ServiceDescription.Controller;
import io.deployguard.ecs.ServiceDescription.LoadBalancer;
import io.deployguard.ecs.ServiceDescription.Rollout;
import io.deployguard.fixture.FixedTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TaskSetsTest {

    private static final TaskSet BLUE = set(OLD, "PRIMARY", "d-OLD");
    private static final TaskSet GREEN = set(NEW, "ACTIVE", "d-NEW");

    private static TaskSet set(DeploymentId id, String status, String codeDeployId) {
        return new TaskSet(
                id,
                status,
                definitionOf(id),
                2,
                2,
                0,
                true,
                Optional.of(codeDeployId).filter(text -> !text.isEmpty()),
                List.of(new LoadBalancer("tg-" + id.value(), "app", 8080, Optional.empty())),
                Optional.of(id.equals(NEW) ? FixedTime.NOON : FixedTime.NOON.minusSeconds(3600)),
                Optional.empty());
    }

    private static CodeDeployRef ref(String id) {
        return new CodeDeployRef("aws", "eu-central-1", "123456789012", "shop", "web", id);
    }

    private static CodeDeployment deployment(String id, CodeDeployment.Status status) {
        return new CodeDeployment(
                ref(id),
                status,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(id.equals("d-OLD") ? FixedTime.NOON.minusSeconds(3600) : FixedTime.NOON.minusSeconds(5)),
                Optional.empty());
    }

    private static CodeDeployment rollback(CodeDeployment.Status status) {
        return new CodeDeployment(
                ref("d-BACK"),
                status,
                Optional.of("d-NEW"),
                Optional.empty(),
                Optional.empty(),
                Optional.of(FixedTime.NOON),
                Optional.empty());
    }

    private static final CodeDeployment BEFORE = deployment("d-OLD", CodeDeployment.Status.SUCCEEDED);

    private static ServiceSnapshot look(List<TaskSet> sets, CodeDeployment... known) {
        return look(sets, Map.of(), known);
    }

    private static ServiceSnapshot look(List<TaskSet> sets, Map<String, DeploymentId> gone, CodeDeployment... known) {
        return new TaskSets(sets, List.of(known), gone)
                .in(aSnapshot()
                        .controller(Controller.CODE_DEPLOY)
                        .rollouts()
                        .deployments()
                        .build());
    }

    private static Object[] row(String what, ServiceSnapshot look, DeploymentId primary, String state, Status status) {
        return new Object[] {what, look, primary, state, status};
    }

    static Stream<Object[]> stages() {
        return Stream.of(
                row(
                        "the replacement is what is being deployed, though ECS calls the other one primary",
                        look(List.of(BLUE, GREEN), deployment("d-NEW", CodeDeployment.Status.IN_PROGRESS), BEFORE),
                        NEW,
                        "IN_PROGRESS",
                        Status.IN_PROGRESS),
                row(
                        "it waits for its turn",
                        look(List.of(BLUE, GREEN), deployment("d-NEW", CodeDeployment.Status.READY), BEFORE),
                        NEW,
                        "IN_PROGRESS",
                        Status.IN_PROGRESS),
                row(
                        "traffic has moved and the earlier tasks are still there",
                        look(
                                List.of(set(OLD, "ACTIVE", "d-OLD"), set(NEW, "PRIMARY", "d-NEW")),
                                deployment("d-NEW", CodeDeployment.Status.BAKING),
                                BEFORE),
                        NEW,
                        "IN_PROGRESS",
                        Status.IN_PROGRESS),
                row(
                        "it succeeded",
                        look(
                                List.of(set(NEW, "PRIMARY", "d-NEW")),
                                deployment("d-NEW", CodeDeployment.Status.SUCCEEDED),
                                BEFORE),
                        NEW,
                        "COMPLETED",
                        Status.SUCCESSFUL),
                row(
                        "it is being taken back",
                        look(
                                List.of(set(OLD, "ACTIVE", "d-OLD"), set(NEW, "PRIMARY", "d-NEW")),
                                rollback(CodeDeployment.Status.IN_PROGRESS),
                                deployment("d-NEW", CodeDeployment.Status.STOPPED),
                                BEFORE),
                        OLD,
                        "IN_PROGRESS",
                        Status.ROLLBACK_IN_PROGRESS),
                row(
                        "it was taken back, and its tasks are gone",
                        look(
                                List.of(BLUE),
                                Map.of("d-NEW", NEW),
                                rollback(CodeDeployment.Status.SUCCEEDED),
                                deployment("d-NEW", CodeDeployment.Status.STOPPED),
                                BEFORE),
                        OLD,
                        "COMPLETED",
                        Status.ROLLBACK_SUCCESSFUL),
                row(
                        "it failed before traffic moved, and nothing took it back",
                        look(List.of(BLUE, GREEN), deployment("d-NEW", CodeDeployment.Status.FAILED), BEFORE),
                        OLD,
                        "COMPLETED",
                        Status.ROLLBACK_SUCCESSFUL),
                row(
                        "it failed after traffic had moved, and nothing took it back",
                        look(
                                List.of(set(OLD, "ACTIVE", "d-OLD"), set(NEW, "PRIMARY", "d-NEW")),
                                deployment("d-NEW", CodeDeployment.Status.FAILED),
                                BEFORE),
                        NEW,
                        "COMPLETED",
                        Status.STOPPED),
                row(
                        "the rollback failed",
                        look(
                                List.of(BLUE, GREEN),
                                rollback(CodeDeployment.Status.FAILED),
                                deployment("d-NEW", CodeDeployment.Status.STOPPED),
                                BEFORE),
                        OLD,
                        "COMPLETED",
                        Status.ROLLBACK_FAILED));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("stages")
    void tellsADeploymentOfCodeDeployAsOneOfEcs(
            String what, ServiceSnapshot look, DeploymentId primary, String state, Status status) {
        var rollout = look.service().primary().orElseThrow();
        assertThat(rollout.id()).isEqualTo(primary);
        assertThat(rollout.state()).contains(state);
        assertThat(look.service().rollouts().getFirst()).isEqualTo(rollout);
        assertThat(look.currentDeployment().orElseThrow().deploymentId()).isEqualTo(NEW);
        assertThat(look.currentDeployment().orElseThrow().status()).isEqualTo(status);
        assertThat(look.currentDeployment().orElseThrow().arn())
                .isEqualTo(ref("d-NEW").arn());
    }

    @Test
    void aRollbackIsNoAttemptOfItsOwn() {
        var look = look(
                List.of(BLUE),
                Map.of("d-NEW", NEW),
                rollback(CodeDeployment.Status.SUCCEEDED),
                deployment("d-NEW", CodeDeployment.Status.STOPPED),
                BEFORE);

        assertThat(look.deployments())
                .extracting(ServiceDeployment::deploymentId)
                .containsExactly(NEW, OLD);
        assertThat(look.currentDeployment().orElseThrow().rollbackRevisionArn()).contains(revisionOf(OLD));
    }

    @Test
    void theTaskSetThatCameWithTheServiceIsCompleteOnceItIsSteady() {
        var first = set(OLD, "PRIMARY", "");

        assertThat(look(List.of(first)).service().primary().map(Rollout::isCompleted))
                .contains(true);
        assertThat(look(List.of(first)).deployments()).isEmpty();
    }

    @Test
    void aDeploymentWithoutATaskSetBringsNothingYet() {
        var look = look(List.of(BLUE), deployment("d-NEW", CodeDeployment.Status.IN_PROGRESS), BEFORE);

        assertThat(look.service().primary().map(Rollout::id)).contains(OLD);
        assertThat(look.deployments())
                .extracting(ServiceDeployment::deploymentId)
                .containsExactly(OLD);
    }

    @Test
    void tasksTellTheDefinitionAndTheImagesOfATaskSetThatIsGone() {
        var look = new TaskSets(
                        List.of(BLUE),
                        List.of(deployment("d-NEW", CodeDeployment.Status.STOPPED), BEFORE),
                        Map.of("d-NEW", NEW))
                .in(aSnapshot()
                        .controller(Controller.CODE_DEPLOY)
                        .tasks(aTask().id("a").of(NEW).build())
                        .build());

        assertThat(look.findRevision(NEW).map(ServiceRevision::taskDefinitionArn))
                .contains(definitionOf(NEW));
    }

    @Test
    void theTargetGroupsOfTheTaskSetsTakeTurns() {
        var service = TaskSets.withTargetGroups(
                aSnapshot().loadBalancers("tg-of-the-service").build().service(), List.of(BLUE, GREEN));

        assertThat(service.targetGroups()).containsExactly("tg-" + OLD.value(), "tg-" + NEW.value());
        assertThat(TaskSets.withTargetGroups(service, List.of(BLUE)).targetGroups())
                .containsExactly("tg-" + OLD.value());
    }
}
