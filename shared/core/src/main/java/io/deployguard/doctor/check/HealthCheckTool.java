package io.deployguard.doctor.check;

import io.deployguard.doctor.Check;
import io.deployguard.doctor.Draft;
import io.deployguard.doctor.Result;
import io.deployguard.ecs.HealthCheckCommand;
import java.util.Optional;
import java.util.stream.Stream;

/** ECS hides the output of a check: a missing program looks like a sick container. */
final class HealthCheckTool implements Check.OfDefinition {

    @Override
    public String id() {
        return "health-check-tool";
    }

    @Override
    public String about() {
        return "A health check that runs curl, wget or the like, or a shell, which the image may lack. The image itself is not looked into.";
    }

    @Override
    public String source() {
        return "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html";
    }

    @Override
    public Stream<Result> examine(Draft draft) {
        return draft.each(container -> container.definition().healthCheck().stream()
                .map(check -> new HealthCheckCommand(check.command()))
                .flatMap(command -> fact(container, command).stream())
                .map(fact -> new Result.Warning(
                        container.field("healthCheck.command"),
                        fact,
                        "Try it in the image (docker run --rm --entrypoint sh IMAGE -c 'command -v TOOL'), or check with the"
                                + " runtime that the image has.")));
    }

    private static Optional<String> fact(Draft.Container container, HealthCheckCommand command) {
        var image = container.definition().image();
        if (command.lacksShellIn(image)) {
            return Optional.of("health check of container %s needs a shell, and an image called %s has none as a rule"
                    .formatted(container.name(), image));
        }
        return command.tool()
                .map(tool -> HealthCheckCommand.usuallyLacks(image, tool)
                        ? "health check of container %s runs %s, which an image called %s lacks as a rule"
                                .formatted(container.name(), tool, image)
                        : "health check of container %s runs %s; nothing here says that the image has it"
                                .formatted(container.name(), tool));
    }
}
