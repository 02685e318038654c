package io.deployguard.runtime;

import io.deployguard.pipeline.Meter;
import io.deployguard.pipeline.Metric;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Figures as lines of the log in CloudWatch's embedded metric format: CloudWatch makes metrics of them, which costs no call, and a query finds what
 * each figure is about. Thread-safe.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html">The format</a>
 */
public final class EmfMeter implements Meter {

    /** In which the template's alarms and dashboard look. */
    public static final String NAMESPACE = "DeployGuard";

    private static final String GUARD = "guard";
    private static final List<String> ALL_TOGETHER = List.of(GUARD);
    private static final List<String> PER_FUNCTION = List.of(GUARD, "function");

    private final StructuredLog log;
    private final String guard;
    private final InstantSource clock;

    EmfMeter(StructuredLog log, String guard, InstantSource clock) {
        this.log = log;
        this.guard = guard;
        this.clock = clock;
    }

    /** A meter under the name that the settings give this guard, or none when they give no name. */
    public static Meter of(RuntimeSettings settings, StructuredLog log) {
        return settings.metrics()
                .<Meter>map(guard -> new EmfMeter(log, guard, settings.clock()))
                .orElse(Meter.NONE);
    }

    @Override
    public void record(Map<Metric, Double> values, Map<String, ?> about) {
        var line = new LinkedHashMap<String, Object>(about);
        line.put(GUARD, guard);
        values.forEach((metric, value) -> line.put(metric.label(), value));
        var directives = new ArrayList<Map<String, Object>>();
        for (var perFunction : List.of(false, true)) {
            var definitions = values.keySet().stream()
                    .filter(metric -> metric.isPerFunction() == perFunction)
                    .map(metric ->
                            Map.of("Name", metric.label(), "Unit", metric.unit().label()))
                    .toList();
            if (!definitions.isEmpty()) {
                directives.add(Map.of(
                        "Namespace", NAMESPACE,
                        "Dimensions", List.of(perFunction ? PER_FUNCTION : ALL_TOGETHER),
                        "Metrics", definitions));
            }
        }
        line.put("_aws", Map.of("Timestamp", clock.instant().toEpochMilli(), "CloudWatchMetrics", directives));
        log.info("measured", line);
    }
}
