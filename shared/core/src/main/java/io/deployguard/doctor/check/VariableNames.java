package io.deployguard.doctor.check;

import io.deployguard.doctor.Check;
import io.deployguard.doctor.Draft;
import io.deployguard.doctor.Result;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/** A name has one value. */
final class VariableNames implements Check.OfDefinition {

    @Override
    public String id() {
        return "variable-names";
    }

    @Override
    public String about() {
        return "A variable that is set twice, or both as `environment` and as `secrets`, which ECS refuses.";
    }

    @Override
    public String source() {
        return "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Secret.html";
    }

    @Override
    public Stream<Result> examine(Draft draft) {
        return draft.each(container -> Stream.concat(
                twice(container.variables())
                        .map(name -> new Result.Warning(
                                container.field("environment"),
                                "container %s sets %s more than once, and one value wins"
                                        .formatted(container.name(), name),
                                "Leave one of them.")),
                Stream.concat(
                                twice(container.secrets()),
                                container.secrets().stream().filter(container.variables()::contains))
                        .distinct()
                        .map(name -> new Result.Problem(
                                container.field("secrets"),
                                "%s of container %s stands more than once, and a secret needs a name of its own"
                                        .formatted(name, container.name()),
                                "Leave it under secrets or under environment, once."))));
    }

    private static Stream<String> twice(List<String> names) {
        return names.stream()
                .filter(name -> Collections.frequency(names, name) > 1)
                .distinct();
    }
}
