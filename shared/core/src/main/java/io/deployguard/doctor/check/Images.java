package io.deployguard.doctor.check;

import io.deployguard.doctor.Check;
import io.deployguard.doctor.Draft;
import io.deployguard.doctor.Result;
import io.deployguard.doctor.Surroundings;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What is not there cannot be pulled. */
final class Images implements Check.OfService {

    @Override
    public String id() {
        return "image";
    }

    @Override
    public String about() {
        return "An image that is not in its repository of Amazon ECR, or not for the CPU architecture of the task.";
    }

    @Override
    public String source() {
        return "https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_BatchGetImage.html";
    }

    @Override
    public Stream<Result> examine(Draft draft, Surroundings around) {
        return draft.each(container -> Optional.ofNullable(
                        around.images().get(container.definition().image()))
                .stream()
                .flatMap(look -> look.judge(container.field("image"), image -> switch (image) {
                    case Surroundings.Image.Absent() ->
                        Stream.of(new Result.Problem(
                                container.field("image"),
                                "%s is not in its repository"
                                        .formatted(container.definition().image()),
                                "Push it, or name one that is there."));
                    case Surroundings.Image.Present(var architectures) -> architecture(draft, container, architectures);
                })));
    }

    private static Stream<Result> architecture(Draft draft, Draft.Container container, List<String> architectures) {
        var asked = draft.definition().cpuArchitecture();
        if (asked.isEmpty() && !draft.fargate()) {
            // The instance decides.
            return Stream.empty();
        }
        if (architectures.isEmpty()) {
            return Stream.of(new Result.NotCheckable(
                    container.field("image"),
                    "%s is there; its manifest does not name the architecture that it was built for"
                            .formatted(container.definition().image())));
        }
        var needed = asked.filter("ARM64"::equals).isPresent() ? "arm64" : "amd64";
        return architectures.contains(needed)
                ? Stream.empty()
                : Stream.of(new Result.Problem(
                        container.field("image"),
                        "%s is built for %s, and the task runs on %s"
                                .formatted(
                                        container.definition().image(),
                                        String.join(", ", architectures),
                                        asked.orElse("X86_64")),
                        "Build it for %s, or set runtimePlatform.cpuArchitecture.".formatted(needed)));
    }
}
