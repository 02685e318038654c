package io.deployguard.doctor.check;

import io.deployguard.doctor.Check;
import io.deployguard.doctor.Draft;
import io.deployguard.doctor.Result;
import io.deployguard.doctor.Surroundings;
import java.util.Set;
import java.util.stream.Stream;

/** A platform version that is named stays until somebody names another. */
final class PlatformVersion implements Check.OfService {

    @Override
    public String id() {
        return "platform-version";
    }

    @Override
    public String about() {
        return "A service on Fargate that is held at an old platform version.";
    }

    @Override
    public String source() {
        return "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/platform-fargate.html";
    }

    private static final Set<String> CURRENT = Set.of("LATEST", "1.4.0");

    @Override
    public Stream<Result> examine(Draft draft, Surroundings around) {
        var windows = draft.operatingSystem()
                .filter(system -> system.startsWith("WINDOWS"))
                .isPresent();
        return around.service().platformVersion().stream()
                .filter(version -> around.service().onFargate() && !windows && !CURRENT.contains(version))
                .map(version -> new Result.Warning(
                        "service.platformVersion",
                        "the service is held at %s".formatted(version),
                        "Set it to LATEST."));
    }
}
