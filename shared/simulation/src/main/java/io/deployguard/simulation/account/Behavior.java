package io.deployguard.simulation.account;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * What the main container of a task does once it may start; the main container is the first essential one.
 *
 * <p>Times count from the container's start. Health checks look at what the behavior says at the moment of the check, so a slow start meets
 * a short grace period as it does in AWS.
 */
public sealed interface Behavior {
    /** A line of the container's log, written {@code at} after its start. */
    record LogLine(Duration at, String text) {}

    /** What a target's health check sees instead of a good answer. */
    record TargetAnswer(String reason, String description) {
        /** Nobody listens on the port. */
        public static final TargetAnswer REFUSED =
                new TargetAnswer("Target.FailedHealthChecks", "Health checks failed");

        /** Nobody answers in time. */
        public static final TargetAnswer TIMEOUT = new TargetAnswer("Target.Timeout", "Request timed out");

        /** The application answers with another status than the matcher expects. */
        public static TargetAnswer status(int code) {
            return new TargetAnswer(
                    "Target.ResponseCodeMismatch", "Health checks failed with these codes: [" + code + "]");
        }
    }

    /**
     * What is known when a task starts.
     *
     * @param command that of the override, else empty
     * @param task its id; absent while the scheduler only asks whether there is room for one
     */
    record Start(World world, String taskDefinition, List<String> command, Optional<String> task) {}

    /** Answers all checks {@code after} its start, and goes on for ever. */
    record Healthy(Duration after, List<LogLine> lines) implements Behavior {
        public Healthy {
            lines = List.copyOf(lines);
        }
    }

    /**
     * Ends by itself, without ever having been healthy.
     *
     * @param reason of the container, e.g. {@code OutOfMemoryError: Container killed due to memory usage}
     * @param sets the flag of the world that holds from an exit with 0 on: what a migration achieves
     */
    record Exits(List<LogLine> lines, Duration after, int exitCode, Optional<String> reason, Optional<String> sets)
            implements Behavior {
        public Exits {
            lines = List.copyOf(lines);
        }

        /** The same, achieving something when it ends with 0. */
        public Exits setting(String flag) {
            return new Exits(lines, after, exitCode, reason, Optional.of(flag));
        }

        /** The same with a reason of the container. */
        public Exits because(String text) {
            return new Exits(lines, after, exitCode, Optional.of(text), sets);
        }
    }

    /**
     * Writes {@code line} again and again and never gets healthy, unless the awaited flag holds one day.
     *
     * @param until the flag it waits for and the line it writes then; without it the container hangs for ever
     */
    record Hangs(String line, Duration every, TargetAnswer answer, Optional<LineOnFlag> until) implements Behavior {}

    /** The line written when {@code flag} holds. */
    record LineOnFlag(String flag, String line) {}

    /** Never starts a container: image, secret or network is missing. */
    record FailsToStart(String stoppedReason) implements Behavior {}

    /**
     * Finds no place to run: no task comes into being, the service only says why.
     *
     * @param reason of the event; with an empty one the service says nothing at all
     */
    record Unplaceable(String reason) implements Behavior {}

    /** Its container is healthy but the load balancer gets the wrong answer. */
    record FailsTargetChecks(TargetAnswer answer, List<LogLine> lines) implements Behavior {
        public FailsTargetChecks {
            lines = List.copyOf(lines);
        }
    }

    /** Serves, but the container's own check fails: it asks with a tool that the image does not have, for instance. */
    record FailsContainerCheck(Healthy serving) implements Behavior {}

    /** Is healthy for a while after {@link Healthy#after} and then ends. */
    record CrashesLate(
            Healthy start, Duration healthyFor, List<String> lastWords, int exitCode, Optional<String> reason)
            implements Behavior {
        public CrashesLate {
            lastWords = List.copyOf(lastWords);
        }
    }

    /** Is healthy until the load balancer sends it requests of users, and ends a while after. */
    record CrashesUnderTraffic(Healthy start, Duration endures, List<String> lastWords, int exitCode)
            implements Behavior {
        public CrashesUnderTraffic {
            lastWords = List.copyOf(lastWords);
        }
    }

    /** Decides at each start of a task. */
    record Decided(Function<Start, Behavior> by) implements Behavior {}

    /** Healthy after 5 s. */
    static Healthy healthy() {
        return healthyAfter(Duration.ofSeconds(5));
    }

    /** Healthy after {@code delay}, with these lines spread over it. */
    static Healthy healthyAfter(Duration delay, String... lines) {
        return new Healthy(delay, spread(delay, lines));
    }

    /** Ends with {@code exitCode} after {@code delay}, with these lines spread over it. */
    static Exits crashing(Duration delay, int exitCode, String... lines) {
        return new Exits(spread(delay, lines), delay, exitCode, Optional.empty(), Optional.empty());
    }

    /** Does its work and ends with 0. */
    static Exits completing(Duration delay, String... lines) {
        return crashing(delay, 0, lines);
    }

    /** Writes {@code line} every {@code pause}; its port refuses connections. */
    static Hangs hanging(Duration pause, String line) {
        return new Hangs(line, pause, TargetAnswer.REFUSED, Optional.empty());
    }

    /** Writes {@code line} every {@code pause} until {@code flag} holds, then {@code relief}, and is healthy from there. */
    static Hangs waitingFor(String flag, Duration pause, String line, String relief) {
        return new Hangs(line, pause, TargetAnswer.status(503), Optional.of(new LineOnFlag(flag, relief)));
    }

    static FailsToStart failingToStart(String stoppedReason) {
        return new FailsToStart(stoppedReason);
    }

    /** No task comes into being, and nothing is said about it. */
    static Unplaceable absent() {
        return new Unplaceable("");
    }

    static Unplaceable unplaceable(String reason) {
        return new Unplaceable(reason);
    }

    static FailsTargetChecks failingTargetChecks(TargetAnswer answer, String... lines) {
        return new FailsTargetChecks(answer, spread(Duration.ofSeconds(5), lines));
    }

    static FailsContainerCheck failingContainerCheck(String... lines) {
        return new FailsContainerCheck(healthyAfter(Duration.ofSeconds(5), lines));
    }

    /** Healthy after 5 s, and then for {@code healthyFor}. */
    static CrashesLate crashingLate(Duration healthyFor, int exitCode, String... lastWords) {
        return new CrashesLate(healthy(), healthyFor, List.of(lastWords), exitCode, Optional.empty());
    }

    /** Healthy after 5 s, until users have asked it for {@code endures}. */
    static CrashesUnderTraffic crashingUnderTraffic(Duration endures, int exitCode, String... lastWords) {
        return new CrashesUnderTraffic(healthy(), endures, List.of(lastWords), exitCode);
    }

    /** One of two, by a flag of the world at the start of each task. */
    static Decided when(String flag, Behavior ifSet, Behavior otherwise) {
        return new Decided(start -> start.world().holds(flag) ? ifSet : otherwise);
    }

    private static List<LogLine> spread(Duration over, String... lines) {
        return IntStream.range(0, lines.length)
                .mapToObj(index -> new LogLine(over.multipliedBy(index + 1).dividedBy(lines.length + 1), lines[index]))
                .toList();
    }
}
