package io.deployguard.doctor.check;

import io.deployguard.doctor.Check;
import io.deployguard.doctor.Draft;
import io.deployguard.doctor.Result;
import io.deployguard.doctor.ServiceSetup;
import io.deployguard.doctor.Surroundings;
import java.util.Optional;
import java.util.stream.Stream;

/** A deployment into a service that is unwell proves nothing, and ends another one that goes on. */
final class ServiceState implements Check.OfService {

    @Override
    public String id() {
        return "service-state";
    }

    @Override
    public String about() {
        return "A service that is not ACTIVE, runs fewer tasks than it should, is being deployed already, or wants no task at all.";
    }

    @Override
    public String source() {
        return "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Service.html";
    }

    @Override
    public Stream<Result> examine(Draft draft, Surroundings around) {
        var service = around.service();
        if (!service.status().equals("ACTIVE")) {
            return Stream.of(new Result.Problem(
                    "service.status",
                    "the service is %s, and ECS deploys nothing into it".formatted(service.status()),
                    "Create the service anew."));
        }
        return Stream.of(rollout(service), count(service)).flatMap(Optional::stream);
    }

    private static Optional<Result> rollout(ServiceSetup service) {
        var primary = service.rollouts().stream()
                .filter(rollout -> rollout.status().equals("PRIMARY"))
                .findFirst();
        if (primary.filter(rollout -> rollout.failedTasks() > 0).isPresent()) {
            return Optional.of(new Result.Warning(
                    "service.deployments",
                    "%d tasks of its deployment have failed"
                            .formatted(primary.get().failedTasks()),
                    "Find out why first: ./deploy-guard diagnose."));
        }
        return primary.flatMap(ServiceSetup.Rollout::state)
                .filter(state -> !state.equals("COMPLETED"))
                .map(
                        state -> new Result.Warning(
                                "service.deployments",
                                "its last deployment is %s%s"
                                        .formatted(
                                                state,
                                                primary.get()
                                                        .reason()
                                                        .map(why -> " (" + why + ")")
                                                        .orElse("")),
                                state.equals("FAILED")
                                        ? "Find out why first: ./deploy-guard diagnose."
                                        : "Wait for it: a new deployment takes its place before it has shown whether it is good."));
    }

    private static Optional<Result> count(ServiceSetup service) {
        if (service.daemon()) {
            return Optional.empty();
        }
        if (service.desired() == 0) {
            return Optional.of(new Result.Warning(
                    "service.desiredCount",
                    "it wants no task: a deployment succeeds without having started one",
                    "Scale it up before you trust a deployment."));
        }
        return service.running() < service.desired()
                ? Optional.of(new Result.Warning(
                        "service.runningCount",
                        "%d of %d tasks run".formatted(service.running(), service.desired()),
                        "Find out why first: ./deploy-guard diagnose."))
                : Optional.empty();
    }
}
