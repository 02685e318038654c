package io.deployguard.doctor.check;

import io.deployguard.doctor.Check;
import io.deployguard.doctor.Draft;
import io.deployguard.doctor.Result;
import io.deployguard.ecs.TaskDefinition.LogConfiguration;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What a container said before it died is most of a diagnosis. */
final class Logging implements Check.OfDefinition {

    @Override
    public String id() {
        return "logging";
    }

    @Override
    public String about() {
        return "A container whose output is kept nowhere that can be read, or `awslogs` without what it needs.";
    }

    @Override
    public String source() {
        return "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html";
    }

    private static final Set<String> ON_FARGATE = Set.of("awslogs", "splunk", "awsfirelens");

    @Override
    public Stream<Result> examine(Draft draft) {
        return draft.each(container -> container
                .definition()
                .logConfiguration()
                .map(log -> of(draft, container, log))
                .orElseGet(() -> Stream.of(new Result.Warning(
                        container.field("logConfiguration"),
                        "container %s has no logConfiguration: nobody can read what it says"
                                .formatted(container.name()),
                        "Set logDriver awslogs with awslogs-group, awslogs-region and awslogs-stream-prefix."))));
    }

    private static Stream<Result> of(Draft draft, Draft.Container container, LogConfiguration log) {
        if (draft.fargate() && !ON_FARGATE.contains(log.driver())) {
            return Stream.of(new Result.Problem(
                    container.field("logConfiguration.logDriver"),
                    "container %s logs with %s, and Fargate has awslogs, splunk and awsfirelens"
                            .formatted(container.name(), log.driver()),
                    "Take one of these."));
        }
        if (!log.driver().equals("awslogs")) {
            return Stream.empty();
        }
        return Stream.of(
                        lacking(container, log, "awslogs-group", true),
                        lacking(container, log, "awslogs-region", true),
                        lacking(container, log, "awslogs-stream-prefix", draft.fargate()))
                .flatMap(Optional::stream);
    }

    private static Optional<Result> lacking(
            Draft.Container container, LogConfiguration log, String option, boolean needed) {
        if (!log.options().getOrDefault(option, "").isBlank()) {
            return Optional.empty();
        }
        var field = container.field("logConfiguration.options." + option);
        return Optional.of(
                needed
                        ? new Result.Problem(
                                field,
                                "container %s logs with awslogs without %s".formatted(container.name(), option),
                                "Set it.")
                        : new Result.Warning(
                                field,
                                "without %s the stream of container %s bears the id that Docker gave it: a task's log is hard to find"
                                        .formatted(option, container.name()),
                                "Set it to the name of the service, for instance."));
    }
}
