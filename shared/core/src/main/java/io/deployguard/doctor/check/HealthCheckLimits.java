package io.deployguard.doctor.check;

import io.deployguard.doctor.Check;
import io.deployguard.doctor.Draft;
import io.deployguard.doctor.Result;
import io.deployguard.ecs.TaskDefinition.HealthCheck;
import java.util.Optional;
import java.util.stream.Stream;

/** The ranges that the API page of HealthCheck gives. */
final class HealthCheckLimits implements Check.OfDefinition {

    @Override
    public String id() {
        return "health-check-limits";
    }

    @Override
    public String about() {
        return "Times and counts of a health check that ECS refuses, or a timeout longer than the interval.";
    }

    @Override
    public String source() {
        return "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html";
    }

    @Override
    public Stream<Result> examine(Draft draft) {
        return draft.each(container -> container.definition().healthCheck().stream()
                .flatMap(check -> Stream.of(
                                range(container, "interval", check.interval().toSeconds(), 5, 300),
                                range(container, "timeout", check.timeout().toSeconds(), 2, 60),
                                range(container, "retries", check.retries(), 1, 10),
                                range(
                                        container,
                                        "startPeriod",
                                        check.startPeriod().toSeconds(),
                                        0,
                                        300),
                                slow(container, check))
                        .flatMap(Optional::stream)));
    }

    private static Optional<Result> range(Draft.Container container, String name, long value, int least, int most) {
        return value >= least && value <= most
                ? Optional.empty()
                : Optional.of(new Result.Problem(
                        container.field("healthCheck." + name),
                        "%s of container %s is %d, and ECS takes %d to %d"
                                .formatted(name, container.name(), value, least, most),
                        "Take a value between %d and %d.".formatted(least, most)));
    }

    private static Optional<Result> slow(Draft.Container container, HealthCheck check) {
        return check.timeout().compareTo(check.interval()) <= 0
                ? Optional.empty()
                : Optional.of(new Result.Warning(
                        container.field("healthCheck.timeout"),
                        "a check of container %s may take %d s, and one begins every %d s"
                                .formatted(
                                        container.name(),
                                        check.timeout().toSeconds(),
                                        check.interval().toSeconds()),
                        "Let the timeout be shorter than the interval."));
    }
}
