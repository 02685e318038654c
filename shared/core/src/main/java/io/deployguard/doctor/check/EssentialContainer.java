package io.deployguard.doctor.check;

import io.deployguard.doctor.Check;
import io.deployguard.doctor.Draft;
import io.deployguard.doctor.Result;
import java.util.stream.Stream;

/** A task ends with its essential containers; without one it would never end. */
final class EssentialContainer implements Check.OfDefinition {

    @Override
    public String id() {
        return "essential-container";
    }

    @Override
    public String about() {
        return "No container is essential: ECS refuses the definition.";
    }

    @Override
    public String source() {
        return "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html";
    }

    @Override
    public Stream<Result> examine(Draft draft) {
        return draft.containers().stream()
                        .anyMatch(container -> container.definition().essential())
                ? Stream.empty()
                : Stream.of(new Result.Problem(
                        "containerDefinitions[].essential",
                        "no container is essential, and ECS takes no such definition",
                        "Set essential to true for the container that serves."));
    }
}
