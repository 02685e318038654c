package io.deployguard.channels.http;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** How long to wait. Always with jitter, so that many incidents of one outage do not come back at the same moment. */
public final class Backoff {

    private static final Duration USUAL = Duration.ofSeconds(2);
    private static final int JITTER_MILLIS = 1_500;

    private Backoff() {}

    /**
     * How long.
     *
     * @param asked what the other side asked for; never less than that
     */
    public static Duration after(Optional<Duration> asked) {
        return asked.orElse(USUAL).plusMillis(ThreadLocalRandom.current().nextInt(1, JITTER_MILLIS));
    }
}
