package io.deployguard.functions.notify;

import io.deployguard.notification.Delivery;
import io.deployguard.pipeline.Courier;
import io.deployguard.runtime.MessageHandler;
import io.deployguard.runtime.StructuredLog;
import java.time.Instant;
import java.util.Map;

/** One wake-up: delivers all that is due and logs each delivery. */
final class NotifyMessages implements MessageHandler {

    private final Courier courier;
    private final StructuredLog log;

    NotifyMessages(Courier courier, StructuredLog log) {
        this.courier = courier;
        this.log = log;
    }

    @Override
    public Map<String, Object> handle(String body, Instant deadline) {
        var runs = courier.deliverDue(deadline);
        for (var run : runs) {
            var fields = Map.of(
                    "incident", run.item().incident().toString(),
                    "channel", run.item().channel(),
                    "revision", run.item().wanted());
            switch (run.delivery()) {
                case Delivery.Delivered _ -> log.info("delivered", fields);
                case Delivery.Retry(var _, var reason) -> log.warn("delivery postponed: " + reason, fields);
                case Delivery.Rejected(var reason) ->
                    log.error("delivery given up", fields, new IllegalStateException(reason));
            }
        }
        return Map.of("outcome", "delivered what was due", "deliveries", runs.size());
    }
}
