package io.deployguard.doctor.check;

import io.deployguard.doctor.Check;
import io.deployguard.doctor.Draft;
import io.deployguard.doctor.Result;
import io.deployguard.doctor.Surroundings;
import java.util.stream.Stream;

/** What runs from it goes on; nothing new is updated to it. */
final class DefinitionStatus implements Check.OfService {

    @Override
    public String id() {
        return "definition-status";
    }

    @Override
    public String about() {
        return "A task definition that was deregistered: it cannot be deployed, nor gone back to.";
    }

    @Override
    public String source() {
        return "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeregisterTaskDefinition.html";
    }

    @Override
    public Stream<Result> examine(Draft draft, Surroundings around) {
        var running = around.running()
                .map(look -> look.judge(
                        "service.taskDefinition",
                        now -> now.definition().inactive()
                                ? Stream.of(new Result.Warning(
                                        "service.taskDefinition",
                                        "%s, which the service runs, is INACTIVE: nobody can go back to it"
                                                .formatted(now.name()),
                                        "Register it anew, or keep revisions that are in use."))
                                : Stream.empty()))
                .orElse(Stream.empty());
        return draft.definition().inactive()
                ? Stream.of(new Result.Problem(
                        "taskDefinition.status",
                        "%s is INACTIVE, and no service can be updated to it".formatted(draft.name()),
                        "Register it anew."))
                : running;
    }
}
