package io.deployguard.doctor.check;

import io.deployguard.doctor.Check;
import io.deployguard.doctor.Draft;
import io.deployguard.doctor.Result;
import io.deployguard.doctor.Surroundings;
import java.util.stream.Stream;

/** Deploying the file of another service is allowed, and hardly ever meant. */
final class Family implements Check.OfService {

    @Override
    public String id() {
        return "family";
    }

    @Override
    public String about() {
        return "A file of another family than the one that the service runs.";
    }

    @Override
    public String source() {
        return "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html";
    }

    @Override
    public Stream<Result> examine(Draft draft, Surroundings around) {
        return around.running().stream()
                .flatMap(look -> look.judge(
                        "family",
                        now -> now.definition()
                                        .family()
                                        .equals(draft.definition().family())
                                ? Stream.empty()
                                : Stream.of(new Result.Warning(
                                        "family",
                                        "the file is of family %s, the service runs %s"
                                                .formatted(draft.definition().family(), now.name()),
                                        "Make sure that it is the file of this service."))));
    }
}
