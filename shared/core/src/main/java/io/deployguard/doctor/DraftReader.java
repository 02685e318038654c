package io.deployguard.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import io.deployguard.ecs.TaskDefinition.ContainerDefinition;
import io.deployguard.ecs.TaskDefinitionReader;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads a task definition as RegisterTaskDefinition takes it, or as DescribeTaskDefinition answers under {@code taskDefinition}. Stricter than
 * {@link TaskDefinitionReader}: what AWS would refuse for its shape is refused here, by name.
 */
public final class DraftReader {

    private static final Set<String> TOP = Set.of(
            "taskDefinition",
            "family",
            "containerDefinitions",
            "cpu",
            "memory",
            "networkMode",
            "requiresCompatibilities",
            "runtimePlatform",
            "executionRoleArn",
            "taskRoleArn",
            "volumes",
            "ephemeralStorage");

    private static final Set<String> CONTAINER = Set.of(
            "name",
            "image",
            "essential",
            "cpu",
            "memory",
            "memoryReservation",
            "portMappings",
            "environment",
            "environmentFiles",
            "secrets",
            "healthCheck",
            "logConfiguration",
            "dependsOn",
            "mountPoints",
            "stopTimeout",
            "startTimeout",
            "command",
            "entryPoint",
            "restartPolicy");

    private DraftReader() {}

    /**
     * The definition.
     *
     * @throws IllegalArgumentException naming the field and what is expected there
     */
    public static Draft read(JsonNode json) {
        var top = new Field(json, "").object(TOP);
        var definition = top.has("taskDefinition") ? top.get("taskDefinition").object(TOP) : top;
        if (definition.text("family").filter(name -> !name.isBlank()).isEmpty()) {
            throw definition.get("family").wrong("the name of the task definition's family");
        }
        var containers = definition.list("containerDefinitions");
        if (containers.isEmpty()) {
            throw definition.get("containerDefinitions").wrong("a list with at least one container");
        }
        var fields = new ArrayList<Draft.Container>();
        // Everything is checked before the lenient reader sees it, so that it passes over nothing.
        containers.forEach(DraftReader::check);
        size(definition, "cpu", "CPU units such as 256, or 1 vCPU");
        size(definition, "memory", "MiB such as 512, or 2 GB");
        var platform = definition.findObject("runtimePlatform");
        definition.list("volumes").forEach(volume -> volume.object(Set.of("name")));
        var known = TaskDefinitionReader.read(definition.node(), "taskDefinition");
        for (var index = 0; index < containers.size(); index++) {
            fields.add(container(containers.get(index), known.containers().get(index)));
        }
        var compatibilities = definition.texts("requiresCompatibilities");
        return new Draft(
                known,
                compatibilities,
                compatibilities.contains("FARGATE"),
                platform.flatMap(given -> given.text("operatingSystemFamily")),
                definition.findObject("ephemeralStorage").flatMap(given -> given.number("sizeInGiB")),
                fields);
    }

    /** With a unit or without, as {@link TaskDefinitionReader} understands it. */
    private static void size(Field definition, String name, String expected) {
        definition
                .text(name)
                .filter(text -> !text.strip().matches("(?i)\\d{1,9}|\\d{0,4}(\\.\\d{1,3})?\\s*(vcpu|gb)"))
                .ifPresent(_ -> {
                    throw definition.get(name).wrong(expected);
                });
    }

    private static void check(Field container) {
        container.object(CONTAINER);
        if (container.text("name").filter(name -> !name.isBlank()).isEmpty()) {
            throw container.get("name").wrong("the name of the container");
        }
        if (container.text("image").filter(image -> !image.isBlank()).isEmpty()) {
            throw container.get("image").wrong("an image");
        }
        container.flag("essential", true);
        container.texts("command");
        container.texts("entryPoint");
        List.of("cpu", "memory", "memoryReservation", "stopTimeout").forEach(container::number);
        container.list("environment").forEach(pair -> named(pair, "value"));
        container.list("secrets").forEach(pair -> {
            named(pair, "valueFrom");
            if (pair.text("valueFrom").filter(from -> !from.isBlank()).isEmpty()) {
                throw pair.get("valueFrom").wrong("the ARN of a secret, or the name or ARN of a parameter");
            }
        });
        container.findObject("healthCheck").ifPresent(check -> {
            check.object(Set.of("command", "interval", "timeout", "retries", "startPeriod"));
            check.texts("command");
            List.of("interval", "timeout", "retries", "startPeriod").forEach(check::number);
        });
        container.findObject("logConfiguration").ifPresent(log -> {
            log.object(Set.of("logDriver", "options", "secretOptions")).text("logDriver");
            log.findObject("options")
                    .ifPresent(options -> options.node().fieldNames().forEachRemaining(options::text));
        });
    }

    private static void named(Field pair, String value) {
        pair.object(Set.of("name", value));
        if (pair.text("name").filter(name -> !name.isBlank()).isEmpty()) {
            throw pair.get("name").wrong("the name of a variable");
        }
        pair.text(value);
    }

    private static Draft.Container container(Field container, ContainerDefinition known) {
        return new Draft.Container(
                container.path(),
                known,
                container.list("portMappings").stream().map(DraftReader::port).toList(),
                container.list("dependsOn").stream()
                        .map(dependency -> dependency.object(Set.of("containerName", "condition")))
                        .map(dependency -> new Draft.Dependency(
                                dependency.text("containerName").orElse(""),
                                dependency.text("condition").orElse("")))
                        .toList(),
                container.number("memoryReservation"),
                container.number("stopTimeout"),
                names(container, "environment"),
                names(container, "secrets"),
                container.list("mountPoints").stream()
                        .flatMap(mount ->
                                mount.object(Set.of("sourceVolume", "containerPath")).text("sourceVolume").stream())
                        .toList(),
                settings(container.node()));
    }

    private static List<String> names(Field container, String list) {
        return container.list(list).stream()
                .map(pair -> pair.text("name").orElse(""))
                .toList();
    }

    private static Draft.Port port(Field mapping) {
        mapping.object(Set.of("containerPort", "hostPort", "protocol", "name"));
        return new Draft.Port(
                mapping.number("containerPort"),
                mapping.number("hostPort"),
                mapping.text("protocol").orElse("tcp"),
                mapping.text("name"));
    }

    /** DescribeTaskDefinition answers with empty lists and zeros for what nobody set. */
    private static Set<String> settings(JsonNode container) {
        var names = new LinkedHashSet<String>();
        container.properties().forEach(field -> {
            var value = field.getValue();
            var silent = value.isNull()
                    || (value.isContainerNode() && value.isEmpty())
                    || (value.isBoolean() && !value.booleanValue());
            if (!silent) {
                names.add(field.getKey());
            }
        });
        return names;
    }
}
