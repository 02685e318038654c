package io.deployguard.postgres;

import io.deployguard.fault.GuardFault;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long to wait before work that lost against another transaction runs again: a random part of a span that doubles, so that two losers do
 * not meet again.
 *
 * @param attempts at most, the first one included
 * @param first span
 * @param longest span
 */
record Backoff(int attempts, Duration first, Duration longest) {

    /** Twelve attempts within about two seconds. */
    static final Backoff DEFAULT = new Backoff(12, Duration.ofMillis(8), Duration.ofMillis(500));

    /**
     * Sleeps.
     *
     * @param lost how many attempts have lost so far, at least 1
     * @throws GuardFault.Unavailable when the thread is told to stop; its flag is set again
     */
    void pause(String what, int lost) {
        var span = Math.min(longest.toNanos(), first.toNanos() << Math.min(lost - 1, 20));
        try {
            Thread.sleep(Duration.ofNanos(ThreadLocalRandom.current().nextLong(span + 1)));
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new GuardFault.Unavailable(
                    what + ": interrupted while waiting to try again; nothing was stored", stop);
        }
    }
}
