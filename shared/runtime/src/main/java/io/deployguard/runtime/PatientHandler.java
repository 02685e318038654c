package io.deployguard.runtime;

import io.deployguard.event.EventReader;
import io.deployguard.event.EventReading;
import io.deployguard.fault.GuardFault;
import io.deployguard.pipeline.Meter;
import io.deployguard.pipeline.Metric;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Keeps events that cannot be handled only because somebody is away for a while, the database or ECS for instance.
 *
 * <p>Five tries with minutes between them serve for an event that is wrong. In an outage they would end among the dead letters, or come minutes
 * after its end. Such an event goes back into its queue as a new message, which comes again within seconds and has all its tries before it. One that
 * is older than four hours does not any more: then a person has to look.
 */
public final class PatientHandler implements MessageHandler {

    static final Duration PATIENCE = Duration.ofHours(4);

    private final MessageHandler handler;
    private final Consumer<String> putBack;
    private final StructuredLog log;
    private final Meter meter;
    private final InstantSource clock;

    /** @param putBack takes an event that has to wait; throws when it cannot, and then the try counts as one of the five */
    public PatientHandler(
            MessageHandler handler, Consumer<String> putBack, StructuredLog log, Meter meter, InstantSource clock) {
        this.handler = handler;
        this.putBack = putBack;
        this.log = log;
        this.meter = meter;
        this.clock = clock;
    }

    @Override
    public Map<String, Object> handle(String body, Instant deadline) {
        try {
            return handler.handle(body, deadline);
        } catch (GuardFault fault) {
            if (!fault.isTransient() || !isYoung(body)) {
                throw fault;
            }
            putBack.accept(body);
            var because = String.valueOf(fault.getMessage());
            log.warn("event put back", Map.of("reason", because));
            meter.record(Map.of(Metric.FAILURES, 1.0), Map.of());
            return Map.of("outcome", "put back", "because", because);
        }
    }

    private boolean isYoung(String body) {
        return EventReader.read(body) instanceof EventReading.Understood(var event)
                && event.at().isAfter(clock.instant().minus(PATIENCE));
    }
}
