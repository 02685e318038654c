package io.deployguard.doctor.check;

import io.deployguard.doctor.Check;
import io.deployguard.doctor.Draft;
import io.deployguard.doctor.Result;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Fargate runs tasks of certain sizes only. */
final class FargateSize implements Check.OfDefinition {

    @Override
    public String id() {
        return "fargate-size";
    }

    @Override
    public String about() {
        return "CPU, memory or ephemeral storage that Fargate does not offer.";
    }

    @Override
    public String source() {
        return "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html";
    }

    private static final List<Size> SIZES = List.of(
            new Size(256, 512, 2048, 0),
            new Size(512, 1024, 4096, 1024),
            new Size(1024, 2048, 8192, 1024),
            new Size(2048, 4096, 16384, 1024),
            new Size(4096, 8192, 30720, 1024),
            new Size(8192, 16384, 61440, 4096),
            new Size(16384, 32768, 122880, 8192));

    private static final Set<Integer> OF_THE_SMALLEST = Set.of(512, 1024, 2048);
    private static final int LEAST_STORAGE = 21;
    private static final int MOST_STORAGE = 200;

    /** A CPU size and the memory that goes with it, in MiB; without a step only {@link #OF_THE_SMALLEST}. */
    private record Size(int cpu, int least, int most, int step) {

        boolean takes(int memory) {
            return step == 0
                    ? OF_THE_SMALLEST.contains(memory)
                    : memory >= least && memory <= most && memory % step == 0;
        }

        String offer() {
            return step == 0 ? "512, 1024 or 2048 MiB" : "%d to %d MiB in steps of %d".formatted(least, most, step);
        }
    }

    @Override
    public Stream<Result> examine(Draft draft) {
        return draft.fargate() ? Stream.concat(size(draft).stream(), storage(draft).stream()) : Stream.empty();
    }

    private static Optional<Result> size(Draft draft) {
        var cpu = draft.definition().cpuUnits();
        var memory = draft.definition().memoryMiB();
        if (cpu.isEmpty() || memory.isEmpty()) {
            return Optional.of(new Result.Problem(
                    cpu.isEmpty() ? "cpu" : "memory",
                    "the task has no %s of its own, which Fargate asks for".formatted(cpu.isEmpty() ? "CPU" : "memory"),
                    "Set cpu and memory of the task, beside containerDefinitions."));
        }
        var size = SIZES.stream().filter(offered -> offered.cpu() == cpu.get()).findFirst();
        if (size.isEmpty()) {
            return Optional.of(new Result.Problem(
                    "cpu",
                    "Fargate offers no task with %d CPU units".formatted(cpu.get()),
                    "Take one of 256, 512, 1024, 2048, 4096, 8192 and 16384."));
        }
        return size.get().takes(memory.get())
                ? Optional.empty()
                : Optional.of(new Result.Problem(
                        "memory",
                        "Fargate offers no task with %d CPU units and %d MiB".formatted(cpu.get(), memory.get()),
                        "With %d CPU units take %s."
                                .formatted(cpu.get(), size.get().offer())));
    }

    private static Optional<Result> storage(Draft draft) {
        return draft.ephemeralStorageGiB()
                .filter(size -> size < LEAST_STORAGE || size > MOST_STORAGE)
                .map(size -> new Result.Problem(
                        "ephemeralStorage.sizeInGiB",
                        "%d GiB, and Fargate takes 21 to 200".formatted(size),
                        "Leave it out for the 20 GiB that every task has, or take 21 to 200."));
    }
}
