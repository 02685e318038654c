package io.deployguard.doctor.check;

import io.deployguard.doctor.Check;
import io.deployguard.doctor.Draft;
import io.deployguard.doctor.Result;
import io.deployguard.doctor.Surroundings;
import java.util.HashSet;
import java.util.stream.Stream;

/** What an application read yesterday it may still want today. */
final class RemovedSettings implements Check.OfService {

    @Override
    public String id() {
        return "removed-settings";
    }

    @Override
    public String about() {
        return "Variables, secrets and containers that the running definition has and the file has not.";
    }

    @Override
    public String source() {
        return "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html";
    }

    @Override
    public Stream<Result> examine(Draft draft, Surroundings around) {
        return around.running().stream()
                .flatMap(look -> look.judge(
                        "containerDefinitions",
                        now -> Stream.concat(
                                now.containers().stream()
                                        .filter(before -> draft.findContainer(before.name())
                                                .isEmpty())
                                        .map(before -> new Result.Warning(
                                                "containerDefinitions",
                                                "container %s of %s is not there any more"
                                                        .formatted(before.name(), now.name()),
                                                "Make sure that nothing needs it.")),
                                draft.each(container -> now.findContainer(container.name()).stream()
                                        .flatMap(before -> removed(now, before, container))))));
    }

    private static Stream<Result> removed(Draft now, Draft.Container before, Draft.Container after) {
        var kept = new HashSet<>(after.variables());
        kept.addAll(after.secrets());
        var gone = Stream.concat(before.variables().stream(), before.secrets().stream())
                .filter(name -> !kept.contains(name))
                .sorted()
                .toList();
        return gone.isEmpty()
                ? Stream.empty()
                : Stream.of(new Result.Warning(
                        after.field("environment"),
                        "container %s has not any more what it has in %s: %s"
                                .formatted(after.name(), now.name(), String.join(", ", gone)),
                        "Make sure that the application does without."));
    }
}
