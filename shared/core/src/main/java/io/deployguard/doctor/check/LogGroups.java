package io.deployguard.doctor.check;

import io.deployguard.doctor.Check;
import io.deployguard.doctor.Draft;
import io.deployguard.doctor.Result;
import io.deployguard.doctor.Surroundings;
import java.util.stream.Stream;

/** The driver opens the stream before the container starts. */
final class LogGroups implements Check.OfService {

    @Override
    public String id() {
        return "log-group";
    }

    @Override
    public String about() {
        return "A log group that is not there and that nobody creates: the tasks do not start.";
    }

    @Override
    public String source() {
        return "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html";
    }

    @Override
    public Stream<Result> examine(Draft draft, Surroundings around) {
        return draft.each(
                container -> container.definition().logConfiguration().stream()
                        .filter(log -> !"true".equals(log.options().get("awslogs-create-group")))
                        .flatMap(log -> around.logGroups().entrySet().stream()
                                .filter(group -> group.getKey()
                                        .equals(new Surroundings.LogGroup(
                                                log.options().getOrDefault("awslogs-group", ""),
                                                log.options().getOrDefault("awslogs-region", "")))))
                        .flatMap(
                                group -> group.getValue()
                                        .judge(
                                                container.field("logConfiguration.options.awslogs-group"),
                                                there -> there
                                                        ? Stream.empty()
                                                        : Stream.of(
                                                                new Result.Problem(
                                                                        container.field(
                                                                                "logConfiguration.options.awslogs-group"),
                                                                        "log group %s is not there in %s, and awslogs-create-group is not true"
                                                                                .formatted(
                                                                                        group.getKey()
                                                                                                .name(),
                                                                                        group.getKey()
                                                                                                .region()),
                                                                        "Create it, or let the driver: that takes logs:CreateLogGroup for the execution role.")))));
    }
}
