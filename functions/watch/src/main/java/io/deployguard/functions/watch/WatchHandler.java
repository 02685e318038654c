package io.deployguard.functions.watch;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.deployguard.fault.GuardFault;
import io.deployguard.pipeline.Metric;
import io.deployguard.pipeline.Watch;
import io.deployguard.pipeline.WeeklyTelling;
import io.deployguard.runtime.GuardFunction;
import io.deployguard.runtime.GuardWiring;
import io.deployguard.runtime.MessageHandler;
import io.deployguard.runtime.Stage;
import io.deployguard.runtime.StructuredLog;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;

/** Runs every minute; its input says nothing that it needs. */
public final class WatchHandler implements RequestStreamHandler {

    private final GuardFunction function = GuardFunction.of("watch", WatchHandler::run, "{}");

    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        function.handle(
                input, output, context.getAwsRequestId(), Duration.ofMillis(context.getRemainingTimeInMillis()));
    }

    private static MessageHandler run(Stage stage) {
        var wiring = GuardWiring.on(stage);
        var watch = wiring.watch();
        var housekeeping = wiring.housekeeping();
        var weekly = wiring.weeklyTelling();
        return (_, deadline) -> {
            var report = watch.run(deadline);
            stage.meter().record(measured(report), Map.of());
            return describe(report, housekeeping.sweep(deadline), tell(weekly, stage.log()));
        };
    }

    private static Map<Metric, Double> measured(Watch.Report report) {
        return Map.of(
                Metric.HEARTBEAT, 1.0,
                Metric.WATCH_FAULTS, (double) report.faults().size(),
                Metric.OUTBOX_AGE, (double) report.outboxAge().toSeconds());
    }

    /** What cannot be told now is told next minute. */
    private static String tell(WeeklyTelling weekly, StructuredLog log) {
        try {
            return weekly.tell().orElse("");
        } catch (GuardFault fault) {
            log.warn("week not told", Map.of("reason", String.valueOf(fault.getMessage())));
            return "";
        }
    }

    private static Map<String, Object> describe(Watch.Report report, Map<String, Long> forgotten, String weekly) {
        return Map.of(
                "outcome", report.faults().isEmpty() ? "watched" : "watched with faults",
                "deployments", report.deployments(),
                "incidents", report.incidents(),
                "done", report.done(),
                "faults", report.faults(),
                "forgotten", forgotten,
                "weekly", weekly);
    }
}
