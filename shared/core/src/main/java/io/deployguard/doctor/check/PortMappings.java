package io.deployguard.doctor.check;

import io.deployguard.doctor.Check;
import io.deployguard.doctor.Draft;
import io.deployguard.doctor.Result;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** In the modes awsvpc and host all containers of a task share one set of ports. */
final class PortMappings implements Check.OfDefinition {

    @Override
    public String id() {
        return "port-mappings";
    }

    @Override
    public String about() {
        return "Ports that two containers of a task want, host ports that differ where they cannot, and fixed host ports that leave no room for a second task.";
    }

    @Override
    public String source() {
        return "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PortMapping.html";
    }

    @Override
    public Stream<Result> examine(Draft draft) {
        var shared = !draft.networkMode().equals("bridge");
        var taken = new HashMap<String, String>();
        return draft.each(container ->
                container.ports().stream().flatMap(port -> fault(draft, container, port, shared, taken).stream()));
    }

    private static Optional<Result> fault(
            Draft draft, Draft.Container container, Draft.Port port, boolean shared, Map<String, String> taken) {
        if (port.container().isEmpty()) {
            return Optional.empty();
        }
        var number = port.container().get();
        var host = port.host().filter(given -> given != 0);
        var field = container.field("portMappings");
        if (shared && host.filter(given -> !given.equals(number)).isPresent()) {
            return Optional.of(new Result.Problem(
                    field,
                    "container %s maps port %d to host port %d, and in mode %s both are the same"
                            .formatted(container.name(), number, host.get(), draft.networkMode()),
                    "Leave hostPort out."));
        }
        var other = shared ? taken.putIfAbsent(number + "/" + port.protocol(), container.name()) : null;
        if (other != null) {
            return Optional.of(new Result.Problem(
                    field,
                    other.equals(container.name())
                            ? "container %s maps port %d twice".formatted(other, number)
                            : "containers %s and %s both want port %d of the task"
                                    .formatted(other, container.name(), number),
                    "Give each a port of its own."));
        }
        return !shared && host.isPresent()
                ? Optional.of(new Result.Warning(
                        field,
                        "host port %d is fixed: an instance has room for one such task, and a deployment needs a spare one"
                                .formatted(host.get()),
                        "Set hostPort to 0, or keep an instance free."))
                : Optional.empty();
    }
}
