package io.deployguard.ecs;

import io.deployguard.ecs.TaskDefinition.ContainerDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** What a revision changed, in words: names of variables and secrets, never their values. */
public final class RevisionChanges {

    private RevisionChanges() {}

    /** Differences from the earlier to the later definition, containers in their order; empty when there are none. */
    public static List<String> between(TaskDefinition before, TaskDefinition after) {
        var changes = new ArrayList<String>();
        compare(changes, "task CPU", before.cpuUnits(), after.cpuUnits());
        compare(changes, "task memory", before.memoryMiB(), after.memoryMiB());
        compare(changes, "CPU architecture", before.cpuArchitecture(), after.cpuArchitecture());
        compare(changes, "network mode", before.networkMode(), after.networkMode());
        mention(changes, "task role", before.taskRoleArn(), after.taskRoleArn());
        mention(changes, "execution role", before.executionRoleArn(), after.executionRoleArn());
        mention(changes, "volumes", before.volumes(), after.volumes());
        for (var container : after.containers()) {
            before.findContainer(container.name())
                    .ifPresentOrElse(
                            earlier -> compareContainers(changes, earlier, container),
                            () -> changes.add("container " + container.name() + " added"));
        }
        before.containers().stream()
                .filter(earlier -> after.findContainer(earlier.name()).isEmpty())
                .forEach(earlier -> changes.add("container " + earlier.name() + " removed"));
        return changes;
    }

    private static void compareContainers(List<String> changes, ContainerDefinition before, ContainerDefinition after) {
        var of = " of " + after.name();
        if (!before.image().equals(after.image())) {
            var same = tail(before.image()).equals(tail(after.image()));
            changes.add("image%s: %s → %s"
                    .formatted(
                            of,
                            same ? before.image() : tail(before.image()),
                            same ? after.image() : tail(after.image())));
        }
        mention(changes, "command" + of, before.command(), after.command());
        mention(changes, "entry point" + of, before.entryPoint(), after.entryPoint());
        compare(changes, "ports" + of, before.containerPorts(), after.containerPorts());
        compare(changes, "CPU" + of, before.cpuUnits(), after.cpuUnits());
        compare(changes, "memory" + of, before.memoryMiB(), after.memoryMiB());
        mention(changes, "health check" + of, before.healthCheck(), after.healthCheck());
        mention(changes, "log configuration" + of, before.logConfiguration(), after.logConfiguration());
        mention(changes, "essential flag" + of, before.essential(), after.essential());
        mention(changes, "restart policy" + of, before.restartPolicy(), after.restartPolicy());
        compareNames(changes, "variable", of, before.environment(), after.environment());
        compareNames(changes, "secret", of, before.secretNames(), after.secretNames());
    }

    private static void compareNames(
            List<String> changes, String kind, String of, Map<String, String> before, Map<String, String> after) {
        addNames(changes, kind, of, "added", after, name -> !before.containsKey(name));
        addNames(changes, kind, of, "removed", before, name -> !after.containsKey(name));
        addNames(
                changes,
                kind,
                of,
                "changed",
                after,
                name -> before.containsKey(name) && !Objects.equals(before.get(name), after.get(name)));
    }

    private static void addNames(
            List<String> changes,
            String kind,
            String of,
            String what,
            Map<String, String> among,
            Function<String, Boolean> chosen) {
        Set<String> names = new TreeSet<>();
        among.keySet().stream().filter(chosen::apply).forEach(names::add);
        if (!names.isEmpty()) {
            changes.add(
                    "%s%s%s %s: %s".formatted(kind, names.size() > 1 ? "s" : "", of, what, String.join(", ", names)));
        }
    }

    private static void compare(List<String> changes, String what, Object before, Object after) {
        if (!before.equals(after)) {
            changes.add("%s: %s → %s".formatted(what, inWords(before), inWords(after)));
        }
    }

    private static void mention(List<String> changes, String what, Object before, Object after) {
        if (!before.equals(after)) {
            changes.add(what + " changed");
        }
    }

    private static String inWords(Object value) {
        return switch (value) {
            case Optional<?> optional -> optional.map(Object::toString).orElse("none");
            case List<?> list ->
                list.isEmpty()
                        ? "none"
                        : String.join(", ", list.stream().map(Object::toString).toList());
            default -> value.toString();
        };
    }

    /** {@code web:1.5.0} of a registry path; a digest is cut to twelve digits. */
    private static String tail(String image) {
        var name = image.substring(image.lastIndexOf('/') + 1);
        var digest = name.indexOf("@sha256:");
        return digest < 0 ? name : name.substring(0, Math.min(name.length(), digest + 20));
    }
}
