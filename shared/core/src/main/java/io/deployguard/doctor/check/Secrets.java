package io.deployguard.doctor.check;

import io.deployguard.doctor.Check;
import io.deployguard.doctor.Draft;
import io.deployguard.doctor.Result;
import io.deployguard.doctor.Surroundings;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A task whose secret cannot be fetched never starts. */
final class Secrets implements Check.OfService {

    @Override
    public String id() {
        return "secret";
    }

    @Override
    public String about() {
        return "A secret or parameter that is not there. Only whether it is there is asked; its value is never read.";
    }

    @Override
    public String source() {
        return "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specifying-sensitive-data.html";
    }

    @Override
    public Stream<Result> examine(Draft draft, Surroundings around) {
        return draft.each(container -> container.definition().secretNames().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .flatMap(secret -> Optional.ofNullable(around.secrets().get(secret.getValue())).stream()
                        .flatMap(look -> look.judge(
                                container.field("secrets"),
                                there -> there
                                        ? Stream.empty()
                                        : Stream.of(new Result.Problem(
                                                container.field("secrets"),
                                                "%s of container %s comes from %s, which is not there"
                                                        .formatted(
                                                                secret.getKey(), container.name(), secret.getValue()),
                                                "Create it, or correct valueFrom."))))));
    }
}
