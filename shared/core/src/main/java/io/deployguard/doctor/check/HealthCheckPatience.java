package io.deployguard.doctor.check;

import io.deployguard.doctor.Check;
import io.deployguard.doctor.Draft;
import io.deployguard.doctor.Result;
import java.time.Duration;
import java.util.stream.Stream;

/** Until the start period is over failures do not count; without one each counts from the first second. */
final class HealthCheckPatience implements Check.OfDefinition {

    @Override
    public String id() {
        return "health-check-patience";
    }

    @Override
    public String about() {
        return "A health check that calls a container unhealthy within a minute of its start.";
    }

    @Override
    public String source() {
        return "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html";
    }

    private static final Duration SHORT = Duration.ofSeconds(60);

    @Override
    public Stream<Result> examine(Draft draft) {
        return draft.each(container -> container.definition().healthCheck().stream()
                .filter(check -> check.patience().compareTo(SHORT) < 0)
                .map(check -> new Result.Warning(
                        container.field("healthCheck.startPeriod"),
                        "container %s is called unhealthy %d s after its start (startPeriod %d + %d × interval %d)"
                                .formatted(
                                        container.name(),
                                        check.patience().toSeconds(),
                                        check.startPeriod().toSeconds(),
                                        check.retries(),
                                        check.interval().toSeconds()),
                        "Set startPeriod to more than the slowest start, 60 for instance.")));
    }
}
