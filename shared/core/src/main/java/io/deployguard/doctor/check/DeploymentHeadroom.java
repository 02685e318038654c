package io.deployguard.doctor.check;

import io.deployguard.doctor.Check;
import io.deployguard.doctor.Draft;
import io.deployguard.doctor.Result;
import io.deployguard.doctor.Surroundings;
import java.util.stream.Stream;

/** A rolling update stops down to the minimum, rounded up, and starts up to the maximum, rounded down. */
final class DeploymentHeadroom implements Check.OfService {

    @Override
    public String id() {
        return "deployment-headroom";
    }

    @Override
    public String about() {
        return "Percentages that let ECS neither stop an old task nor start a new one, or that stop all old ones first.";
    }

    @Override
    public String source() {
        return "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service_definition_parameters.html";
    }

    @Override
    public Stream<Result> examine(Draft draft, Surroundings around) {
        var service = around.service();
        if (!service.rolls() || service.daemon() || service.desired() == 0) {
            return Stream.empty();
        }
        var deploying = service.deploying();
        var least = Math.ceilDiv(service.desired() * deploying.minimumHealthyPercent(), 100);
        var most = Math.floorDiv(service.desired() * deploying.maximumPercent(), 100);
        if (most <= least) {
            return Stream.of(new Result.Problem(
                    "service.deploymentConfiguration",
                    "of %d tasks %d must stay (minimumHealthyPercent %d) and %d may run (maximumPercent %d): no task can be replaced"
                            .formatted(
                                    service.desired(),
                                    least,
                                    deploying.minimumHealthyPercent(),
                                    most,
                                    deploying.maximumPercent()),
                    "Raise maximumPercent, or lower minimumHealthyPercent."));
        }
        return least == 0 && most <= service.desired()
                ? Stream.of(new Result.Warning(
                        "service.deploymentConfiguration",
                        "ECS may stop all %d tasks before a new one runs (minimumHealthyPercent %d, maximumPercent %d)"
                                .formatted(
                                        service.desired(),
                                        deploying.minimumHealthyPercent(),
                                        deploying.maximumPercent()),
                        "Raise maximumPercent or minimumHealthyPercent, unless the service may be away."))
                : Stream.empty();
    }
}
