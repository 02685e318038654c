package io.deployguard.simulation.lab;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The child processes of this program; none of them outlives it.
 *
 * <p>Whatever is started here is stopped when the JVM ends: at a normal exit, after an exception, on SIGINT (Ctrl-C) and on SIGTERM.
 * A child is asked first, given {@link #GRACE}, then killed, together with its descendants. SIGKILL to this program is the one end that
 * no program can see.
 *
 * <p>Threads may share it.
 */
public final class Processes {
    /** How long a child may take to stop by itself. */
    static final Duration GRACE = Duration.ofSeconds(2);

    private static final Duration AFTER_KILL = Duration.ofSeconds(5);

    private static final Object LOCK = new Object();
    private static final Map<Process, Consumer<Process>> RUNNING = new LinkedHashMap<>();
    private static final Deque<CleanUp> CLEAN_UPS = new ArrayDeque<>();
    private static boolean ending;

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(Processes::end, "stop-child-processes"));
    }

    private Processes() {}

    /** Starts a child that stops on SIGTERM. */
    public static Process start(ProcessBuilder builder) throws IOException {
        return start(builder, Process::destroy);
    }

    /**
     * Starts a child that needs more than SIGTERM to stop.
     *
     * @param askToStop asks the child to stop and may return before it has
     * @throws IllegalStateException when this program is about to end
     */
    public static Process start(ProcessBuilder builder, Consumer<Process> askToStop) throws IOException {
        Process process;
        synchronized (LOCK) {
            // Held over the start: a child that the shutdown hook does not know would stay behind.
            if (ending) {
                throw new IllegalStateException("start %s: this program is about to end".formatted(program(builder)));
            }
            process = builder.start();
            RUNNING.put(process, askToStop);
        }
        var _ = process.onExit().thenAccept(Processes::forget);
        return process;
    }

    /** Stops a child and its descendants, and returns when they are gone; does nothing when the child has ended already. */
    public static void stop(Process process) {
        Consumer<Process> askToStop;
        synchronized (LOCK) {
            askToStop = RUNNING.getOrDefault(process, Process::destroy);
        }
        stopAll(Map.of(process, askToStop));
        forget(process);
    }

    /** Kills a child and its descendants as the kernel's out-of-memory killer would: at once, without a word to it. */
    public static void kill(Process process) {
        var family = family(process).toList();
        family.forEach(ProcessHandle::destroyForcibly);
        awaitEnd(family, AFTER_KILL);
        awaitKnown(List.of(process));
    }

    /**
     * Has something done at the end of this program, after all children are gone; the newest first.
     *
     * @throws IllegalStateException when this program is about to end; it is then done already
     */
    public static CleanUp atEnd(Runnable action) {
        var cleanUp = new CleanUp(action);
        synchronized (LOCK) {
            if (!ending) {
                CLEAN_UPS.push(cleanUp);
                return cleanUp;
            }
        }
        cleanUp.run();
        throw new IllegalStateException("this program is about to end");
    }

    /** Makes something; see {@link #own}. */
    interface Making<T> {
        T make() throws IOException;
    }

    /** Something that does not outlast this program, and how to be rid of it earlier. */
    record Owned<T>(T thing, CleanUp undoing) {}

    /**
     * Makes something that must not outlast this program. The program cannot end between the making and the knowledge of how to undo it.
     *
     * @throws IllegalStateException when this program is about to end; nothing is made then
     */
    static <T> Owned<T> own(Making<T> making, Consumer<T> undo) throws IOException {
        synchronized (LOCK) {
            if (ending) {
                throw new IllegalStateException("this program is about to end");
            }
            var thing = making.make();
            var undoing = new CleanUp(() -> undo.accept(thing));
            CLEAN_UPS.push(undoing);
            return new Owned<>(thing, undoing);
        }
    }

    /** What is done at the end of this program at the latest, and once. */
    public static final class CleanUp {
        private final Runnable action;
        private boolean done;

        private CleanUp(Runnable action) {
            this.action = action;
        }

        /** Does it now, or waits for the end of the program that is doing it; only then may the program be gone. */
        public void run() {
            synchronized (this) {
                if (!done) {
                    done = true;
                    action.run();
                }
            }
            forget();
        }

        /** There is nothing left to do. */
        public void forget() {
            synchronized (LOCK) {
                CLEAN_UPS.remove(this);
            }
        }
    }

    /** Whether this program is about to end: what fails now fails because all else is being stopped. */
    public static boolean isEnding() {
        synchronized (LOCK) {
            return ending;
        }
    }

    private static void end() {
        Map<Process, Consumer<Process>> children;
        List<CleanUp> cleanUps;
        synchronized (LOCK) {
            ending = true;
            children = new LinkedHashMap<>(RUNNING);
            cleanUps = new ArrayList<>(CLEAN_UPS);
        }
        stopAll(children);
        for (var cleanUp : cleanUps) {
            try {
                cleanUp.run();
            } catch (RuntimeException failure) {
                // The others still have their turn.
                System.err.println(failure.getMessage());
            }
        }
    }

    private static void stopAll(Map<Process, Consumer<Process>> children) {
        // Taken before anything stops: an orphan has no parent by which to find it.
        var families = children.keySet().stream().flatMap(Processes::family).toList();
        children.forEach((process, askToStop) -> {
            if (process.isAlive()) {
                askToStop.accept(process);
            }
        });
        awaitEnd(families, GRACE);
        var late = Stream.concat(families.stream(), children.keySet().stream().flatMap(Processes::family))
                .filter(ProcessHandle::isAlive)
                .distinct()
                .toList();
        late.forEach(ProcessHandle::destroyForcibly);
        awaitEnd(late, AFTER_KILL);
        awaitKnown(children.keySet());
    }

    private static void awaitEnd(Collection<ProcessHandle> processes, Duration limit) {
        await(() -> processes.stream().noneMatch(ProcessHandle::isAlive), limit);
    }

    /** The system knows of an end a moment before {@link Process#isAlive} does, and callers ask that. */
    private static void awaitKnown(Collection<Process> processes) {
        await(() -> processes.stream().noneMatch(Process::isAlive), AFTER_KILL);
    }

    private static void await(BooleanSupplier condition, Duration limit) {
        var deadline = System.nanoTime() + limit.toNanos();
        var interrupted = false;
        while (!condition.getAsBoolean() && System.nanoTime() < deadline) {
            try {
                TimeUnit.MILLISECONDS.sleep(5);
            } catch (InterruptedException e) {
                interrupted = true; // remembered below: stopping is what an interrupted owner wants too
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static Stream<ProcessHandle> family(Process process) {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants());
    }

    private static void forget(Process process) {
        synchronized (LOCK) {
            RUNNING.remove(process);
        }
    }

    private static String program(ProcessBuilder builder) {
        return builder.command().getFirst();
    }
}
