package io.deployguard.doctor.check;

import io.deployguard.doctor.Check;
import io.deployguard.doctor.Draft;
import io.deployguard.doctor.Result;
import io.deployguard.doctor.Surroundings;
import java.util.Map;
import java.util.stream.Stream;

/** The execution role alone opens what is in its own account. */
final class SecretPlace implements Check.OfService {

    @Override
    public String id() {
        return "secret-place";
    }

    @Override
    public String about() {
        return "A secret of another account, which its own policy and its key must allow; or a region that is not the service's.";
    }

    @Override
    public String source() {
        return "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specifying-sensitive-data.html";
    }

    private static final int REGION = 3;
    private static final int ACCOUNT = 4;

    @Override
    public Stream<Result> examine(Draft draft, Surroundings around) {
        var service = around.service().ref();
        return draft.each(container -> container.definition().secretNames().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .flatMap(secret -> {
                    var parts = secret.getValue().split(":", ACCOUNT + 2);
                    if (!parts[0].equals("arn") || parts.length <= ACCOUNT) {
                        return Stream.empty();
                    }
                    if (!parts[ACCOUNT].equals(service.account())) {
                        return Stream.of(new Result.Warning(
                                container.field("secrets"),
                                "%s of container %s is in account %s, the service in %s"
                                        .formatted(
                                                secret.getKey(), container.name(), parts[ACCOUNT], service.account()),
                                "Its resource policy and the policy of its KMS key must let the execution role in."));
                    }
                    return parts[REGION].equals(service.region())
                            ? Stream.empty()
                            : Stream.of(new Result.Warning(
                                    container.field("secrets"),
                                    "%s of container %s is in %s, the service in %s"
                                            .formatted(
                                                    secret.getKey(), container.name(), parts[REGION], service.region()),
                                    "Make sure that it is meant: each task asks that region when it starts."));
                }));
    }
}
