package io.deployguard.doctor.check;

import io.deployguard.doctor.Check;
import io.deployguard.doctor.Draft;
import io.deployguard.doctor.Result;
import io.deployguard.doctor.Surroundings;
import java.util.Optional;
import java.util.stream.Stream;

/** What is registered in a target group depends on the network mode. */
final class TargetType implements Check.OfService {

    @Override
    public String id() {
        return "target-type";
    }

    @Override
    public String about() {
        return "A target group of the wrong type: tasks in mode `awsvpc` are registered by `ip`, others by `instance`; or one that no load balancer leads to.";
    }

    @Override
    public String source() {
        return "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/alb.html";
    }

    @Override
    public Stream<Result> examine(Draft draft, Surroundings around) {
        return around.service().balancers().isEmpty()
                ? Stream.empty()
                : around.targetGroups()
                        .judge(
                                "target groups",
                                groups -> groups.stream()
                                        .flatMap(group -> Stream.of(type(draft, group), balanced(group))
                                                .flatMap(Optional::stream)));
    }

    private static Optional<Result> type(Draft draft, Surroundings.TargetGroup group) {
        var needed = draft.networkMode().equals("awsvpc") ? "ip" : "instance";
        return group.targetType().equals(needed)
                ? Optional.empty()
                : Optional.of(new Result.Problem(
                        "target group " + group.name() + ": TargetType",
                        "it takes targets of type %s, and tasks in mode %s are registered by %s"
                                .formatted(group.targetType(), draft.networkMode(), needed),
                        "Make a target group of type %s; the type of one cannot be changed.".formatted(needed)));
    }

    private static Optional<Result> balanced(Surroundings.TargetGroup group) {
        return group.balanced()
                ? Optional.empty()
                : Optional.of(new Result.Problem(
                        "target group " + group.name() + ": LoadBalancerArns",
                        "no listener of any load balancer leads to it",
                        "Let a listener or a rule forward to it."));
    }
}
