package io.deployguard.report;

import io.deployguard.incident.Incident;
import io.deployguard.incident.Progress;
import io.deployguard.incident.Progress.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The moments of an incident that people count from: the first sign, the diagnosis, the end. */
final class Course {

    private Course() {}

    /** From the first sign until the guard could say what is wrong. */
    static Optional<Duration> toDetect(Incident incident) {
        return incident.diagnosedAt().map(at -> between(incident, at));
    }

    /** From the first sign until the guard's command. */
    static Optional<Duration> toMitigate(Dossier dossier) {
        return dossier.actedAt().map(at -> between(dossier.incident(), at));
    }

    /** From the first sign until the service was well, by whomever. */
    static Optional<Duration> toRecover(Incident incident) {
        return closed(incident)
                .filter(closed -> closed.outcome() != Outcome.NOT_HEALED)
                .map(closed -> between(incident, closed.at()));
    }

    static Optional<Progress.Closed> closed(Incident incident) {
        return incident.progress() instanceof Progress.Closed closed ? Optional.of(closed) : Optional.empty();
    }

    /** Clocks of functions differ; nothing ends before it began. */
    private static Duration between(Incident incident, Instant at) {
        var duration = Duration.between(incident.openedAt(), at);
        return duration.isNegative() ? Duration.ZERO : duration;
    }
}
