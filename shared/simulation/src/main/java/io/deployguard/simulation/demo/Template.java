package io.deployguard.simulation.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** The shipped {@code template.yaml}, as far as a local run needs it: CloudFormation's short functions are read as their argument. */
public final class Template {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final JsonNode root;

    private Template(JsonNode root) {
        this.root = root;
    }

    /** Reads the file. */
    public static Template read(Path file) {
        try {
            return new Template(new Compose(LoadSettings.builder().build())
                    .composeString(Files.readString(file))
                    .map(Template::json)
                    .orElseThrow(() -> new IllegalArgumentException(file + ": is empty")));
        } catch (IOException unreadable) {
            throw new UncheckedIOException("read " + file, unreadable);
        }
    }

    /** Patterns of the EventBridge rules by the rules' names, as JSON. */
    public Map<String, String> eventPatterns() {
        var patterns = new LinkedHashMap<String, String>();
        root.path("Resources").properties().forEach(resource -> {
            if (resource.getValue().path("Type").asText().equals("AWS::Events::Rule")) {
                patterns.put(
                        resource.getKey(),
                        resource.getValue()
                                .path("Properties")
                                .path("EventPattern")
                                .toString());
            }
        });
        return patterns;
    }

    /** The whole template. */
    public JsonNode root() {
        return root;
    }

    private static JsonNode json(Node node) {
        return switch (node) {
            case MappingNode mapping -> {
                var object = JSON.createObjectNode();
                mapping.getValue()
                        .forEach(entry ->
                                object.set(((ScalarNode) entry.getKeyNode()).getValue(), json(entry.getValueNode())));
                yield object;
            }
            case SequenceNode sequence -> {
                var array = JSON.createArrayNode();
                sequence.getValue().forEach(element -> array.add(json(element)));
                yield array;
            }
            case ScalarNode scalar ->
                scalar.getTag().equals(Tag.BOOL)
                        ? JsonNodeFactory.instance.booleanNode(Boolean.parseBoolean(scalar.getValue()))
                        : JsonNodeFactory.instance.textNode(scalar.getValue());
            default -> throw new IllegalArgumentException("unexpected node " + node.getNodeType());
        };
    }
}
