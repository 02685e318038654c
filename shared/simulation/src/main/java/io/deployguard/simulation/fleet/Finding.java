package io.deployguard.simulation.fleet;

import java.time.Instant;

/**
 * Something that the guard did wrong, and where to look for it.
 *
 * @param service its name; empty when it is about several
 * @param at in simulated time
 * @param what in one sentence
 */
public record Finding(Kind kind, String service, Instant at, String what) {

    /** What was wrong. */
    public enum Kind {
        /** A failure that it should have noticed. */
        MISSED,
        /** An alarm about something that was well. */
        FALSE_ALARM,
        /** An action that was not right. */
        WRONG_ACTION,
        /** A broken promise, whatever came of it. */
        VIOLATION,
        /** A sure diagnosis of another cause. */
        MISNAMED
    }
}
