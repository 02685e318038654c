package io.deployguard.doctor.check;

import io.deployguard.doctor.Check;
import io.deployguard.doctor.Draft;
import io.deployguard.doctor.Result;
import java.util.List;
import java.util.stream.Stream;

/** Settings of a host that nobody has on Fargate. */
final class FargateSettings implements Check.OfDefinition {

    @Override
    public String id() {
        return "fargate-settings";
    }

    @Override
    public String about() {
        return "What Fargate does not know: another network mode than `awsvpc`, `privileged`, `links`, other host ports, and the like.";
    }

    @Override
    public String source() {
        return "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html";
    }

    private static final List<String> UNKNOWN = List.of(
            "disableNetworking",
            "dnsSearchDomains",
            "dnsServers",
            "dockerSecurityOptions",
            "extraHosts",
            "links",
            "privileged");

    @Override
    public Stream<Result> examine(Draft draft) {
        if (!draft.fargate()) {
            return Stream.empty();
        }
        var mode = draft.networkMode().equals("awsvpc")
                ? Stream.<Result>empty()
                : Stream.<Result>of(new Result.Problem(
                        "networkMode",
                        "%s, and Fargate knows awsvpc only".formatted(draft.networkMode()),
                        "Set networkMode to awsvpc."));
        return Stream.concat(
                mode,
                draft.each(container -> UNKNOWN.stream()
                        .filter(container.settings()::contains)
                        .map(name -> new Result.Problem(
                                container.field(name),
                                "container %s sets %s, which Fargate does not take".formatted(container.name(), name),
                                "Leave it out."))));
    }
}
