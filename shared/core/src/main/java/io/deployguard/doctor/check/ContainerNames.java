package io.deployguard.doctor.check;

import io.deployguard.doctor.Check;
import io.deployguard.doctor.Draft;
import io.deployguard.doctor.Result;
import java.util.HashSet;
import java.util.stream.Stream;

/** Containers are told apart by their names. */
final class ContainerNames implements Check.OfDefinition {

    @Override
    public String id() {
        return "container-names";
    }

    @Override
    public String about() {
        return "Two containers of the same name.";
    }

    @Override
    public String source() {
        return "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html";
    }

    @Override
    public Stream<Result> examine(Draft draft) {
        var seen = new HashSet<String>();
        return draft.each(container -> seen.add(container.name())
                ? Stream.empty()
                : Stream.of(new Result.Problem(
                        container.field("name"),
                        "another container is called %s as well".formatted(container.name()),
                        "Give each container a name of its own.")));
    }
}
