package io.deployguard.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deployguard.ecs.Container;
import io.deployguard.ecs.Stop;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EvidenceReaderTest {

    @Test
    void readsEveryFieldOfTheContract() {
        EvidenceCase read = EvidenceReader.read("""
                {"id":"case-1","stack":"node/prisma","new":1,
                 "evidence":{
                  "stopCode":"EssentialContainerExited","stoppedReason":"Essential container in task exited",
                  "containers":[{"name":"app","exitCode":1,"reason":null,"healthStatus":"UNHEALTHY"}],
                  "logs":["one","two\\nthree"],
                  "targetHealth":[{"state":"unhealthy","reason":"Target.Timeout","description":"Request timed out"}],
                  "serviceEvents":["(service api) is unhealthy"],
                  "taskDefinition":{"family":"api","containerDefinitions":[{"name":"app","image":"api:2","memory":512,
                    "healthCheck":{"command":["CMD-SHELL","curl -f localhost"],"startPeriod":60}}]},
                  "previousTaskDefinition":{"family":"api","containerDefinitions":[]},
                  "listeners":[{"ListenerArn":"l","Port":80,"DefaultActions":[{"Type":"fixed-response","FixedResponseConfig":{"StatusCode":"404"}}]}]}}
                """);

        EvidenceBundle bundle = read.bundle();
        assertThat(read.id()).contains("case-1");
        assertThat(bundle.first(Evidence.TaskStop.class).orElseThrow().stop().code())
                .isEqualTo(Stop.Code.ESSENTIAL_CONTAINER_EXITED);
        assertThat(bundle.only(Evidence.ContainerExit.class))
                .containsExactly(new Evidence.ContainerExit(
                        "", "app", Optional.of(1), Optional.empty(), Container.Health.UNHEALTHY));
        assertThat(bundle.only(Evidence.LogLine.class))
                .extracting(Evidence.LogLine::text)
                .containsExactly("one", "two", "three");
        assertThat(bundle.only(Evidence.ServiceMessage.class)).hasSize(1);
        Evidence.Definitions definitions =
                bundle.first(Evidence.Definitions.class).orElseThrow();
        assertThat(definitions.lastHealthy()).isPresent();
        assertThat(definitions
                        .failing()
                        .containers()
                        .getFirst()
                        .healthCheck()
                        .orElseThrow()
                        .patience())
                .isEqualTo(Duration.ofSeconds(150));
        assertThat(bundle.only(Evidence.ListenerRule.class))
                .containsExactly(new Evidence.ListenerRule(
                        "l", 80, true, List.of(), "fixed-response", List.of(), Optional.of("404")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"evidence\":{}}",
                "{\"evidence\":null}",
                "{\"evidence\":{\"logs\":null,\"containers\":null,\"stopCode\":null,\"listeners\":null,\"taskDefinition\":null}}"
            })
    void everythingMayBeAbsentOrNull(String json) {
        assertThat(EvidenceReader.read(json).bundle().all()).isEmpty();
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "[]|case: expected an object, got array",
                "{\"evidence\":{\"logs\":\"x\"}}|evidence.logs: expected a list, got string",
                "{\"evidence\":{\"logs\":[[\"x\"]]}}|evidence.logs[0]: expected text, got array",
                "{\"evidence\":{\"containers\":[{\"exitCode\":\"one\"}]}}|evidence.containers[0].exitCode: expected a whole number, got string",
                "{\"evidence\":{\"taskDefinition\":{\"containerDefinitions\":{}}}}|evidence.taskDefinition.containerDefinitions: expected a list, got object",
                "{\"evidence\":{\"stopCode\":\"x\",\"stoppedAt\":\"noon\"}}|evidence.stoppedAt: expected a time such as 2026-11-21T09:14:05Z, got noon",
                "{\"id\":|case: expected one JSON object, got text that is none at line 1, column 7",
            })
    void aWrongShapeIsRefusedByName(String json, String message) {
        assertThatThrownBy(() -> EvidenceReader.read(json))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void whatComesInIsCleanedAndRedactedWithTheDefinitionsSecrets() {
        EvidenceBundle bundle = EvidenceReader.read("""
                        {"evidence":{"logs":["\\u001b[31mlogin as app with Sup3rS3cretValue failed\\u001b[0m"],
                         "stoppedReason":"token=abcdef123456",
                         "taskDefinition":{"containerDefinitions":[{"environment":[
                           {"name":"DB_PASSWORD","value":"Sup3rS3cretValue"},{"name":"DB_USER","value":"app"}]}]}}}
                        """).bundle();

        assertThat(bundle.first(Evidence.LogLine.class).orElseThrow().text())
                .isEqualTo("login as app with [redacted] failed");
        assertThat(bundle.first(Evidence.TaskStop.class).orElseThrow().stop().reason())
                .isEqualTo("token=[redacted]");
    }
}
