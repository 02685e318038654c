package io.deployguard.doctor.check;

import io.deployguard.doctor.Check;
import io.deployguard.doctor.Draft;
import io.deployguard.doctor.Result;
import io.deployguard.doctor.Surroundings;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Service Connect knows ports by the names of their mappings. */
final class ServiceConnectPorts implements Check.OfService {

    @Override
    public String id() {
        return "service-connect-ports";
    }

    @Override
    public String about() {
        return "A `portName` of Service Connect that no port mapping bears.";
    }

    @Override
    public String source() {
        return "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceConnectService.html";
    }

    @Override
    public Stream<Result> examine(Draft draft, Surroundings around) {
        var names = draft.containers().stream()
                .flatMap(container -> container.ports().stream())
                .flatMap(port -> port.name().stream())
                .collect(Collectors.toSet());
        return around.service().connectPorts().stream()
                .filter(name -> !names.contains(name))
                .map(name -> new Result.Problem(
                        "service.serviceConnectConfiguration.services",
                        "Service Connect offers the port %s, and no port mapping is called so".formatted(name),
                        "Give the port mapping that name."));
    }
}
