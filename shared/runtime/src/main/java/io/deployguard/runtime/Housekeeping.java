package io.deployguard.runtime;

import io.deployguard.postgres.Retention;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;

/** Forgets once an hour what is older than the settings say, with the time that is left. For one thread. */
public final class Housekeeping {

    private static final Duration EVERY = Duration.ofHours(1);
    private static final int BATCH = 500;

    /** The last transaction may be begun this long before the deadline. */
    private static final Duration MARGIN = Duration.ofSeconds(10);

    private final Retention retention;
    private final Duration keep;
    private final InstantSource clock;
    private Instant next = Instant.MIN;

    Housekeeping(Retention retention, Duration keep, InstantSource clock) {
        this.retention = retention;
        this.keep = keep;
        this.clock = clock;
    }

    /**
     * Deletes in small transactions until nothing is left or the time is over; the next hour goes on.
     *
     * @return rows deleted, by table, where there were any; empty when it is not time
     */
    public Map<String, Long> sweep(Instant deadline) {
        var now = clock.instant();
        if (now.isBefore(next)) {
            return Map.of();
        }
        next = now.plus(EVERY);
        var deleted =
                retention.sweep(now.minus(keep), BATCH, () -> clock.instant().isBefore(deadline.minus(MARGIN)));
        return deleted.entrySet().stream()
                .filter(table -> table.getValue() > 0)
                .collect(java.util.stream.Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }
}
