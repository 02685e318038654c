package io.deployguard.incident;

import io.deployguard.ecs.DeploymentId;
import io.deployguard.ecs.ServiceRef;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The guard's own record of what was deployed and how it fared; ECS forgets after 90 days and calls a crash-looping release successful. */
public interface RevisionLedger {

    /** A deployment of this revision began, once more or for the first time. */
    void started(ServiceRef service, DeploymentId deployment, Instant at);

    /** ECS says that it reached a steady state. */
    void completed(ServiceRef service, DeploymentId deployment, Instant at);

    /** ECS gave it up, or the guard found it failing. It is no target to go back to until it has completed after that. */
    void condemned(ServiceRef service, DeploymentId deployment, Instant at);

    /** It turned out to be another one. */
    void forget(ServiceRef service, DeploymentId deployment);

    Optional<Entry> find(ServiceRef service, DeploymentId deployment);

    /** Revisions of a service, newest start first, at most 100. */
    List<Entry> entriesOf(ServiceRef service);

    /** Revisions of all services that began after that moment and have neither completed nor been condemned since, oldest first. */
    List<Entry> unfinished(Instant startedAfter, int limit);

    /** Services of which a deployment began after that moment, newest first. */
    List<ServiceRef> deployedSince(Instant startedAfter, int limit);

    /** Revisions of all services whose deployment began since, newest first. */
    List<Entry> startedSince(Instant since, int limit);

    /** One revision's fate; each time is that of the newest such event. */
    record Entry(
            ServiceRef service,
            DeploymentId deployment,
            Optional<Instant> startedAt,
            Optional<Instant> completedAt,
            Optional<Instant> condemnedAt) {

        /**
         * From the beginning of its deployment until ECS said that it is steady; absent while either is not known, and for one that was ever
         * found failing.
         */
        public Optional<Duration> duration() {
            return condemnedAt.isPresent()
                    ? Optional.empty()
                    : startedAt.flatMap(started -> completedAt
                            .filter(completed -> completed.isAfter(started))
                            .map(completed -> Duration.between(started, completed)));
        }

        /** Found failing, and not well since. */
        public boolean isCondemned() {
            return condemnedAt
                    .filter(at -> completedAt.filter(well -> !well.isBefore(at)).isEmpty())
                    .isPresent();
        }

        public boolean isProven() {
            return completedAt.isPresent() && !isCondemned();
        }
    }
}
