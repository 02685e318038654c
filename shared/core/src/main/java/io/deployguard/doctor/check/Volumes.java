package io.deployguard.doctor.check;

import io.deployguard.doctor.Check;
import io.deployguard.doctor.Draft;
import io.deployguard.doctor.Result;
import java.util.stream.Stream;

/** A container mounts what the task declares. */
final class Volumes implements Check.OfDefinition {

    @Override
    public String id() {
        return "volumes";
    }

    @Override
    public String about() {
        return "A mount point of a volume that the definition does not declare.";
    }

    @Override
    public String source() {
        return "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_MountPoint.html";
    }

    @Override
    public Stream<Result> examine(Draft draft) {
        return draft.each(container -> container.mounts().stream()
                .filter(name -> !draft.definition().volumes().contains(name))
                .map(name -> new Result.Problem(
                        container.field("mountPoints"),
                        "container %s mounts %s, and volumes does not declare it".formatted(container.name(), name),
                        "Declare it under volumes.")));
    }
}
