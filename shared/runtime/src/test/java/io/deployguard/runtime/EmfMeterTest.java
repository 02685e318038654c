package io.deployguard.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.deployguard.pipeline.Meter;
import io.deployguard.pipeline.Metric;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

class EmfMeterTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final StructuredLog log =
            new StructuredLog("act", () -> NOON, new PrintStream(out, true, StandardCharsets.UTF_8));

    /** The rules of the format: what it names must stand at the top of the line, as numbers and as texts. */
    @Test
    void writesOneLineThatCloudWatchReads() throws IOException {
        new EmfMeter(log, "deploy-guard", () -> NOON)
                .record(Map.of(Metric.ACTIONS, 1.0, Metric.TIME_TO_ACTION, 41_000.0), Map.of("service", "web"));

        var line = onlyLine();
        assertThat(line.path("event").asText()).isEqualTo("measured");
        assertThat(line.path("service").asText()).isEqualTo("web");
        assertThat(line.path("TimeToAction").asDouble()).isEqualTo(41_000);
        assertThat(line.path("_aws").path("Timestamp").asLong()).isEqualTo(NOON.toEpochMilli());
        assertThat(line.path("_aws").path("CloudWatchMetrics")).singleElement().satisfies(directive -> {
            assertThat(directive.path("Namespace").asText()).isEqualTo("DeployGuard");
            assertThat(directive.path("Dimensions").toString()).isEqualTo("[[\"guard\"]]");
            assertThat(directive.path("Metrics"))
                    .allSatisfy(metric -> assertThat(
                                    line.path(metric.path("Name").asText()).isNumber())
                            .isTrue());
            assertThat(StreamSupport.stream(directive.path("Metrics").spliterator(), false)
                            .map(JsonNode::toString))
                    .hasSize(2)
                    .anyMatch(metric ->
                            metric.contains("\"Name\":\"TimeToAction\"") && metric.contains("\"Milliseconds\""))
                    .anyMatch(metric -> metric.contains("\"Name\":\"Actions\"") && metric.contains("\"Count\""));
        });
        assertThat(line.path("guard").asText()).isEqualTo("deploy-guard");
    }

    @Test
    void aGuardWithoutANameWritesNone() {
        assertThat(EmfMeter.of(RuntimeSettings.of(Map.of()), log)).isSameAs(Meter.NONE);
        assertThat(EmfMeter.of(RuntimeSettings.of(Map.of("DEPLOY_GUARD_METRICS", "g")), log))
                .isInstanceOf(EmfMeter.class);
    }

    /** What only a handled failure shows: Lambda counts the call as a success. */
    @Test
    void aMessageThatFailsIsCountedForItsFunction() throws IOException {
        var function = new BatchFunction(
                (_, _) -> {
                    throw new IllegalStateException("no");
                },
                log,
                GuardClock.system(),
                new EmfMeter(log, "deploy-guard", () -> NOON));
        var batch = """
                {"Records":[{"eventSource":"aws:sqs","messageId":"m-1","body":"{}"}]}
                """;

        function.handle(
                new ByteArrayInputStream(batch.getBytes(StandardCharsets.UTF_8)),
                new ByteArrayOutputStream(),
                "r-1",
                Duration.ofSeconds(30));

        assertThat(lines()).filteredOn(line -> line.has("_aws")).singleElement().satisfies(line -> {
            assertThat(line.path("Failures").asDouble()).isEqualTo(1);
            assertThat(line.path("function").asText()).isEqualTo("act");
            assertThat(line.path("message_id").asText()).isEqualTo("m-1");
            assertThat(line.path("_aws")
                            .path("CloudWatchMetrics")
                            .path(0)
                            .path("Dimensions")
                            .toString())
                    .isEqualTo("[[\"guard\",\"function\"]]");
        });
    }

    private JsonNode onlyLine() throws IOException {
        assertThat(lines()).hasSize(1);
        return lines().getFirst();
    }

    private List<JsonNode> lines() throws IOException {
        try (var values = JSON.readerFor(JsonNode.class).<JsonNode>readValues(out.toByteArray())) {
            return values.readAll();
        }
    }
}
