package io.deployguard.evidence;

import static io.deployguard.fixture.DefinitionBuilder.aDefinition;
import static io.deployguard.fixture.FixedTime.NOON;
import static io.deployguard.fixture.Shop.WEB;
import static io.deployguard.fixture.TaskBuilder.aStoppedTask;
import static io.deployguard.fixture.TaskBuilder.aTask;
import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.ecs.Container;
import io.deployguard.ecs.Container.Health;
import io.deployguard.ecs.Stop;
import io.deployguard.ecs.Task;
import io.deployguard.ecs.TaskDefinition;
import io.deployguard.evidence.Evidence.Missing;
import io.deployguard.evidence.EvidenceRequest.ContainerLog;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class EvidencePlanTest {

    private static EvidencePlan plan(TaskDefinition definition, Task... tasks) {
        return EvidencePlan.of(
                List.of(tasks),
                Set.of("0ld"),
                definition,
                List.of(),
                Optional.empty(),
                WEB.clusterArn(),
                "eu-central-1",
                NOON.minusSeconds(3_600),
                NOON.minusSeconds(1_800));
    }

    private static List<ContainerLog> logs(EvidencePlan plan) {
        return plan.requests().stream()
                .filter(ContainerLog.class::isInstance)
                .map(ContainerLog.class::cast)
                .toList();
    }

    private static Container container(String name, String runtimeId) {
        return new Container(
                name,
                "STOPPED",
                Optional.of(139),
                Optional.of("OutOfMemoryError"),
                Health.UNKNOWN,
                Optional.empty(),
                Optional.empty(),
                Optional.of(runtimeId));
    }

    @Nested
    class AsksForTheLog {

        @Test
        void ofThePrefixTheContainerAndTheTask() {
            assertThat(logs(plan(
                            aDefinition().build(), aStoppedTask().id("0a1b").build())))
                    .containsExactly(new ContainerLog(
                            "0a1b", "app", "/shop/web", "ecs/app/0a1b", "eu-central-1", Optional.of(NOON), 1_000));
        }

        @Test
        void ofTheDockerIdWhereNoPrefixIsSet() {
            var definition = aDefinition()
                    .log("awslogs", Map.of("awslogs-group", "/shop/web"))
                    .build();
            var task = aStoppedTask()
                    .containers(container("proxy", "beef"), container("app", "cafe"))
                    .build();

            assertThat(logs(plan(definition, task)))
                    .extracting(ContainerLog::stream)
                    .containsExactly("cafe");
        }

        @Test
        void inTheRegionThatTheOptionsName() {
            var definition = aDefinition()
                    .log(
                            "awslogs",
                            Map.of(
                                    "awslogs-group", "/shop/web",
                                    "awslogs-stream-prefix", "ecs",
                                    "awslogs-region", "us-east-1"))
                    .build();

            assertThat(logs(plan(definition, aStoppedTask().build())))
                    .extracting(ContainerLog::region)
                    .containsExactly("us-east-1");
        }

        @Test
        void ofEveryContainerOfTheDefinitionAndOfNoOther() {
            var definition =
                    aDefinition().and(aDefinition().container("proxy").build()).build();
            var task = aStoppedTask()
                    .containers(container("app", "1"), container("aws-guardduty-agent-x", "2"))
                    .build();

            assertThat(logs(plan(definition, task)))
                    .extracting(ContainerLog::container)
                    .containsExactly("app", "proxy");
        }

        @Test
        void thatIsNotWaitedForWhereTheContainerNeverRan() {
            var neverRan = new Container(
                    "app",
                    "STOPPED",
                    Optional.empty(),
                    Optional.of("CannotPullContainerError: not found"),
                    Health.UNKNOWN,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
            var pulled = aStoppedTask().containers(neverRan);

            assertThat(logs(plan(aDefinition().build(), pulled.neverStarted().build())))
                    .extracting(ContainerLog::stoppedAt)
                    .containsExactly(Optional.empty());
            assertThat(logs(plan(
                            aDefinition().build(),
                            pulled.startedAt(NOON.minusSeconds(3)).build())))
                    .extracting(ContainerLog::stoppedAt)
                    .containsExactly(Optional.of(NOON));
        }

        @Test
        void thatHasNoEndYetWhileTheTaskRuns() {
            assertThat(logs(plan(aDefinition().build(), aTask().build())))
                    .extracting(ContainerLog::stoppedAt)
                    .containsExactly(Optional.empty());
        }
    }

    @Nested
    class SaysWhyItAsksForNone {

        @Test
        void whenTheContainerLogsNowhere() {
            assertThat(plan(aDefinition().withoutLog().build(), aStoppedTask().build())
                            .missing())
                    .containsExactly(new Missing(
                            "log of container app", "the task definition sets no log configuration for it"));
        }

        @Test
        void whenTheLogGoesElsewhere() {
            var definition = aDefinition().log("awsfirelens", Map.of()).build();

            assertThat(plan(definition, aStoppedTask().build()).missing())
                    .containsExactly(new Missing(
                            "log of container app",
                            "it goes through the log driver awsfirelens, not to CloudWatch Logs"));
        }

        @Test
        void whenItsStreamCannotBeDerived() {
            var withoutPrefixOrId = aDefinition()
                    .log("awslogs", Map.of("awslogs-group", "/shop/web"))
                    .build();
            var withoutGroup = aDefinition()
                    .log("awslogs", Map.of("awslogs-stream-prefix", "ecs"))
                    .build();

            assertThat(plan(withoutPrefixOrId, aStoppedTask().build()).missing())
                    .extracting(Missing::reason)
                    .containsExactly("its log stream cannot be derived: neither a stream prefix nor a runtime id");
            assertThat(plan(withoutGroup, aStoppedTask().build()).missing())
                    .extracting(Missing::reason)
                    .containsExactly("its log stream cannot be derived: no awslogs-group");
        }
    }

    @Nested
    class TellsMost {

        private final Task first =
                aStoppedTask().id("first").stoppedAt(NOON.minusSeconds(60)).build();
        private final Task last = aStoppedTask().id("last").build();
        private final Task scaledIn = aTask().id("scaled-in")
                .stopped(Stop.Code.SERVICE_SCHEDULER_INITIATED, "Scaling activity initiated by x", NOON.plusSeconds(60))
                .build();
        private final Task older =
                aTask().id("older").createdAt(NOON.minusSeconds(900)).build();
        private final Task younger =
                aTask().id("younger").createdAt(NOON.minusSeconds(30)).build();

        @Test
        void theNewestThatStoppedUnexpectedly() {
            assertThat(EvidencePlan.mostTelling(List.of(first, scaledIn, last, younger)))
                    .contains(last);
        }

        @Test
        void elseTheNewestThatRunsOrWaits() {
            assertThat(EvidencePlan.mostTelling(List.of(younger, scaledIn, older)))
                    .contains(younger);
        }

        @Test
        void theSameOneInWhateverOrderTheyCome() {
            var twin = aStoppedTask().id("twin").build();

            assertThat(EvidencePlan.mostTelling(List.of(last, twin)))
                    .isEqualTo(EvidencePlan.mostTelling(List.of(twin, last)));
        }

        @Test
        void noneWhereNothingIsLeft() {
            var plan = plan(aDefinition().build(), scaledIn);

            assertThat(plan.subject()).isEmpty();
            assertThat(logs(plan)).isEmpty();
        }
    }

    @Test
    void asksForTheNewestLogWhenEcsKnowsNoTask() {
        assertThat(plan(aDefinition().build()).requests())
                .first()
                .isEqualTo(new EvidenceRequest.RecentLog(
                        "app",
                        "/shop/web",
                        "ecs/app/",
                        "eu-central-1",
                        NOON.minusSeconds(1_800),
                        Set.of("0ld"),
                        1_000));
    }

    @Test
    void alwaysAsksForOneOffTasksAndForListenersWhereThereAreTargetGroups() {
        assertThat(plan(aDefinition().build()).requests())
                .last()
                .isEqualTo(new EvidenceRequest.TaskRuns(WEB.clusterArn(), "web", NOON.minusSeconds(3_600)));
        assertThat(EvidencePlan.of(
                                List.of(),
                                Set.of(),
                                aDefinition().build(),
                                List.of("arn:tg"),
                                Optional.empty(),
                                WEB.clusterArn(),
                                "eu-central-1",
                                NOON,
                                NOON)
                        .requests())
                .contains(new EvidenceRequest.ListenerRules(List.of("arn:tg")));
    }

    @Test
    void describesWhatTheTaskItselfSays() {
        var task =
                aStoppedTask().id("0a1b").containers(container("app", "cafe")).build();

        assertThat(EvidencePlan.describe(Optional.of(task)))
                .containsExactly(
                        new Evidence.TaskStop(
                                "0a1b",
                                new Stop(
                                        Stop.Code.ESSENTIAL_CONTAINER_EXITED,
                                        "Essential container in task exited",
                                        Optional.of(NOON)),
                                Optional.of(NOON.minusSeconds(600))),
                        new Evidence.ContainerExit(
                                "0a1b", "app", Optional.of(139), Optional.of("OutOfMemoryError"), Health.UNKNOWN));
        assertThat(EvidencePlan.describe(Optional.empty())).isEmpty();
    }
}
