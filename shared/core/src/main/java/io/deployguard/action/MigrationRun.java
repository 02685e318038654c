package io.deployguard.action;

import io.deployguard.ecs.Container;
import io.deployguard.ecs.DeploymentId;
import io.deployguard.ecs.Task;
import io.deployguard.ecs.TaskDefinition;
import io.deployguard.ecs.TaskDefinition.ContainerDefinition;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** How far the migration task has come, as ECS shows it. */
public sealed interface MigrationRun {

    /** ECS lists none: never started, started a moment ago, or ended more than an hour ago. */
    record NotListed() implements MigrationRun {}

    /** One that somebody else started runs right now. */
    record OfSomebodyElse(Task task) implements MigrationRun {}

    record Running(Task task) implements MigrationRun {}

    /** Every essential container exited with 0. */
    record Succeeded(Task task) implements MigrationRun {}

    record Failed(Task task, String because) implements MigrationRun {}

    /**
     * The run for a failing revision; the tasks of others count while it has none.
     *
     * @param oneOffs tasks of the migration's family that no service started
     * @param definitions of their task definitions, by ARN
     */
    static MigrationRun find(List<Task> oneOffs, DeploymentId failing, Function<String, TaskDefinition> definitions) {
        var group = Migration.groupFor(failing);
        return oneOffs.stream()
                .filter(task -> task.group().equals(group))
                .findFirst()
                .map(task -> of(task, definitions))
                .or(() -> oneOffs.stream()
                        .filter(task -> !task.isStopping())
                        .findFirst()
                        .map(OfSomebodyElse::new))
                .orElse(new NotListed());
    }

    /** The guard's own task. */
    default Optional<Task> own() {
        return switch (this) {
            case NotListed _, OfSomebodyElse _ -> Optional.empty();
            case Running(var task) -> Optional.of(task);
            case Succeeded(var task) -> Optional.of(task);
            case Failed(var task, var _) -> Optional.of(task);
        };
    }

    private static MigrationRun of(Task task, Function<String, TaskDefinition> definitions) {
        if (!task.isStopping()) {
            return new Running(task);
        }
        var essential = definitions.apply(task.taskDefinitionArn()).containers().stream()
                .filter(ContainerDefinition::essential)
                .map(ContainerDefinition::name)
                .toList();
        var ended = task.containers().stream()
                .filter(container -> essential.contains(container.name()))
                .toList();
        var failed = ended.stream()
                .filter(container ->
                        container.exitCode().filter(code -> code != 0).isPresent())
                .findFirst();
        if (failed.isPresent()) {
            return new Failed(
                    task,
                    "container %s ended with exit code %d"
                            .formatted(
                                    failed.get().name(), failed.get().exitCode().orElseThrow()));
        }
        var exited = ended.stream().filter(MigrationRun::hasExited).count();
        if (!essential.isEmpty() && exited == essential.size()) {
            return new Succeeded(task);
        }
        // Exit codes may come later than the stop; without any at the very end a container never ran.
        return task.lastStatus().equals("STOPPED")
                ? new Failed(
                        task,
                        task.stop()
                                .map(stop -> stop.reason())
                                .filter(reason -> !reason.isBlank())
                                .orElse("a container of it never ran"))
                : new Running(task);
    }

    private static boolean hasExited(Container container) {
        return container.exitCode().isPresent();
    }
}
