package io.deployguard.doctor.check;

import io.deployguard.doctor.Check;
import io.deployguard.doctor.Draft;
import io.deployguard.doctor.Result;
import java.util.stream.Stream;

/** How long a container may take to end after SIGTERM. */
final class StopTimeout implements Check.OfDefinition {

    @Override
    public String id() {
        return "stop-timeout";
    }

    @Override
    public String about() {
        return "A `stopTimeout` above the 120 seconds that Fargate gives.";
    }

    @Override
    public String source() {
        return "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html";
    }

    private static final int MOST_ON_FARGATE = 120;

    @Override
    public Stream<Result> examine(Draft draft) {
        return draft.each(container -> container.stopTimeoutSeconds().stream()
                .filter(seconds -> draft.fargate() && seconds > MOST_ON_FARGATE)
                .map(seconds -> new Result.Problem(
                        container.field("stopTimeout"),
                        "container %s wants %d s to stop, and Fargate gives at most %d"
                                .formatted(container.name(), seconds, MOST_ON_FARGATE),
                        "Set at most %d.".formatted(MOST_ON_FARGATE))));
    }
}
