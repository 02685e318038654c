package io.deployguard.incident;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How often a service has failed for one cause.
 *
 * @param times this one included, at least 2
 * @param days in which
 * @param last when the one before this began
 */
public record Recurrence(int times, int days, Instant last) {

    /** How far back the guard looks. */
    public static final Duration WINDOW = Duration.ofDays(30);

    /** What the incidents of a service say about one of them; absent when it is the first of its cause. */
    public static Optional<Recurrence> of(Incident incident, List<Incident> ofService) {
        var cause = incident.cause();
        if (cause.isEmpty()) {
            return Optional.empty();
        }
        var earlier = ofService.stream()
                .filter(Incident::isTold)
                .filter(other -> !other.id().equals(incident.id()))
                .filter(other -> other.cause().equals(cause))
                .map(Incident::openedAt)
                .filter(at -> !at.isAfter(incident.openedAt())
                        && !at.isBefore(incident.openedAt().minus(WINDOW)))
                .toList();
        return earlier.stream()
                .max(Instant::compareTo)
                .map(last -> new Recurrence(earlier.size() + 1, (int) WINDOW.toDays(), last));
    }
}
