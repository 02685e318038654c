package io.deployguard.doctor.check;

import io.deployguard.doctor.Check;
import io.deployguard.doctor.Draft;
import io.deployguard.doctor.Result;
import io.deployguard.doctor.Surroundings;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The service says which port of which container is registered; the definition must have it. */
final class BalancedPort implements Check.OfService {

    @Override
    public String id() {
        return "load-balancer-port";
    }

    @Override
    public String about() {
        return "A load balancer or service registry that names a container or port which the definition does not have.";
    }

    @Override
    public String source() {
        return "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LoadBalancer.html";
    }

    @Override
    public Stream<Result> examine(Draft draft, Surroundings around) {
        var service = around.service();
        return Stream.concat(
                service.balancers().stream()
                        .flatMap(balancer -> fault(
                                draft,
                                "service.loadBalancers",
                                Optional.of(balancer.container()),
                                Optional.of(balancer.port()))
                                .stream()),
                service.registries().stream()
                        .flatMap(registry ->
                                fault(draft, "service.serviceRegistries", registry.container(), registry.port())
                                        .stream()));
    }

    private static Optional<Result> fault(Draft draft, String field, Optional<String> name, Optional<Integer> port) {
        var container = name.flatMap(draft::findContainer);
        if (name.isPresent() && container.isEmpty()) {
            return Optional.of(new Result.Problem(
                    field,
                    "the service registers container %s, and the definition has %s".formatted(name.get(), names(draft)),
                    "Keep the container's name, or change the service with the task definition."));
        }
        return port.filter(_ -> container.isPresent())
                .filter(wanted -> container.get().ports().stream()
                        .noneMatch(mapping ->
                                mapping.container().filter(wanted::equals).isPresent()))
                .filter(_ -> container.get().ports().stream()
                        .allMatch(mapping -> mapping.container().isPresent()))
                .map(wanted -> new Result.Problem(
                        field,
                        "the service registers port %d of container %s, which maps %s"
                                .formatted(wanted, container.get().name(), ports(container.get())),
                        "Map port %d, or change the service with the task definition.".formatted(wanted)));
    }

    private static String names(Draft draft) {
        return draft.containers().stream().map(Draft.Container::name).collect(Collectors.joining(", "));
    }

    private static String ports(Draft.Container container) {
        return container.ports().isEmpty()
                ? "no port"
                : container.ports().stream()
                        .flatMap(mapping -> mapping.container().stream())
                        .map(String::valueOf)
                        .collect(Collectors.joining(", "));
    }
}
