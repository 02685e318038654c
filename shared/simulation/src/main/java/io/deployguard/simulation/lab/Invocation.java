package io.deployguard.simulation.lab;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** How one invocation of a function ended. */
public sealed interface Invocation {
    /** The end in one sentence, for logs and for people. */
    String describe();

    /**
     * The function answered.
     *
     * @param duration from handing the event to the function until its answer; starting the function is not in it
     */
    record Answered(String payload, Duration duration) implements Invocation {
        static Answered of(byte[] payload, Duration duration) {
            return new Answered(new String(payload, StandardCharsets.UTF_8), duration);
        }

        @Override
        public String describe() {
            return "answered in %d ms".formatted(duration.toMillis());
        }
    }

    /**
     * The function, or its construction, ended with an exception.
     *
     * @param errorType as Lambda reports it: a class name, or {@code Runtime.…} and {@code Function.…} for the runtime's own
     * @param trace stack trace, one frame a line; empty when the runtime sent none
     */
    record Failed(String errorType, String message, String trace) implements Invocation {
        @Override
        public String describe() {
            return "failed with %s: %s".formatted(errorType, message);
        }
    }

    /** The function took longer than allowed and was killed, as Lambda does. */
    record TimedOut(Duration limit) implements Invocation {
        @Override
        public String describe() {
            return "timed out after %s ms and was killed".formatted(limit.toMillis());
        }
    }

    /**
     * The process of the function ended before the function answered.
     *
     * @param exitCode 128 + signal when a signal ended it: 137 for SIGKILL
     */
    record Crashed(int exitCode) implements Invocation {
        @Override
        public String describe() {
            return "crashed: the function's process ended with exit code %d before it answered".formatted(exitCode);
        }
    }
}
