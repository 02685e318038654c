package io.deployguard.functions.detect;

import io.deployguard.ecs.Accounts;
import io.deployguard.event.EventReader;
import io.deployguard.event.EventReading;
import io.deployguard.event.GuardEvent;
import io.deployguard.incident.Incident;
import io.deployguard.pipeline.Guard;
import io.deployguard.pipeline.Handled;
import io.deployguard.pipeline.IncidentFields;
import io.deployguard.pipeline.Meter;
import io.deployguard.pipeline.Metric;
import io.deployguard.runtime.MessageHandler;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/** One event: read, handled, and told in the log's fixed fields. */
final class DetectMessages implements MessageHandler {

    private final Guard guard;
    private final Meter meter;
    private final InstantSource clock;
    private final Accounts accounts;

    /** @param accounts whose events are taken in */
    DetectMessages(Guard guard, Meter meter, InstantSource clock, Accounts accounts) {
        this.guard = guard;
        this.meter = meter;
        this.clock = clock;
        this.accounts = accounts;
    }

    @Override
    public Map<String, Object> handle(String body, Instant deadline) {
        return switch (EventReader.read(body, accounts)) {
            case EventReading.Understood(var event) -> {
                var fields = describe(event, guard.handle(event, deadline));
                var took = Duration.between(event.at(), clock.instant());
                meter.record(Map.of(Metric.EVENTS, 1.0, Metric.EVENT_TIME, (double) took.toMillis()), fields);
                yield fields;
            }
            case EventReading.NotForUs(var because) -> Map.of("outcome", "ignored", "because", because);
            case EventReading.Refused(var because) -> {
                Map<String, Object> fields = Map.of("outcome", "refused", "because", because);
                meter.record(Map.of(Metric.EVENTS_REFUSED, 1.0), fields);
                yield fields;
            }
            // Delivered again it fails again, and ends in the dead-letter queue, where a person finds it.
            case EventReading.Malformed malformed -> throw new IllegalArgumentException("event: " + malformed);
        };
    }

    private static Map<String, Object> describe(GuardEvent event, Handled handled) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("event_key", event.key().value());
        fields.put("outcome", handled.outcome());
        if (handled instanceof Handled.Pursued(Incident incident, var _)) {
            fields.putAll(IncidentFields.of(incident));
        }
        return fields;
    }
}
