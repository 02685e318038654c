package io.deployguard.doctor.check;

import io.deployguard.doctor.Check;
import io.deployguard.doctor.Draft;
import io.deployguard.doctor.Result;
import io.deployguard.doctor.ServiceSetup;
import io.deployguard.doctor.Surroundings;
import java.util.Optional;
import java.util.stream.Stream;

/** Where the service runs its tasks, and what the definition is made for. */
final class LaunchType implements Check.OfService {

    @Override
    public String id() {
        return "launch-type";
    }

    @Override
    public String about() {
        return "A definition that cannot run where the service runs: compatibility, network mode.";
    }

    @Override
    public String source() {
        return "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html";
    }

    @Override
    public Stream<Result> examine(Draft draft, Surroundings around) {
        var service = around.service();
        return Stream.of(compatibility(draft, service), network(draft, service)).flatMap(Optional::stream);
    }

    private static Optional<Result> compatibility(Draft draft, ServiceSetup service) {
        var needed = service.onFargate() ? Optional.of("FARGATE") : service.launchType();
        return needed.filter(type -> !draft.compatibilities().isEmpty()
                        && !draft.compatibilities().contains(type))
                .map(type -> new Result.Problem(
                        "requiresCompatibilities",
                        "the service runs on %s, the definition is made for %s"
                                .formatted(type, String.join(", ", draft.compatibilities())),
                        "Add %s.".formatted(type)));
    }

    private static Optional<Result> network(Draft draft, ServiceSetup service) {
        var awsvpc = draft.networkMode().equals("awsvpc");
        return awsvpc == service.awsvpc()
                ? Optional.empty()
                : Optional.of(new Result.Problem(
                        "networkMode",
                        awsvpc
                                ? "mode awsvpc needs subnets and security groups, and the service has no network configuration"
                                : "the service has a network configuration, which mode %s does not take"
                                        .formatted(draft.networkMode()),
                        "Keep the network mode of the service, or change the service with the task definition."));
    }
}
