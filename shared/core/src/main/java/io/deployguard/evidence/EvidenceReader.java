package io.deployguard.evidence;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.deployguard.ecs.Container;
import io.deployguard.ecs.Endpoint;
import io.deployguard.ecs.EndpointAnswer;
import io.deployguard.ecs.Stop;
import io.deployguard.ecs.TaskDefinition;
import io.deployguard.ecs.TaskDefinitionReader;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads a case from JSON: {@code {"id":…,"stack":…,"evidence":{…}}}, or the evidence object alone. Any field may be absent or null, unknown
 * ones are ignored; a known field in a wrong shape is refused by name. All text is cleaned and redacted on the way.
 */
public final class EvidenceReader {

    private static final JsonMapper JSON = JsonMapper.builder(com.fasterxml.jackson.core.JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxStringLength(Integer.MAX_VALUE)
                            .build())
                    .build())
            .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
            .build();

    private EvidenceReader() {}

    /**
     * The case in one JSON text.
     *
     * @throws IllegalArgumentException naming the field and what was expected there
     */
    public static EvidenceCase read(String json) {
        try {
            return read(JSON.readTree(json));
        } catch (JsonProcessingException malformed) {
            var at = malformed.getLocation();
            throw new IllegalArgumentException(
                    "case: expected one JSON object, got text that is none at line " + at.getLineNr() + ", column "
                            + at.getColumnNr(),
                    malformed);
        }
    }

    /** The case in a JSON tree. */
    public static EvidenceCase read(JsonNode json) {
        requireObject(json, "case");
        JsonNode evidence = present(json.path("evidence")) ? json.get("evidence") : json;
        requireObject(evidence, "evidence");
        return new EvidenceCase(text(json, "id", "case"), text(json, "stack", "case"), new Bundle(evidence).read());
    }

    /** Reads one evidence object; the redactor knows the environment of the definitions that come with it. */
    private static final class Bundle {
        private final JsonNode json;
        private final List<Evidence> all = new ArrayList<>();
        private final Optional<TaskDefinition> failing;
        private final Optional<TaskDefinition> lastHealthy;
        private final Redactor redactor;

        Bundle(JsonNode json) {
            this.json = json;
            this.failing = definition("taskDefinition");
            this.lastHealthy = definition("previousTaskDefinition");
            Redactor standard = Redactor.standard();
            Redactor withNew = failing.map(standard::withEnvironmentOf).orElse(standard);
            this.redactor = lastHealthy.map(withNew::withEnvironmentOf).orElse(withNew);
        }

        EvidenceBundle read() {
            readStop();
            readContainers();
            readLogs();
            for (var line : elements(json, "usualLogs", "evidence")) {
                all.add(new Evidence.UsualLine("", safe(requireText(line.node(), line.field()))));
            }
            readTargets();
            readServiceEvents();
            failing.ifPresent(definition -> all.add(new Evidence.Definitions(definition, lastHealthy)));
            readRuns();
            readImages();
            readServing();
            readEndpoint();
            var others = new ArrayList<String>();
            for (var service : elements(json, "failingToo", "evidence")) {
                others.add(safe(requireText(service.node(), service.field())));
            }
            if (!others.isEmpty()) {
                all.add(new Evidence.FailingToo(others));
            }
            all.addAll(ListenerReader.read(json.path("listeners"), "evidence.listeners"));
            return new EvidenceBundle(all);
        }

        private Optional<TaskDefinition> definition(String name) {
            JsonNode node = json.path(name);
            return present(node) ? Optional.of(TaskDefinitionReader.read(node, "evidence." + name)) : Optional.empty();
        }

        /** The service's tags name the endpoint, as they do in the account. */
        private void readEndpoint() {
            JsonNode node = json.path("endpoint");
            if (!present(node)) {
                return;
            }
            requireObject(node, "evidence.endpoint");
            var tags = new HashMap<String, String>();
            node.path("tags")
                    .properties()
                    .forEach(tag -> tags.put(tag.getKey(), tag.getValue().asText()));
            var status = integer(node, "status", "evidence.endpoint");
            EndpointAnswer answer = status.<EndpointAnswer>map(given -> new EndpointAnswer.Given(
                            given,
                            text(node, "server", "evidence.endpoint").map(this::safe),
                            text(node, "body", "evidence.endpoint")
                                    .map(this::safe)
                                    .orElse("")))
                    .orElseGet(() -> new EndpointAnswer.None(text(node, "fault", "evidence.endpoint")
                            .map(this::safe)
                            .orElse("no answer")));
            Endpoint.of(tags).ifPresent(endpoint -> all.add(new Evidence.EndpointAnswered(endpoint, answer)));
        }

        private void readStop() {
            Optional<String> code = text(json, "stopCode", "evidence");
            Optional<String> reason = text(json, "stoppedReason", "evidence").map(this::safe);
            if (code.isPresent() || reason.isPresent()) {
                var stop = new Stop(
                        Stop.Code.parse(code.orElse("")), reason.orElse(""), instant(json, "stoppedAt", "evidence"));
                all.add(new Evidence.TaskStop("", stop, instant(json, "startedAt", "evidence")));
            }
        }

        private void readContainers() {
            for (var container : elements(json, "containers", "evidence")) {
                requireObject(container.node(), container.field());
                all.add(new Evidence.ContainerExit(
                        "",
                        text(container.node(), "name", container.field()).orElse(""),
                        integer(container.node(), "exitCode", container.field()),
                        text(container.node(), "reason", container.field()).map(this::safe),
                        Container.Health.parse(text(container.node(), "healthStatus", container.field())
                                .orElse(""))));
            }
        }

        private void readLogs() {
            var containers = new ArrayList<String>();
            var moments = new ArrayList<Optional<Instant>>();
            var lines = new ArrayList<String>();
            for (var entry : elements(json, "logs", "evidence")) {
                JsonNode node = entry.node();
                boolean structured = node.isObject();
                String whole = structured
                        ? text(node, "text", entry.field())
                                .or(() -> text(node, "message", entry.field()))
                                .orElse("")
                        : requireText(node, entry.field());
                String container =
                        structured ? text(node, "container", entry.field()).orElse("") : "";
                Optional<Instant> at = structured ? instant(node, "at", entry.field()) : Optional.empty();
                for (String line : whole.indexOf('\n') < 0 ? List.of(whole) : List.of(whole.split("\r?\n", -1))) {
                    lines.add(LineCleaner.clean(line));
                    containers.add(container);
                    moments.add(at);
                }
            }
            List<String> safe = redactor.redactAll(lines);
            for (int index = 0; index < safe.size(); index++) {
                all.add(new Evidence.LogLine("", containers.get(index), moments.get(index), safe.get(index)));
            }
        }

        private void readTargets() {
            for (var target : elements(json, "targetHealth", "evidence")) {
                requireObject(target.node(), target.field());
                all.add(new Evidence.TargetReason(
                        text(target.node(), "state", target.field()).orElse(""),
                        text(target.node(), "reason", target.field()),
                        text(target.node(), "description", target.field()).map(this::safe)));
            }
        }

        private void readServiceEvents() {
            for (var event : elements(json, "serviceEvents", "evidence")) {
                JsonNode node = event.node();
                String message = node.isObject()
                        ? text(node, "message", event.field()).orElse("")
                        : requireText(node, event.field());
                all.add(new Evidence.ServiceMessage(
                        node.isObject() ? instant(node, "createdAt", event.field()) : Optional.empty(), safe(message)));
            }
        }

        private void readRuns() {
            for (var run : elements(json, "taskRuns", "evidence")) {
                requireObject(run.node(), run.field());
                var command = elements(run.node(), "command", run.field()).stream()
                        .map(word -> safe(requireText(word.node(), word.field())))
                        .toList();
                all.add(new Evidence.TaskRun(
                        text(run.node(), "task", run.field()).orElse(""),
                        command,
                        integer(run.node(), "exitCode", run.field()),
                        instant(run.node(), "at", run.field())));
            }
        }

        private void readImages() {
            for (var image : elements(json, "images", "evidence")) {
                requireObject(image.node(), image.field());
                all.add(new Evidence.ImageDigest(
                        text(image.node(), "container", image.field()).orElse(""),
                        text(image.node(), "image", image.field()).orElse(""),
                        text(image.node(), "now", image.field()),
                        text(image.node(), "before", image.field())));
            }
        }

        private void readServing() {
            JsonNode serving = json.path("serving");
            if (present(serving)) {
                String field = "evidence.serving";
                requireObject(serving, field);
                all.add(new Evidence.Serving(
                        integer(serving, "healthyOld", field).orElse(0),
                        integer(serving, "healthyNew", field).orElse(0),
                        integer(serving, "desired", field).orElse(0)));
            }
        }

        private String safe(String text) {
            return redactor.redact(LineCleaner.clean(text));
        }
    }

    /** An element of a list, with its place in words. */
    record Element(JsonNode node, String field) {}

    static List<Element> elements(JsonNode json, String name, String parent) {
        JsonNode list = json.path(name);
        if (!present(list)) {
            return List.of();
        }
        String field = parent + "." + name;
        if (!list.isArray()) {
            throw new IllegalArgumentException(field + ": expected a list, got " + kind(list));
        }
        var elements = new ArrayList<Element>(list.size());
        for (int index = 0; index < list.size(); index++) {
            if (present(list.get(index))) {
                elements.add(new Element(list.get(index), field + "[" + index + "]"));
            }
        }
        return elements;
    }

    static Optional<String> text(JsonNode json, String name, String parent) {
        JsonNode value = json.path(name);
        return present(value) ? Optional.of(requireText(value, parent + "." + name)) : Optional.empty();
    }

    private static String requireText(JsonNode value, String field) {
        if (!value.isValueNode()) {
            throw new IllegalArgumentException(field + ": expected text, got " + kind(value));
        }
        return value.asText();
    }

    private static Optional<Integer> integer(JsonNode json, String name, String parent) {
        JsonNode value = json.path(name);
        if (!present(value)) {
            return Optional.empty();
        }
        if (!value.isInt()) {
            throw new IllegalArgumentException(parent + "." + name + ": expected a whole number, got " + kind(value));
        }
        return Optional.of(value.asInt());
    }

    private static Optional<Instant> instant(JsonNode json, String name, String parent) {
        return text(json, name, parent).map(text -> {
            try {
                return Instant.parse(text);
            } catch (DateTimeException malformed) {
                throw new IllegalArgumentException(
                        parent + "." + name + ": expected a time such as 2026-11-21T09:14:05Z, got " + text, malformed);
            }
        });
    }

    static void requireObject(JsonNode json, String field) {
        if (!json.isObject()) {
            throw new IllegalArgumentException(field + ": expected an object, got " + kind(json));
        }
    }

    static boolean present(JsonNode node) {
        return !node.isMissingNode() && !node.isNull();
    }

    private static String kind(JsonNode node) {
        return node.isMissingNode() ? "nothing" : node.getNodeType().name().toLowerCase(Locale.ROOT);
    }
}
