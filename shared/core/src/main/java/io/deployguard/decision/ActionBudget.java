package io.deployguard.decision;

import java.time.Duration;
import java.util.Optional;

/**
 * How much the guard may do by itself in one account and region. When many services fail at once the cause is rarely theirs.
 *
 * @param actionsPerHour most commands that are begun within an hour
 * @param services more failing services than this within {@code window} are a storm
 */
public record ActionBudget(int actionsPerHour, int services, Duration window) {

    /** Ten actions in an hour; more than five services within two minutes are a storm. */
    public static final ActionBudget DEFAULT = new ActionBudget(10, 5, Duration.ofMinutes(2));

    /** What is being counted. */
    public static final Duration HOUR = Duration.ofHours(1);

    public ActionBudget {
        if (actionsPerHour < 0 || services < 1) {
            throw new IllegalArgumentException("budget: expected at least 0 actions and 1 service, got %d and %d"
                    .formatted(actionsPerHour, services));
        }
    }

    /**
     * Why the guard may not act by itself now, in words; absent when it may.
     *
     * @param begun commands of the last hour
     * @param failing services whose incidents began within the window, this one included
     */
    public Optional<String> brake(long begun, long failing) {
        if (failing > services) {
            return Optional.of("%d services began to fail within %d s, so the cause is hardly theirs"
                    .formatted(failing, window.toSeconds()));
        }
        return begun >= actionsPerHour
                ? Optional.of("the guard has acted %d times within the last hour, and %d are allowed"
                        .formatted(begun, actionsPerHour))
                : Optional.empty();
    }
}
