package io.deployguard.doctor.check;

import io.deployguard.doctor.Check;
import io.deployguard.doctor.Draft;
import io.deployguard.doctor.Result;
import io.deployguard.ecs.ImageName;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A binary of the other architecture ends with exec format error, whatever it would have done. */
final class ImageArchitecture implements Check.OfDefinition {

    @Override
    public String id() {
        return "image-architecture";
    }

    @Override
    public String about() {
        return "An image whose tag names another CPU architecture than the task has.";
    }

    @Override
    public String source() {
        return "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html";
    }

    private static final Pattern ARM = Pattern.compile("(?i)(?:^|[-_.])(?:arm64|aarch64)(?:v8)?(?:$|[-_.])");
    private static final Pattern X86 = Pattern.compile("(?i)(?:^|[-_.])(?:amd64|x86_64|x86-64)(?:$|[-_.])");

    @Override
    public Stream<Result> examine(Draft draft) {
        var arm = draft.definition().cpuArchitecture().filter("ARM64"::equals).isPresent();
        // Without a word Fargate takes X86_64, and on EC2 the instance decides.
        if (draft.definition().cpuArchitecture().isEmpty() && !draft.fargate()) {
            return Stream.empty();
        }
        return draft.each(container -> (arm ? X86 : ARM)
                        .matcher(ImageName.parse(container.definition().image()).tag())
                        .find()
                ? Stream.of(new Result.Warning(
                        container.field("image"),
                        "the tag of %s says %s, and the task runs on %s"
                                .formatted(
                                        container.definition().image(),
                                        arm ? "x86-64" : "arm64",
                                        arm ? "ARM64" : "X86_64"),
                        "Set runtimePlatform.cpuArchitecture to what the image was built for, or build it for both."))
                : Stream.empty());
    }
}
