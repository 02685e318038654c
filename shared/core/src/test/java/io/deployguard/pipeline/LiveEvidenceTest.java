package io.deployguard.pipeline;

import static io.deployguard.fixture.FixedTime.NOON;
import static io.deployguard.fixture.Shop.NEW;
import static io.deployguard.fixture.Shop.OLD;
import static io.deployguard.fixture.SnapshotBuilder.aQuietSnapshot;
import static io.deployguard.fixture.SnapshotBuilder.aSnapshot;
import static io.deployguard.fixture.TaskBuilder.aStoppedTask;
import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.ecs.DeploymentId;
import io.deployguard.ecs.ServiceDescription.Controller;
import io.deployguard.ecs.Stop;
import io.deployguard.ecs.Task;
import io.deployguard.ecs.TaskDefinition;
import io.deployguard.evidence.Evidence;
import io.deployguard.evidence.EvidencePlan;
import io.deployguard.fixture.DefinitionBuilder;
import io.deployguard.fixture.SnapshotBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LiveEvidenceTest {

    private static final String UNHEALTHY =
            "(service web) (port 8080) is unhealthy in (target-group arn:aws:…) due to (reason Health checks failed with these codes: [404]).";

    private static final TaskDefinition DEFINITION =
            DefinitionBuilder.aDefinition().build();

    private static Task killedByItsCheck(String id, DeploymentId of, Instant at) {
        return aStoppedTask()
                .id(id)
                .of(of)
                .stopped(
                        Stop.Code.SERVICE_SCHEDULER_INITIATED,
                        "Task failed ELB health checks in (target-group arn:aws:…)",
                        at)
                .build();
    }

    private static <E extends Evidence> List<E> seen(Class<E> kind, FailingRevision failing) {
        var plan = EvidencePlan.of(
                failing.tasks(),
                Set.of(),
                DEFINITION,
                List.of(),
                Optional.empty(),
                "arn:aws:ecs:eu-central-1:123456789012:cluster/shop",
                "eu-central-1",
                NOON,
                NOON);
        return LiveEvidence.of(failing, plan, DEFINITION, Optional.empty(), Optional.empty())
                .only(kind);
    }

    private static List<String> messages(String said, Task... tasks) {
        var snapshot = aSnapshot().says(NOON.minusSeconds(10), said).and(tasks).build();
        return seen(Evidence.ServiceMessage.class, FailingRevision.of(snapshot, NEW, List.of())).stream()
                .map(Evidence.ServiceMessage::text)
                .toList();
    }

    @Test
    void believesThatATargetOfTheRevisionIsUnhealthy() {
        assertThat(messages(UNHEALTHY)).containsExactly(UNHEALTHY);
        assertThat(messages(UNHEALTHY, killedByItsCheck("own", NEW, NOON))).containsExactly(UNHEALTHY);
    }

    /** ECS names the port and not the task. */
    @Test
    void leavesOutWhatIsSaidOfTheTasksThatItReplaces() {
        assertThat(messages(UNHEALTHY, killedByItsCheck("other", OLD, NOON))).isEmpty();
        assertThat(messages("(service web) has started 1 tasks.", killedByItsCheck("other", OLD, NOON)))
                .hasSize(1);
    }

    @Test
    void leavesNothingOutThatMayBeOfBothOrIsOfAnotherTime() {
        assertThat(messages(UNHEALTHY, killedByItsCheck("other", OLD, NOON), killedByItsCheck("own", NEW, NOON)))
                .hasSize(1);
        assertThat(messages(UNHEALTHY, killedByItsCheck("other", OLD, NOON.minusSeconds(120))))
                .hasSize(1);
    }

    private static List<Evidence.TargetReason> targetReasons(SnapshotBuilder snapshot, DeploymentId failing) {
        var idle = snapshot.idleTarget("green", "10.0.0.9").build();
        return seen(Evidence.TargetReason.class, FailingRevision.of(idle, failing, List.of()));
    }

    @Test
    void aTargetWithoutAListenerTellsSomethingOnlyWhereOneShouldLeadToIt() {
        assertThat(targetReasons(aQuietSnapshot(NEW), NEW)).hasSize(1);
        assertThat(targetReasons(aQuietSnapshot(NEW).controller(Controller.CODE_DEPLOY), NEW))
                .as("the task set that serves")
                .hasSize(1);
        assertThat(targetReasons(aSnapshot().controller(Controller.CODE_DEPLOY), NEW))
                .as("its deployment is under way")
                .isEmpty();
        assertThat(targetReasons(aQuietSnapshot(OLD).controller(Controller.CODE_DEPLOY), NEW))
                .as("CodeDeploy went back")
                .isEmpty();
    }
}
