package io.deployguard.simulation.lab;

import java.time.Duration;
import java.time.Instant;

/** How the stand-in for Slack misbehaves on request. */
public sealed interface SlackFault {
    /** Answers 503 until a moment. */
    record Down(Instant until) implements SlackFault {}

    /** Answers 429 until a moment, naming the seconds that are left, at least one. */
    record RateLimited(Instant until) implements SlackFault {
        long retryAfterSeconds(Instant now) {
            return Math.max(1, Duration.between(now, until).plusMillis(999).toSeconds());
        }
    }

    /** Answers the next calls with this error code: {@code fatal_error}, {@code is_archived}. */
    record Refusing(String error, int calls) implements SlackFault {}

    /** Carries out the next calls and then breaks the connection, so that the caller cannot know. */
    record LosingAnswers(int calls) implements SlackFault {}
}
