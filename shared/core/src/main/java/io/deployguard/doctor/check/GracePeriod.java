package io.deployguard.doctor.check;

import io.deployguard.doctor.Check;
import io.deployguard.doctor.Draft;
import io.deployguard.doctor.Result;
import io.deployguard.doctor.Surroundings;
import io.deployguard.ecs.TaskDefinition.HealthCheck;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** Until the grace period is over ECS ignores failing health checks; afterwards the impatient one of two decides. */
final class GracePeriod implements Check.OfService {

    @Override
    public String id() {
        return "grace-period";
    }

    @Override
    public String about() {
        return "A service behind a load balancer whose tasks are replaced sooner after their start than the definition allows a start to take, or that has no grace period.";
    }

    @Override
    public String source() {
        return "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service_definition_parameters.html";
    }

    @Override
    public Stream<Result> examine(Draft draft, Surroundings around) {
        var grace = around.service().gracePeriod().orElse(Duration.ZERO);
        return around.service().balancers().isEmpty()
                ? Stream.empty()
                : around.targetGroups()
                        .judge(
                                "service.healthCheckGracePeriodSeconds",
                                groups -> groups.stream().flatMap(group -> judge(draft, group, grace).stream()));
    }

    private static Optional<Result> judge(Draft draft, Surroundings.TargetGroup group, Duration grace) {
        var patience = grace.plusSeconds(group.patienceSeconds());
        var start = draft.containers().stream()
                .flatMap(container -> container.definition().healthCheck().stream())
                .map(HealthCheck::startPeriod)
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
        var sum = "grace %d s + %d × %d s of target group %s"
                .formatted(grace.toSeconds(), group.unhealthyThreshold(), group.intervalSeconds(), group.name());
        if (patience.compareTo(start) < 0) {
            return Optional.of(new Result.Warning(
                    "service.healthCheckGracePeriodSeconds",
                    "a start may take %d s by the container's startPeriod, and the load balancer gives it %d s (%s)"
                            .formatted(start.toSeconds(), patience.toSeconds(), sum),
                    "Set the grace period to at least the start period."));
        }
        return grace.isZero()
                ? Optional.of(new Result.Warning(
                        "service.healthCheckGracePeriodSeconds",
                        "no grace period: a task that does not answer within %d s of its start is replaced (%s)"
                                .formatted(patience.toSeconds(), sum),
                        "Set it to more than the slowest start, 60 for instance."))
                : Optional.empty();
    }
}
