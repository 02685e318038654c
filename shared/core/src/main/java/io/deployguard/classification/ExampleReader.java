package io.deployguard.classification;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deployguard.classification.Rule.Example;
import io.deployguard.classification.YamlMap.Problems;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Reads an example: short fields for the usual evidence, {@code evidence} for anything of the contract. */
final class ExampleReader {

    private static final JsonMapper JSON = new JsonMapper();
    /** Fields that hold one text in an example, by the name of the contract's field. */
    private static final Map<String, String> TEXTS = Map.of("stop-code", "stopCode", "stopped-reason", "stoppedReason");

    private final Problems problems;

    ExampleReader(Problems problems) {
        this.problems = problems;
    }

    Example read(YamlMap map) {
        ObjectNode evidence = map.find("evidence")
                .map(this::json)
                .filter(ObjectNode.class::isInstance)
                .map(ObjectNode.class::cast)
                .orElseGet(JSON::createObjectNode);
        map.findText("log").ifPresent(log -> log.lines().forEach(evidence.withArray("logs")::add));
        TEXTS.forEach((field, name) -> map.findText(field).ifPresent(text -> evidence.put(name, text)));
        for (String event : map.texts("service-event")) {
            evidence.withArray("serviceEvents").add(event);
        }
        container(map, evidence);
        target(map, evidence);
        if (evidence.isEmpty()) {
            problems.add(
                    map.node(),
                    "example: expected log, stopped-reason, container-reason, exit, target-reason, service-event or evidence");
        }
        var example = new Example(map.text("name"), evidence, map.textByName("expect"));
        map.refuseOthers();
        return example;
    }

    private static void container(YamlMap map, ObjectNode evidence) {
        Optional<String> reason = map.findText("container-reason");
        Optional<Double> exit = map.findNumber("exit", 0, 255);
        Optional<String> health = map.findText("health");
        if (reason.isPresent() || exit.isPresent() || health.isPresent()) {
            ObjectNode container = evidence.withArray("containers").addObject().put("name", "app");
            reason.ifPresent(text -> container.put("reason", text));
            exit.ifPresent(code -> container.put("exitCode", code.intValue()));
            health.ifPresent(text -> container.put("healthStatus", text));
        }
    }

    /** {@code Target.ResponseCodeMismatch: Health checks failed with these codes: [404]}. */
    private static void target(YamlMap map, ObjectNode evidence) {
        for (String text : map.texts("target-reason")) {
            int colon = text.indexOf(": ");
            ObjectNode target = evidence.withArray("targetHealth").addObject().put("state", "unhealthy");
            target.put("reason", colon < 0 ? text : text.substring(0, colon));
            if (colon >= 0) {
                target.put("description", text.substring(colon + 2));
            }
        }
    }

    private JsonNode json(Node node) {
        return switch (node) {
            case MappingNode mapping -> {
                ObjectNode object = JSON.createObjectNode();
                mapping.getValue().forEach(tuple -> object.set(key(tuple.getKeyNode()), json(tuple.getValueNode())));
                yield object;
            }
            case SequenceNode sequence -> {
                var array = JSON.createArrayNode();
                sequence.getValue().forEach(each -> array.add(json(each)));
                yield array;
            }
            case ScalarNode scalar -> scalar(scalar);
            default -> JSON.nullNode();
        };
    }

    private static String key(Node node) {
        return node instanceof ScalarNode scalar ? scalar.getValue() : "?";
    }

    private static JsonNode scalar(ScalarNode scalar) {
        if (scalar.getTag().equals(Tag.NULL)) {
            return JSON.nullNode();
        }
        if (List.of(Tag.INT, Tag.FLOAT, Tag.BOOL).contains(scalar.getTag())) {
            try {
                return JSON.readTree(scalar.getValue());
            } catch (com.fasterxml.jackson.core.JsonProcessingException notJson) {
                return JSON.getNodeFactory().textNode(scalar.getValue());
            }
        }
        return JSON.getNodeFactory().textNode(scalar.getValue());
    }
}
