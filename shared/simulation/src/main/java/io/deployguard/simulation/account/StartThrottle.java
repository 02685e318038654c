package io.deployguard.simulation.account;

import java.time.Duration;
import java.time.Instant;

/**
 * The pause that ECS makes when tasks of a service repeatedly fail to start: longer each time, at most 27 minutes.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-throttle-logic.html">Service throttle logic</a>
 */
final class StartThrottle {
    private static final int FREE_ATTEMPTS = 3;
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(20);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(27);

    private int failures;
    private Instant until = Instant.MIN;

    /** A task runs, or the service is to run another task definition. */
    void reset() {
        failures = 0;
        until = Instant.MIN;
    }

    /** Counts a failed start; true when it is the one with which the service becomes impaired. */
    boolean impairedBy(Instant failedAt) {
        failures++;
        if (failures >= FREE_ATTEMPTS) {
            var doublings = Math.min(failures - FREE_ATTEMPTS, 10);
            var pause = FIRST_PAUSE.multipliedBy(1L << doublings);
            until = failedAt.plus(pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE);
        }
        return failures == FREE_ATTEMPTS;
    }

    /** Before this moment nothing is started. */
    Instant until() {
        return until;
    }
}
