package io.deployguard.aws;

import io.deployguard.fault.GuardFault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Asks several questions at once, one virtual thread each, under one deadline. */
public final class Parallel {

    private Parallel() {}

    /** An answer, or why there is none. */
    public sealed interface Answer<T> {

        record Given<T>(T value) implements Answer<T> {}

        record Refused<T>(GuardFault fault) implements Answer<T> {}
    }

    /** All answers in the order of the questions; what is late is cancelled. */
    public static <T> List<Answer<T>> ask(List<? extends Callable<T>> questions, Duration within) {
        var end = System.nanoTime() + within.toNanos();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var asked = new ArrayList<Future<T>>();
            questions.forEach(question -> asked.add(threads.submit(question)));
            var answers = asked.stream()
                    .map(answer -> await(answer, end - System.nanoTime()))
                    .toList();
            threads.shutdownNow();
            return answers;
        }
    }

    private static <T> Answer<T> await(Future<T> asked, long nanos) {
        try {
            return new Answer.Given<>(asked.get(Math.max(nanos, 0), TimeUnit.NANOSECONDS));
        } catch (ExecutionException failed) {
            return switch (failed.getCause()) {
                case GuardFault fault -> new Answer.Refused<>(fault);
                case RuntimeException bug -> throw bug;
                case null, default -> throw new IllegalStateException(failed.getCause());
            };
        } catch (java.util.concurrent.TimeoutException | CancellationException late) {
            asked.cancel(true);
            return new Answer.Refused<>(new GuardFault.TimedOut("no answer within the time that was left", late));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            asked.cancel(true);
            return new Answer.Refused<>(new GuardFault.TimedOut("interrupted", interrupted));
        }
    }
}
