package io.deployguard.classification;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the ECS agent and the Docker daemon of a container instance write of a container that they could not pull, create or start: the text that
 * ECS shows as the container's reason.
 *
 * @see <a href="https://github.com/aws/amazon-ecs-agent/blob/master/agent/engine/task_manager.go">task_manager.go</a>
 */
final class AgentLog {

    /** One of these is in every line that is worth a closer look. */
    private static final List<String> SIGNS = List.of(
            "rror transitioning container",
            "rror while pulling",
            "marking its desired status as STOPPED: ",
            "DockerGoClient: failed to pull image",
            " returned error: ");

    private static final Pattern REASON =
            Pattern.compile("rror transitioning container \\[[^\\]]*\\] to \\[\\w+\\]: (?P<reason>.+)"
                    + "|rror transitioning container\\b.* error=\"(?P<field>.+?)\"(?: \\w+=|$)"
                    + "|rror while pulling (?:container|image) .+?(?:will try to run anyway|moving task to STOPPED): (?P<pull>.+)"
                    + "|marking its desired status as STOPPED: (?P<stop>.+)"
                    + "|DockerGoClient: failed to pull image \\S+: (?P<client>.+)"
                    + "|Handler for POST \\S*/containers/\\S+ returned error: (?P<daemon>.+)");

    private static final List<String> NAMES = List.of("reason", "field", "pull", "stop", "client", "daemon");

    private AgentLog() {}

    /** The reason as ECS would show it, led by the name that ECS gives such an error. */
    static Optional<String> containerReason(String line) {
        if (SIGNS.stream().noneMatch(line::contains)) {
            return Optional.empty();
        }
        Matcher found = REASON.matcher(line);
        return !found.find()
                ? Optional.empty()
                : NAMES.stream()
                        .flatMap(name -> Stream.ofNullable(found.group(name)))
                        .findFirst()
                        .map(reason -> reason.startsWith("Cannot") ? reason : errorName(line) + ": " + reason);
    }

    private static String errorName(String line) {
        String lower = line.toLowerCase(Locale.ROOT);
        if (lower.contains("pull")) {
            return "CannotPullContainerError";
        }
        return lower.contains("[created]") ? "CannotCreateContainerError" : "CannotStartContainerError";
    }
}
