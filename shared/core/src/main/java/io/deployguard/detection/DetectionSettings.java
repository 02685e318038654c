package io.deployguard.detection;

import java.time.Duration;

/**
 * When a failure counts as one.
 *
 * @param window in which stops are counted
 * @param stopsOfNew unexpected stops that make a loop for a deployment that never completed
 * @param stopsOfProven the same for one that had completed
 * @param silenceAtLeast shortest time without a healthy task that counts as silence
 */
public record DetectionSettings(Duration window, int stopsOfNew, int stopsOfProven, Duration silenceAtLeast) {

    /** 2 stops within 10 minutes, 3 for a deployment that had completed, 5 minutes of silence. */
    public static final DetectionSettings DEFAULT =
            new DetectionSettings(Duration.ofMinutes(10), 2, 3, Duration.ofMinutes(5));

    public DetectionSettings {
        requirePositive(window, "window");
        requirePositive(silenceAtLeast, "silenceAtLeast");
        if (stopsOfNew < 1 || stopsOfProven < stopsOfNew) {
            throw new IllegalArgumentException(
                    "stops: expected 1 <= stopsOfNew <= stopsOfProven, got " + stopsOfNew + " and " + stopsOfProven);
        }
    }

    private static void requirePositive(Duration duration, String field) {
        if (!duration.isPositive()) {
            throw new IllegalArgumentException(field + ": expected a positive duration, got " + duration);
        }
    }
}
