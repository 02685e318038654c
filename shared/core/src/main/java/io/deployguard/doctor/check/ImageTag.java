package io.deployguard.doctor.check;

import io.deployguard.doctor.Check;
import io.deployguard.doctor.Draft;
import io.deployguard.doctor.Result;
import io.deployguard.ecs.ImageName;
import java.util.stream.Stream;

/** A task definition is a version only as far as its images are. */
final class ImageTag implements Check.OfDefinition {

    @Override
    public String id() {
        return "image-tag";
    }

    @Override
    public String about() {
        return "An image without a tag, or with `latest`: which software a task definition means then changes behind its back.";
    }

    @Override
    public String source() {
        return "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html";
    }

    @Override
    public Stream<Result> examine(Draft draft) {
        return draft.each(container -> {
            var reference = ImageName.parse(container.definition().image());
            return reference.digest().isPresent() || !reference.tag().equals("latest")
                    ? Stream.empty()
                    : Stream.of(new Result.Warning(
                            container.field("image"),
                            "container %s runs whatever %s is at the moment: another deployment of the same task definition may bring other software"
                                    .formatted(
                                            container.name(),
                                            container.definition().image()),
                            "Name a tag that never moves, such as the commit, or the digest."));
        });
    }
}
