package io.deployguard.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deployguard.doctor.Surroundings.Image;
import io.deployguard.doctor.check.Checks;
import io.deployguard.ecs.ListenerRule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.StreamSupport;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** A case of a check: the sound service of {@code doctor/sound.yaml} with single fields changed; {@code null} takes one away. */
record CheckCase(String check, JsonNode change) {

    static final Path FOLDER = Path.of("src/test/resources/doctor");
    private static final JsonMapper JSON = JsonMapper.builder().build();

    static JsonNode read(Path file) {
        try {
            return JSON.valueToTree(new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file)));
        } catch (IOException missing) {
            throw new UncheckedIOException("each check needs cases that fire and cases that do not: " + file, missing);
        }
    }

    static List<CheckCase> of(String check, String kind) {
        return StreamSupport.stream(
                        read(FOLDER.resolve(check + ".yaml")).path(kind).spliterator(), false)
                .map(change -> new CheckCase(check, change))
                .toList();
    }

    Doctor.Findings examine() {
        var base = (ObjectNode) read(FOLDER.resolve("sound.yaml"));
        var running = Optional.ofNullable(change.get("running")).map(other -> {
            var now = (ObjectNode) base.get("definition").deepCopy();
            merge(now, (ObjectNode) other);
            return DraftReader.read(now);
        });
        var definition = (ObjectNode) base.get("definition");
        var containers = (ArrayNode) definition.get("containerDefinitions");
        change(definition, "definition");
        if (change.has("sidecar")) {
            var sidecar = JSON.createObjectNode().put("name", "sidecar").put("image", "sidecar:1");
            sidecar.set("logConfiguration", JSON.createObjectNode().put("logDriver", "awsfirelens"));
            change(sidecar, "sidecar");
            containers.add(sidecar);
        }
        change((ObjectNode) containers.get(0), "container");
        List.of("service", "cluster", "targetGroup").forEach(name -> change((ObjectNode) base.get(name), name));
        for (var whole : List.of("rules", "images", "logGroups", "secrets")) {
            if (change.has(whole)) {
                base.set(whole, change.get(whole));
            }
        }
        return new Doctor(Checks.all())
                .examine(
                        DraftReader.read(definition),
                        new Surroundings(
                                SurroundingsReader.service(base.get("service")),
                                running.<Look<Draft>>map(Look.Seen::new).or(() -> unseen("running")),
                                this.<Surroundings.Cluster>unseen("cluster")
                                        .orElseGet(
                                                () -> new Look.Seen<>(SurroundingsReader.cluster(base.get("cluster")))),
                                this.<List<Surroundings.TargetGroup>>unseen("targetGroups")
                                        .orElseGet(() -> new Look.Seen<>(
                                                List.of(SurroundingsReader.targetGroup(base.get("targetGroup"))))),
                                this.<List<ListenerRule>>unseen("rules")
                                        .orElseGet(() -> new Look.Seen<>(rules(base.get("rules")))),
                                looks(base.get("images"), Function.identity(), CheckCase::image),
                                looks(
                                        base.get("logGroups"),
                                        name -> new Surroundings.LogGroup(name, "eu-central-1"),
                                        JsonNode::asBoolean),
                                looks(base.get("secrets"), Function.identity(), JsonNode::asBoolean)));
    }

    private <T> Optional<Look<T>> unseen(String what) {
        return Optional.ofNullable(change.path("unseen").get(what)).map(why -> new Look.Unseen<>(why.asText()));
    }

    private static Image image(JsonNode told) {
        var architectures = new ArrayList<String>();
        told.forEach(name -> architectures.add(name.asText()));
        return told.isArray() ? new Image.Present(architectures) : new Image.Absent();
    }

    /** A text says why it was not seen. */
    private static <K, T> Map<K, Look<T>> looks(JsonNode told, Function<String, K> key, Function<JsonNode, T> seen) {
        var looks = new LinkedHashMap<K, Look<T>>();
        told.properties()
                .forEach(each -> looks.put(
                        key.apply(each.getKey()),
                        each.getValue().asText().contains(" ")
                                ? new Look.Unseen<>(each.getValue().asText())
                                : new Look.Seen<>(seen.apply(each.getValue()))));
        return looks;
    }

    private static List<ListenerRule> rules(JsonNode told) {
        return StreamSupport.stream(told.spliterator(), false)
                .map(rule -> new ListenerRule(
                        "arn:listener",
                        rule.path("port").asInt(),
                        rule.has("host") ? Optional.of("arn:rule/1") : Optional.empty(),
                        rule.has("host")
                                ? List.of(new ListenerRule.Condition(
                                        "host-header", List.of(rule.path("host").asText())))
                                : List.of(),
                        List.of(rule.path("action").asText()),
                        rule.has("to") ? List.of(rule.path("to").asText()) : List.of(),
                        "[]"))
                .toList();
    }

    private void change(ObjectNode target, String name) {
        if (change.path(name) instanceof ObjectNode given) {
            merge(target, given);
        }
    }

    private static void merge(ObjectNode target, ObjectNode change) {
        change.properties().forEach(field -> {
            if (field.getValue().isNull()) {
                target.remove(field.getKey());
            } else if (field.getValue() instanceof ObjectNode inner
                    && target.get(field.getKey()) instanceof ObjectNode old) {
                merge(old, inner);
            } else {
                target.set(field.getKey(), field.getValue());
            }
        });
    }

    @Override
    public String toString() {
        return check + ": " + change.path("name").asText();
    }
}
