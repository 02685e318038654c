package io.deployguard.doctor.check;

import io.deployguard.doctor.Check;
import io.deployguard.doctor.Draft;
import io.deployguard.doctor.Result;
import io.deployguard.ecs.HealthCheckCommand;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A check of another port than the mapped one is a slip more often than a design. */
final class HealthCheckPort implements Check.OfDefinition {

    @Override
    public String id() {
        return "health-check-port";
    }

    @Override
    public String about() {
        return "A health check that asks a port of the container which no port mapping names.";
    }

    @Override
    public String source() {
        return "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html";
    }

    @Override
    public Stream<Result> examine(Draft draft) {
        return draft.each(container -> container.definition().healthCheck().stream()
                .flatMap(check -> new HealthCheckCommand(check.command()).request().stream())
                .filter(request -> !container.definition().containerPorts().isEmpty())
                .filter(request -> draft.containers().stream()
                        .noneMatch(other -> other.definition().containerPorts().contains(request.port())))
                .map(request -> new Result.Warning(
                        container.field("healthCheck.command"),
                        "health check of container %s asks port %d, and its port mappings name %s"
                                .formatted(
                                        container.name(),
                                        request.port(),
                                        container.definition().containerPorts().stream()
                                                .map(String::valueOf)
                                                .collect(Collectors.joining(", "))),
                        "Ask the port on which the application listens.")));
    }
}
