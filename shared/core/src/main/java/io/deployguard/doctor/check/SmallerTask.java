package io.deployguard.doctor.check;

import io.deployguard.doctor.Check;
import io.deployguard.doctor.Draft;
import io.deployguard.doctor.Result;
import io.deployguard.doctor.Surroundings;
import java.util.Optional;
import java.util.stream.Stream;

/** A limit that is lowered is the first suspect when a task is killed for its memory. */
final class SmallerTask implements Check.OfService {

    @Override
    public String id() {
        return "smaller-task";
    }

    @Override
    public String about() {
        return "Less CPU or memory than the running definition has.";
    }

    @Override
    public String source() {
        return "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/out-of-memory.html";
    }

    @Override
    public Stream<Result> examine(Draft draft, Surroundings around) {
        return around.running().stream()
                .flatMap(look -> look.judge(
                        "memory",
                        now -> Stream.concat(
                                Stream.of(
                                                less(
                                                        "memory",
                                                        "MiB for the task",
                                                        now.definition().memoryMiB(),
                                                        draft.definition().memoryMiB()),
                                                less(
                                                        "cpu",
                                                        "CPU units for the task",
                                                        now.definition().cpuUnits(),
                                                        draft.definition().cpuUnits()))
                                        .flatMap(Optional::stream),
                                draft.each(container -> now.findContainer(container.name()).stream()
                                        .flatMap(before -> less(
                                                container.field("memory"),
                                                "MiB for container " + container.name(),
                                                before.definition().memoryMiB(),
                                                container.definition().memoryMiB())
                                                .stream())))));
    }

    private static Optional<Result> less(String field, String what, Optional<Integer> before, Optional<Integer> after) {
        return before.isPresent() && after.isPresent() && after.get() < before.get()
                ? Optional.of(new Result.Warning(
                        field,
                        "%d %s, and what runs has %d".formatted(after.get(), what, before.get()),
                        "Make sure that the peak fits."))
                : Optional.empty();
    }
}
