package io.deployguard.decision;

import io.deployguard.ecs.ServiceRef;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

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

    /** So long after the last service of a storm nothing is done without a person: who came first may show its loop only now. */
    public static final Duration STORM_PAUSE = Duration.ofMinutes(10);

    /** Between an action and the next one on the same service. */
    public static final Duration COOLDOWN = Duration.ofMinutes(5);

    public ActionBudget {
        if (actionsPerHour < 0 || services < 1) {
            throw new IllegalArgumentException("budget: expected at least 0 actions and 1 service, got %d and %d"
                    .formatted(actionsPerHour, services));
        }
    }

    /** A service began to fail, in that incident. */
    public record Failure(UUID incident, ServiceRef service, Instant at) {}

    /**
     * Services that began to fail together.
     *
     * @param failures of more services than the budget allows within its window, oldest first
     */
    public record Storm(List<Failure> failures) {

        public Storm {
            failures = List.copyOf(failures);
        }

        public Instant beganAt() {
            return failures.getFirst().at();
        }

        public Instant lastAt() {
            return failures.getLast().at();
        }

        public long services() {
            return failures.stream().map(Failure::service).distinct().count();
        }
    }

    /**
     * The newest storm among the failures: all that came within the window of one another, for as long as they were too many.
     *
     * @param failures in any order
     */
    public Optional<Storm> findStorm(List<Failure> failures) {
        var ordered = failures.stream()
                .sorted(Comparator.comparing(Failure::at).thenComparing(Failure::incident))
                .toList();
        var recent = new ArrayDeque<Failure>();
        var storm = Optional.<Storm>empty();
        for (var failure : ordered) {
            recent.add(failure);
            recent.removeIf(earlier -> earlier.at().plus(window).isBefore(failure.at()));
            if (recent.stream().map(Failure::service).distinct().count() > services) {
                var began = storm.filter(known -> !known.lastAt().plus(window).isBefore(failure.at()))
                        .map(Storm::beganAt)
                        .orElse(recent.getFirst().at());
                storm = Optional.of(new Storm(ordered.stream()
                        .filter(each -> !each.at().isBefore(began) && !each.at().isAfter(failure.at()))
                        .toList()));
            }
        }
        return storm;
    }

    /**
     * Why the guard may not act by itself now, in words; absent when it may.
     *
     * @param begun commands of the last hour
     * @param failing services of the storm that lasts, or else those that began to fail within the window, this one included
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
