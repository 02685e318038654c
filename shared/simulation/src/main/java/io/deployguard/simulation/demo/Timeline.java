package io.deployguard.simulation.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.deployguard.evidence.Cleaning;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/** Turns what the parts of a demo say into one story: who did what, when. Thread-safe. */
public final class Timeline {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final InstantSource clock;
    private final Consumer<Entry> listener;
    private final Set<String> told = new HashSet<>();

    /** One step. */
    public record Entry(Instant at, String actor, String what, String detail) {}

    public Timeline(InstantSource clock, Consumer<Entry> listener) {
        this.clock = clock;
        this.listener = listener;
    }

    public void add(String actor, String what, String detail) {
        synchronized (told) {
            // What ECS itself says, and whatever a process writes, has not passed the guard.
            listener.accept(new Entry(clock.instant(), actor, Cleaning.of(what), Cleaning.of(detail)));
        }
    }

    /** An event of the account; only those that move the story. */
    public void event(JsonNode event) {
        var detail = event.path("detail");
        switch (event.path("detail-type").asText()) {
            case "ECS Task State Change" -> {
                if (detail.path("desiredStatus").asText().equals("STOPPED") && once("stop " + detail.path("taskArn"))) {
                    add("ECS", "task " + shortId(detail.path("taskArn").asText()) + " stops", stopped(detail));
                } else if (detail.path("lastStatus").asText().equals("RUNNING")
                        && once("run " + detail.path("taskArn"))) {
                    add(
                            "ECS",
                            "task " + shortId(detail.path("taskArn").asText()) + " runs",
                            tail(detail.path("taskDefinitionArn")));
                }
            }
            case "ECS Deployment State Change" ->
                add(
                        "ECS",
                        detail.path("eventName")
                                .asText()
                                .replace("SERVICE_", "")
                                .replace('_', ' ')
                                .toLowerCase(java.util.Locale.ROOT),
                        detail.path("reason").asText());
            default -> {}
        }
    }

    private static String stopped(JsonNode detail) {
        var text = new StringBuilder(detail.path("stoppedReason").asText());
        detail.path("containers").forEach(container -> {
            if (container.has("exitCode")) {
                text.append(", ")
                        .append(container.path("name").asText())
                        .append(" exit ")
                        .append(container.path("exitCode").asInt());
            }
        });
        return text.toString();
    }

    /** A line of a function's log; only what came of a message is told. */
    public void log(String function, String line) {
        try {
            var entry = JSON.readTree(line);
            var event = entry.path("event").asText();
            if (entry.path("level").asText().equals("ERROR")) {
                add(function, event, entry.path("message").asText());
            } else if (event.equals("handled") && entry.has("cause")) {
                addOnce(
                        function,
                        "cause %s %s"
                                .formatted(
                                        entry.path("cause").asText(),
                                        entry.path("key").asText())
                                .strip(),
                        "%s: %s"
                                .formatted(
                                        entry.path("decision").asText(),
                                        entry.path("because").asText()));
            } else if (event.equals("handled") && entry.has("action")) {
                if (entry.path("action").asText().equals("NothingToDo")) {
                    return;
                }
                add(
                        function,
                        entry.path("action").asText().toLowerCase(java.util.Locale.ROOT),
                        entry.path("outcome").asText());
            } else if (event.equals("handled")) {
                entry.path("done").forEach(done -> add(function, "noticed", done.asText()));
                entry.path("faults").forEach(fault -> add(function, "could not", fault.asText()));
            }
        } catch (JsonProcessingException plainText) {
            if (!line.isBlank() && !line.startsWith("WARNING")) {
                add(function, "says", line);
            }
        }
    }

    private void addOnce(String actor, String what, String detail) {
        if (once(actor + what + detail)) {
            add(actor, what, detail);
        }
    }

    private boolean once(String key) {
        synchronized (told) {
            return told.add(key);
        }
    }

    private static String shortId(String arn) {
        var id = arn.substring(arn.lastIndexOf('/') + 1);
        return id.substring(0, Math.min(8, id.length()));
    }

    private static String tail(JsonNode arn) {
        return arn.asText().substring(arn.asText().lastIndexOf('/') + 1);
    }
}
