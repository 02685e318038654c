package io.deployguard.ecs;

import com.fasterxml.jackson.databind.JsonNode;
import io.deployguard.ecs.TaskDefinition.ContainerDefinition;
import io.deployguard.ecs.TaskDefinition.HealthCheck;
import io.deployguard.ecs.TaskDefinition.LogConfiguration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Reads a task definition as RegisterTaskDefinition takes it or DescribeTaskDefinition returns it. Anything may be absent; what is there in
 * a wrong shape is refused by name.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html">RegisterTaskDefinition</a>
 */
public final class TaskDefinitionReader {

    private static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(30);
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);
    private static final int DEFAULT_RETRIES = 3;

    private TaskDefinitionReader() {}

    /**
     * The definition in {@code json}, also when it stands under {@code taskDefinition} as DescribeTaskDefinition answers.
     *
     * @param field where the definition stood, for the message of a refusal
     * @throws IllegalArgumentException naming the field and what was expected there
     */
    public static TaskDefinition read(JsonNode json, String field) {
        requireObject(json, field);
        JsonNode definition = json.path("taskDefinition").isObject() ? json.get("taskDefinition") : json;
        return new TaskDefinition(
                text(definition, "taskDefinitionArn"),
                text(definition, "family").orElse(""),
                list(definition, "containerDefinitions", field, (node, at) -> container(node, at)),
                number(definition, "cpu"),
                number(definition, "memory"),
                text(definition.path("runtimePlatform"), "cpuArchitecture"),
                text(definition, "networkMode"),
                text(definition, "taskRoleArn"),
                text(definition, "executionRoleArn"),
                new LinkedHashSet<>(list(
                        definition,
                        "volumes",
                        field,
                        (node, at) -> text(node, "name").orElse(""))),
                tags(json.path("tags"), definition.path("tags")),
                text(definition, "status").filter("INACTIVE"::equals).isPresent());
    }

    /** DescribeTaskDefinition answers them beside the definition, RegisterTaskDefinition takes them in it. */
    private static Map<String, String> tags(JsonNode... places) {
        var tags = new LinkedHashMap<String, String>();
        for (var place : places) {
            place.forEach(tag -> text(tag, "key")
                    .ifPresent(key -> tags.putIfAbsent(key, text(tag, "value").orElse(""))));
        }
        return tags;
    }

    private static ContainerDefinition container(JsonNode node, String field) {
        requireObject(node, field);
        return new ContainerDefinition(
                text(node, "name").orElse(""),
                text(node, "image").orElse(""),
                !node.path("essential").isBoolean() || node.path("essential").asBoolean(),
                texts(node, "entryPoint", field),
                texts(node, "command", field),
                pairs(node, "environment", "value", field),
                pairs(node, "secrets", "valueFrom", field),
                list(node, "portMappings", field, (port, at) -> number(port, "containerPort")).stream()
                        .flatMap(Optional::stream)
                        .toList(),
                healthCheck(node.path("healthCheck"), field),
                text(node.path("logConfiguration"), "logDriver")
                        .map(driver -> new LogConfiguration(driver, options(node.path("logConfiguration")))),
                number(node, "cpu"),
                number(node, "memory"),
                node.path("restartPolicy").path("enabled").asBoolean(false));
    }

    private static Optional<HealthCheck> healthCheck(JsonNode node, String field) {
        if (!node.isObject()) {
            return Optional.empty();
        }
        return Optional.of(new HealthCheck(
                texts(node, "command", field + ".healthCheck"),
                seconds(node, "interval").orElse(DEFAULT_INTERVAL),
                seconds(node, "timeout").orElse(DEFAULT_TIMEOUT),
                number(node, "retries").orElse(DEFAULT_RETRIES),
                seconds(node, "startPeriod").orElse(Duration.ZERO)));
    }

    private static Map<String, String> options(JsonNode logConfiguration) {
        var options = new LinkedHashMap<String, String>();
        logConfiguration
                .path("options")
                .properties()
                .forEach(
                        option -> options.put(option.getKey(), option.getValue().asText()));
        return options;
    }

    private static Map<String, String> pairs(JsonNode node, String name, String valueName, String field) {
        var pairs = new LinkedHashMap<String, String>();
        for (Map.Entry<String, String> pair : list(
                node,
                name,
                field,
                (each, at) -> Map.entry(
                        text(each, "name").orElse(""), text(each, valueName).orElse("")))) {
            pairs.put(pair.getKey(), pair.getValue());
        }
        return pairs;
    }

    /** Absent for anything that is not a text or a number: a diagnosis goes on with less. */
    private static Optional<String> text(JsonNode node, String name) {
        JsonNode value = node.path(name);
        return value.isTextual() || value.isNumber() ? Optional.of(value.asText()) : Optional.empty();
    }

    /** ECS gives numbers as text in places ({@code "cpu": "256"}) and registers units such as {@code "1 vCPU"} and {@code "2 GB"}. */
    private static Optional<Integer> number(JsonNode node, String name) {
        return text(node, name).flatMap(TaskDefinitionReader::parseNumber);
    }

    private static Optional<Integer> parseNumber(String text) {
        String lower = text.strip().toLowerCase(Locale.ROOT);
        boolean large = lower.endsWith("gb") || lower.endsWith("vcpu");
        String digits = lower.replace("vcpu", "").replace("gb", "").strip();
        try {
            double value = Double.parseDouble(digits);
            return Optional.of((int) (large ? value * 1024 : value));
        } catch (NumberFormatException notANumber) {
            return Optional.empty();
        }
    }

    private static Optional<Duration> seconds(JsonNode node, String name) {
        return number(node, name).map(Duration::ofSeconds);
    }

    private static List<String> texts(JsonNode node, String name, String field) {
        return list(node, name, field, (each, at) -> each.asText(""));
    }

    private interface Element<T> {
        T read(JsonNode node, String field);
    }

    private static <T> List<T> list(JsonNode node, String name, String field, Element<T> element) {
        JsonNode values = node.path(name);
        if (values.isMissingNode() || values.isNull()) {
            return List.of();
        }
        String at = field + "." + name;
        if (!values.isArray()) {
            throw new IllegalArgumentException(at + ": expected a list, got " + kind(values));
        }
        var list = new ArrayList<T>();
        for (int index = 0; index < values.size(); index++) {
            list.add(element.read(values.get(index), at + "[" + index + "]"));
        }
        return list;
    }

    private static void requireObject(JsonNode node, String field) {
        if (!node.isObject()) {
            throw new IllegalArgumentException(field + ": expected an object, got " + kind(node));
        }
    }

    private static String kind(JsonNode node) {
        return node.getNodeType().name().toLowerCase(Locale.ROOT);
    }
}
