package io.deployguard.functions.notify;

import io.deployguard.notification.Delivery;
import io.deployguard.pipeline.Courier;
import io.deployguard.pipeline.Meter;
import io.deployguard.pipeline.Metric;
import io.deployguard.runtime.MessageHandler;
import io.deployguard.runtime.StructuredLog;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Supplier;

/** One wake-up: delivers all that is due and logs each delivery. */
final class NotifyMessages implements MessageHandler {

    private final Supplier<Courier> courier;
    private final StructuredLog log;
    private final Meter meter;
    private final InstantSource clock;

    NotifyMessages(Supplier<Courier> courier, StructuredLog log, Meter meter, InstantSource clock) {
        this.courier = courier;
        this.log = log;
        this.meter = meter;
        this.clock = clock;
    }

    @Override
    public Map<String, Object> handle(String body, Instant deadline) {
        var runs = courier.get().deliverDue(deadline);
        for (var run : runs) {
            var fields = Map.of(
                    "incident", run.item().incident().toString(),
                    "channel", run.item().channel(),
                    "revision", run.item().wanted());
            switch (run.delivery()) {
                case Delivery.Delivered _ -> {
                    log.info("delivered", fields);
                    var waited = Duration.between(run.item().wantedSince(), clock.instant());
                    meter.record(
                            Map.of(Metric.DELIVERIES, 1.0, Metric.DELIVERY_TIME, (double) waited.toMillis()), fields);
                }
                case Delivery.Retry(var _, var reason) -> log.warn("delivery postponed: " + reason, fields);
                case Delivery.Rejected(var reason) -> {
                    log.error("delivery given up", fields, new IllegalStateException(reason));
                    meter.record(Map.of(Metric.DELIVERIES_GIVEN_UP, 1.0), fields);
                }
            }
        }
        return Map.of("outcome", "delivered what was due", "deliveries", runs.size());
    }
}
