package io.deployguard.doctor.check;

import io.deployguard.doctor.Check;
import io.deployguard.doctor.Draft;
import io.deployguard.doctor.Result;
import io.deployguard.doctor.Surroundings;
import java.util.stream.Stream;

/** Alarms that somebody took the trouble to name. */
final class DeploymentAlarms implements Check.OfService {

    @Override
    public String id() {
        return "deployment-alarms";
    }

    @Override
    public String about() {
        return "Alarms of a deployment that are named and off, or that end it without going back.";
    }

    @Override
    public String source() {
        return "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html";
    }

    @Override
    public Stream<Result> examine(Draft draft, Surroundings around) {
        var deploying = around.service().deploying();
        if (deploying.alarms().isEmpty() || (deploying.alarmsEnabled() && deploying.alarmsRollBack())) {
            return Stream.empty();
        }
        return Stream.of(
                deploying.alarmsEnabled()
                        ? new Result.Warning(
                                "service.deploymentConfiguration.alarms.rollback",
                                "an alarm ends a deployment and does not go back",
                                "Set rollback to true, unless the guard or a person goes back.")
                        : new Result.Warning(
                                "service.deploymentConfiguration.alarms.enable",
                                "%d alarms are named, and they are off"
                                        .formatted(deploying.alarms().size()),
                                "Set enable to true, or name none."));
    }
}
