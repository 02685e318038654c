package io.deployguard.pipeline;

import static io.deployguard.fixture.FixedTime.NOON;
import static io.deployguard.fixture.Shop.NEW;
import static io.deployguard.fixture.Shop.OLD;
import static io.deployguard.fixture.SnapshotBuilder.aSnapshot;
import static io.deployguard.fixture.TaskBuilder.aStoppedTask;
import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.ecs.DeploymentId;
import io.deployguard.ecs.Stop;
import io.deployguard.ecs.Task;
import io.deployguard.ecs.TaskDefinition;
import io.deployguard.evidence.Evidence;
import io.deployguard.evidence.EvidencePlan;
import io.deployguard.fixture.DefinitionBuilder;
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

    private static List<String> messages(String said, Task... tasks) {
        var snapshot = aSnapshot().says(NOON.minusSeconds(10), said).and(tasks).build();
        var failing = FailingRevision.of(snapshot, NEW, List.of());
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
                .only(Evidence.ServiceMessage.class)
                .stream()
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
}
