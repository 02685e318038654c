package io.deployguard.functions.detect;

import io.deployguard.classification.Diagnosis;
import io.deployguard.decision.Decision;
import io.deployguard.event.EventReader;
import io.deployguard.event.EventReading;
import io.deployguard.event.GuardEvent;
import io.deployguard.incident.Incident;
import io.deployguard.pipeline.Guard;
import io.deployguard.pipeline.Handled;
import io.deployguard.runtime.MessageHandler;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** One event: read, handled, and told in the log's fixed fields. */
final class DetectMessages implements MessageHandler {

    private final Guard guard;

    DetectMessages(Guard guard) {
        this.guard = guard;
    }

    @Override
    public Map<String, Object> handle(String body, Instant deadline) {
        return switch (EventReader.read(body)) {
            case EventReading.Understood(var event) -> describe(event, guard.handle(event, deadline));
            case EventReading.NotForUs(var because) -> Map.of("outcome", "ignored", "because", because);
            // Delivered again it fails again, and ends in the dead-letter queue, where a person finds it.
            case EventReading.Malformed malformed -> throw new IllegalArgumentException("event: " + malformed);
        };
    }

    private static Map<String, Object> describe(GuardEvent event, Handled handled) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("event_key", event.key().value());
        fields.put("outcome", handled.outcome());
        if (handled instanceof Handled.Pursued(Incident incident, var _)) {
            fields.put("incident", incident.id().toString());
            fields.put("cluster", incident.service().cluster());
            fields.put("service", incident.service().name());
            fields.put("deployment", incident.deployment().value());
            fields.put("stage", incident.progress().getClass().getSimpleName());
            incident.diagnosis().ifPresent(diagnosis -> fields.putAll(describe(diagnosis)));
            incident.decision().ifPresent(decision -> {
                fields.put("decision", kind(decision));
                fields.put("because", decision.because());
            });
        }
        return fields;
    }

    private static Map<String, Object> describe(Diagnosis diagnosis) {
        return switch (diagnosis) {
            case Diagnosis.Identified found ->
                Map.of(
                        "cause", found.cause().value(),
                        "confidence", found.confidence(),
                        "key", found.key().orElse(""),
                        "rule", found.rule());
            case Diagnosis.Unknown _ -> Map.of("cause", "unknown");
        };
    }

    private static String kind(Decision decision) {
        return switch (decision) {
            case Decision.Act act -> act.remedy().action();
            case Decision.Ask ask -> "ask to " + ask.remedy().action();
            case Decision.Advise _ -> "advise";
            case Decision.Wait _ -> "wait";
            case Decision.StandDown _ -> "stand down";
        };
    }
}
