package io.deployguard.emulators;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.deployguard.pipeline.Metric;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The guard watches itself: what the alarms and the dashboard look at is written by somebody, and each alarm says what to do. */
class OperationsTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Template TEMPLATE = Template.withDefaults();
    private static final Pattern FENCE = Pattern.compile("```sql\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern LITERAL = Pattern.compile("\"[^\"]*\"|/[^/]*/|\\bas \\w+");
    private static final Pattern WORD = Pattern.compile("(?<![@\\w])[A-Za-z_][\\w.]*+(?!\\()");
    private static final Set<String> LANGUAGE = Set.of(
            "fields",
            "filter",
            "sort",
            "stats",
            "limit",
            "by",
            "desc",
            "and",
            "or",
            "like",
            "incidents",
            "half",
            "most",
            "longest",
            "1d");

    @Test
    void everyAlarmHasItsRunbook() {
        var names = alarms().map(alarm -> alarm.path("AlarmName").asText().replace("deploy-guard-", ""))
                .toList();
        var runbooks = page().lines()
                .filter(line -> line.startsWith("### "))
                .map(line -> line.substring(4))
                .toList();

        assertThat(runbooks).containsExactlyInAnyOrderElementsOf(names);
        assertThat(alarms())
                .allSatisfy(alarm -> assertThat(alarm.path("AlarmDescription").asText())
                        .endsWith("See docs/operations.md, "
                                + alarm.path("AlarmName").asText().replace("deploy-guard-", "") + "."));
    }

    /** The alarm that must go off when nothing is written any more; the others must not. */
    @Test
    void onlyTheMissingHeartbeatAlarmsWhenThereAreNoFigures() {
        assertThat(TEMPLATE.resources("AWS::CloudWatch::Alarm"))
                .allSatisfy((name, alarm) -> assertThat(
                                alarm.path("TreatMissingData").asText())
                        .isEqualTo(name.equals("HeartbeatMissing") ? "breaching" : "notBreaching"));
    }

    @Test
    void alarmsTellTheTopicWhenThereIsOne() {
        var topic = "arn:aws:sns:eu-central-1:123456789012:on-call";

        assertThat(alarms()).noneMatch(alarm -> alarm.has("AlarmActions"));
        assertThat(TEMPLATE.with("AlarmTopic", topic)
                        .resources("AWS::CloudWatch::Alarm")
                        .values())
                .isNotEmpty()
                .allSatisfy(alarm -> {
                    assertThat(alarm.path("AlarmActions").path(0).asText()).isEqualTo(topic);
                    assertThat(alarm.path("OKActions").path(0).asText()).isEqualTo(topic);
                });
    }

    @Test
    void whatIsLookedAtIsWrittenAndTheOtherWayRound() {
        var lookedAt = figures().map(Figure::metric).collect(Collectors.toCollection(TreeSet::new));
        var known = Arrays.stream(Metric.values()).map(Metric::label).collect(Collectors.toCollection(TreeSet::new));

        assertThat(lookedAt).isEqualTo(known);
        assertThat(figures())
                .allSatisfy(figure -> assertThat(figure.dimensions())
                        .isEqualTo(isPerFunction(figure.metric()) ? List.of("guard", "function") : List.of("guard")));
    }

    private static boolean isPerFunction(String label) {
        return Arrays.stream(Metric.values())
                .anyMatch(metric -> metric.label().equals(label) && metric.isPerFunction());
    }

    @Test
    void everyMetricIsWrittenByAFunctionOrTheCore() {
        var sources = sources();
        assertThat(Metric.values())
                .allSatisfy(metric ->
                        assertThat(sources).as(metric.name()).containsPattern("Metric\\." + metric.name() + "\\b"));
    }

    @Test
    void theTableOfFiguresIsWhole() {
        var rows = page().lines()
                .filter(line -> line.matches("\\| `[A-Z].*"))
                .map(line -> line.split("\\|", -1))
                .map(cells -> cells[1].strip().replace("`", "") + " " + cells[2].strip())
                .toList();

        assertThat(rows)
                .containsExactlyElementsOf(Arrays.stream(Metric.values())
                        .map(metric -> metric.label() + " " + metric.unit().label())
                        .toList());
    }

    /** A query for a field that nobody writes finds nothing, and that reads like peace. */
    @Test
    void theQueriesAskForFieldsThatAreWritten() {
        var sources = sources();
        var asked = new HashSet<String>();
        FENCE.matcher(page())
                .results()
                .map(query -> LITERAL.matcher(query.group(1)).replaceAll(" "))
                .flatMap(query -> WORD.matcher(query).results())
                .map(word -> word.group().replaceAll("\\.\\d+$", ""))
                .filter(word -> !LANGUAGE.contains(word))
                .forEach(asked::add);

        assertThat(asked)
                .hasSizeGreaterThan(20)
                .allSatisfy(field -> assertThat(sources).as(field).contains("\"" + field + "\""));
    }

    private record Figure(String metric, List<String> dimensions) {}

    /** Metrics of ours that an alarm or the dashboard names. */
    private static Stream<Figure> figures() {
        var single = alarms().filter(alarm -> alarm.has("MetricName"));
        var inFormulas = alarms().flatMap(alarm -> Template.elements(alarm.path("Metrics")))
                .filter(part -> part.has("MetricStat"))
                .map(part -> part.path("MetricStat").path("Metric"));
        var ofAlarms = Stream.concat(single, inFormulas)
                .filter(metric -> metric.path("Namespace").asText().equals("DeployGuard"))
                .map(metric -> new Figure(
                        metric.path("MetricName").asText(),
                        Template.elements(metric.path("Dimensions"))
                                .map(dimension -> dimension.path("Name").asText())
                                .toList()));
        return Stream.concat(ofAlarms, ofDashboard());
    }

    private static Stream<Figure> ofDashboard() {
        return Template.elements(dashboard().path("widgets"))
                .flatMap(widget -> Template.elements(widget.path("properties").path("metrics")))
                .filter(metric -> metric.path(0).asText().equals("DeployGuard"))
                .map(metric -> {
                    var texts = Template.elements(metric)
                            .filter(JsonNode::isTextual)
                            .map(JsonNode::asText)
                            .toList();
                    // Namespace, metric, then names and values of dimensions in turn.
                    return new Figure(
                            texts.get(1),
                            IntStream.range(2, texts.size())
                                    .filter(index -> index % 2 == 0)
                                    .mapToObj(texts::get)
                                    .toList());
                });
    }

    private static JsonNode dashboard() {
        try {
            return JSON.readTree(
                    TEMPLATE.resource("Dashboard").path("DashboardBody").asText());
        } catch (JsonProcessingException broken) {
            throw new AssertionError("the dashboard is no JSON", broken);
        }
    }

    private static Stream<JsonNode> alarms() {
        return TEMPLATE.resources("AWS::CloudWatch::Alarm").values().stream();
    }

    private static String page() {
        return read(Project.root().resolve("docs/operations.md"));
    }

    /** What can write a line of the functions' logs. */
    private static String sources() {
        return Stream.of("functions", "shared/runtime", "shared/core/src/main/java/io/deployguard/pipeline")
                .flatMap(folder -> javaFilesIn(Project.root().resolve(folder)))
                .map(OperationsTest::read)
                .collect(Collectors.joining("\n"));
    }

    private static Stream<Path> javaFilesIn(Path folder) {
        try (var files = Files.walk(folder)) {
            return files
                    .filter(file -> file.toString().contains("src/main/java")
                            && file.toString().endsWith(".java"))
                    .toList()
                    .stream();
        } catch (IOException unreadable) {
            throw new UncheckedIOException("read " + folder, unreadable);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException("read " + file, unreadable);
        }
    }
}
