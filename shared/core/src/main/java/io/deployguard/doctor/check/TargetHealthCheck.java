package io.deployguard.doctor.check;

import io.deployguard.doctor.Check;
import io.deployguard.doctor.Draft;
import io.deployguard.doctor.Result;
import io.deployguard.doctor.ServiceSetup;
import io.deployguard.doctor.Surroundings;
import io.deployguard.ecs.HealthCheckCommand;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Two checks of one container that disagree about where its health is. */
final class TargetHealthCheck implements Check.OfService {

    @Override
    public String id() {
        return "target-health-check";
    }

    @Override
    public String about() {
        return "A target group that asks another path than the container's own check, a port that is not mapped, or takes errors for health.";
    }

    @Override
    public String source() {
        return "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html";
    }

    private static final Pattern LENIENT = Pattern.compile(".*\\b(?:4\\d\\d)\\b.*");

    @Override
    public Stream<Result> examine(Draft draft, Surroundings around) {
        return around.service().balancers().isEmpty()
                ? Stream.empty()
                : around.targetGroups()
                        .judge(
                                "target groups",
                                groups -> groups.stream()
                                        .flatMap(group -> Stream.of(
                                                        path(draft, around.service(), group),
                                                        port(draft, group),
                                                        matcher(group))
                                                .flatMap(Optional::stream)));
    }

    private static Optional<Result> path(Draft draft, ServiceSetup service, Surroundings.TargetGroup group) {
        return service.balancers().stream()
                .filter(balancer ->
                        balancer.targetGroupArn().filter(group.arn()::equals).isPresent())
                .flatMap(balancer -> draft.findContainer(balancer.container()).stream())
                .flatMap(container -> container.definition().healthCheck().stream())
                .flatMap(check -> new HealthCheckCommand(check.command()).request().stream())
                .filter(request -> group.healthCheckPath()
                        .filter(path -> !path.equals(request.path()))
                        .isPresent())
                .findFirst()
                .map(request -> new Result.Warning(
                        "target group " + group.name() + ": HealthCheckPath",
                        "the load balancer asks %s, the container's own check asks %s: one of them may not exist"
                                .formatted(group.healthCheckPath().orElse(""), request.path()),
                        "Ask the application for both, and let both ask the same."));
    }

    private static Optional<Result> port(Draft draft, Surroundings.TargetGroup group) {
        return Optional.of(group.healthCheckPort())
                .filter(port -> !port.equals("traffic-port"))
                .filter(port -> draft.containers().stream()
                        .flatMap(container -> container.definition().containerPorts().stream())
                        .noneMatch(mapped -> String.valueOf(mapped).equals(port)))
                .map(port -> new Result.Warning(
                        "target group " + group.name() + ": HealthCheckPort",
                        "the load balancer asks port %s, which no container maps".formatted(port),
                        "Set it to traffic-port, or let the application listen there."));
    }

    private static Optional<Result> matcher(Surroundings.TargetGroup group) {
        return group.matcher()
                .filter(codes -> LENIENT.matcher(codes).matches())
                .map(codes -> new Result.Warning(
                        "target group " + group.name() + ": Matcher",
                        "status %s counts as healthy: a path that does not exist would too".formatted(codes),
                        "Take 200, or what the health endpoint answers when it is well."));
    }
}
