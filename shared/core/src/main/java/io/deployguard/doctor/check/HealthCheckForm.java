package io.deployguard.doctor.check;

import io.deployguard.doctor.Check;
import io.deployguard.doctor.Draft;
import io.deployguard.doctor.Result;
import io.deployguard.ecs.HealthCheckCommand;
import java.util.stream.Stream;

/** A command in a wrong form fails in every container, however well it is. */
final class HealthCheckForm implements Check.OfDefinition {

    @Override
    public String id() {
        return "health-check-form";
    }

    @Override
    public String about() {
        return "A health check command that does not begin with CMD or CMD-SHELL, or is split wrongly.";
    }

    @Override
    public String source() {
        return "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html";
    }

    @Override
    public Stream<Result> examine(Draft draft) {
        return draft.each(
                container -> container.definition().healthCheck().stream()
                        .flatMap(check -> new HealthCheckCommand(check.command()).fault().stream())
                        .map(
                                fault -> new Result.Problem(
                                        container.field("healthCheck.command"),
                                        "health check of container %s: %s".formatted(container.name(), fault),
                                        "Write [\"CMD-SHELL\", \"one line for the shell\"], or [\"CMD\", \"program\", \"argument\"].")));
    }
}
