package io.deployguard.doctor.check;

import io.deployguard.doctor.Check;
import io.deployguard.doctor.Draft;
import io.deployguard.doctor.Result;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Localhost of a task is the task: a database is not there, and a server that listens there is not reached. */
final class Loopback implements Check.OfDefinition {

    @Override
    public String id() {
        return "loopback";
    }

    @Override
    public String about() {
        return "An address of the container itself where a variable should name a host, in a task of one container.";
    }

    @Override
    public String source() {
        return "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-networking-awsvpc.html";
    }

    private static final Pattern LOCAL = Pattern.compile(
            "(?i)(?:[a-z][a-z0-9+.-]*://(?:[^@/]*@)?)?(?:localhost|127\\.0\\.0\\.1)(?::\\d{1,5})?(?:[/?].*)?");

    /** By which names a variable says where something is. */
    private static final Pattern PLACE = Pattern.compile(
            "(?i).*(?:host|hostname|hosts|url|uri|endpoint|addr|address|server|servers|bind|broker|brokers)\\d*");

    @Override
    public Stream<Result> examine(Draft draft) {
        return draft.containers().size() > 1
                ? Stream.empty()
                : draft.each(container -> container.definition().environment().entrySet().stream()
                        .filter(variable -> PLACE.matcher(variable.getKey()).matches()
                                && LOCAL.matcher(variable.getValue()).matches())
                        .map(Map.Entry::getKey)
                        .sorted()
                        .map(name -> new Result.Warning(
                                container.field("environment"),
                                "%s of container %s names the task itself, and no other container runs in it"
                                        .formatted(name, container.name()),
                                "Name the host that serves; to listen, take 0.0.0.0.")));
    }
}
