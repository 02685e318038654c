package io.deployguard.doctor.check;

import io.deployguard.doctor.Check;
import io.deployguard.doctor.Draft;
import io.deployguard.doctor.Result;
import java.util.Optional;
import java.util.stream.Stream;

/** What the containers ask for must fit into the task. */
final class ContainerSize implements Check.OfDefinition {

    @Override
    public String id() {
        return "container-size";
    }

    @Override
    public String about() {
        return "Containers that ask for more CPU or memory than the task has, or, on EC2, for no memory at all.";
    }

    @Override
    public String source() {
        return "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html";
    }

    @Override
    public Stream<Result> examine(Draft draft) {
        return Stream.concat(
                draft.each(container -> alone(draft, container).stream()),
                Stream.concat(memory(draft).stream(), cpu(draft).stream()));
    }

    private static Optional<Result> alone(Draft draft, Draft.Container container) {
        var limit = container.definition().memoryMiB();
        var task = draft.definition().memoryMiB();
        if (limit.isEmpty() && container.memoryReservationMiB().isEmpty() && task.isEmpty() && !draft.fargate()) {
            return Optional.of(new Result.Problem(
                    container.field("memory"),
                    "neither the task nor container %s says how much memory it needs".formatted(container.name()),
                    "Set memory or memoryReservation of the container."));
        }
        if (limit.isPresent() && task.isPresent() && limit.get() > task.get()) {
            return Optional.of(new Result.Problem(
                    container.field("memory"),
                    "container %s may take %d MiB, the task has %d"
                            .formatted(container.name(), limit.get(), task.get()),
                    "Raise the task's memory, or lower the container's."));
        }
        var soft = container.memoryReservationMiB();
        return limit.isPresent() && soft.isPresent() && soft.get() > limit.get()
                ? Optional.of(new Result.Problem(
                        container.field("memoryReservation"),
                        "container %s reserves %d MiB and may take %d"
                                .formatted(container.name(), soft.get(), limit.get()),
                        "Reserve no more than memory allows."))
                : Optional.empty();
    }

    private static Optional<Result> memory(Draft draft) {
        var task = draft.definition().memoryMiB();
        if (task.isEmpty()) {
            return Optional.empty();
        }
        var reserved = sum(draft.containers().stream().map(Draft.Container::reservedMiB));
        var limits = sum(draft.containers().stream()
                .map(container -> container.definition().memoryMiB()));
        if (reserved > task.get()) {
            return Optional.of(new Result.Problem(
                    "memory",
                    "the containers reserve %d MiB together, the task has %d".formatted(reserved, task.get()),
                    "Raise the task's memory, or let the containers reserve less."));
        }
        return limits > task.get()
                ? Optional.of(new Result.Warning(
                        "memory",
                        "the containers may take %d MiB together, the task has %d: one is killed before it reaches its limit"
                                .formatted(limits, task.get()),
                        "Raise the task's memory to the sum of the limits."))
                : Optional.empty();
    }

    private static Optional<Result> cpu(Draft draft) {
        var units = sum(draft.containers().stream()
                .map(container -> container.definition().cpuUnits()));
        return draft.definition()
                .cpuUnits()
                .filter(task -> units > task)
                .map(task -> new Result.Problem(
                        "cpu",
                        "the containers ask for %d CPU units together, the task has %d".formatted(units, task),
                        "Raise the task's cpu, or let the containers ask for less."));
    }

    private static int sum(Stream<Optional<Integer>> parts) {
        return parts.flatMap(Optional::stream).mapToInt(Integer::intValue).sum();
    }
}
