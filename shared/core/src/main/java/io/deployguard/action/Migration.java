package io.deployguard.action;

import io.deployguard.ecs.DeploymentId;
import io.deployguard.ecs.ServiceDescription;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The one-off task that brings the database up to a release, as the tags of its service name it.
 *
 * @param taskDefinition {@code family}, which is its newest ACTIVE revision, or {@code family:revision}
 * @param command of the task's first essential container; empty leaves the container its own
 */
public record Migration(String taskDefinition, List<String> command) {

    /** The service tag that names the task definition; without it the release's own one is run, which then takes a command. */
    public static final String TASK_TAG = "deploy-guard:migration-task";

    /** The service tag with the command, its words separated by blanks. */
    public static final String COMMAND_TAG = "deploy-guard:migration-command";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,255}(?::[1-9]\\d*)?");

    /** Tasks that the guard starts are of a group of their own: it comes with their events, and tells the revision they are run for. */
    private static final String GROUP = "deploy-guard:";

    public Migration {
        command = List.copyOf(command);
    }

    /** Whether the service wants its migrations run by the guard. */
    static boolean isNamed(Map<String, String> tags) {
        return tags.containsKey(TASK_TAG) || tags.containsKey(COMMAND_TAG);
    }

    /** What the tags name; absent when they cannot be read, or the service runs nothing that could be named instead. */
    static Optional<Migration> find(ServiceDescription service) {
        var command = Optional.ofNullable(service.tags().get(COMMAND_TAG)).map(String::strip).stream()
                .filter(text -> !text.isEmpty())
                .flatMap(text -> Pattern.compile("\\s+").splitAsStream(text))
                .toList();
        var named = Optional.ofNullable(service.tags().get(TASK_TAG)).map(String::strip);
        return named.isPresent()
                ? named.filter(text -> NAME.matcher(text).matches()).map(text -> new Migration(text, command))
                : service.primary()
                        .filter(_ -> !command.isEmpty())
                        .map(primary -> new Migration(shortName(primary.taskDefinitionArn()), command));
    }

    /** The name without its revision. */
    static String familyOf(String taskDefinition) {
        return taskDefinition.replaceFirst(":\\d+$", "");
    }

    /** The group of the tasks that are run for a failing revision. */
    public static String groupFor(DeploymentId failing) {
        return GROUP + failing.value().substring(failing.value().lastIndexOf('/') + 1);
    }

    /** The failing revision that a task was run for; absent for tasks that the guard did not start. */
    public static Optional<DeploymentId> findInGroup(String group) {
        return group.startsWith(GROUP)
                ? Optional.of(DeploymentId.ofRevision(group.substring(GROUP.length())))
                : Optional.empty();
    }

    private static String shortName(String arn) {
        return arn.substring(arn.lastIndexOf('/') + 1);
    }
}
