package io.deployguard.incident;

import io.deployguard.decision.ActionBudget;
import io.deployguard.ecs.DeploymentId;
import io.deployguard.ecs.ServiceRef;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Keeps incidents. */
public interface IncidentStore {

    /**
     * Stores a new incident. A service has at most one open incident per failing revision; a unique key of the database decides.
     *
     * @return false when there is an open one already, which is then left as it is
     */
    boolean insert(Incident incident);

    /**
     * Replaces the incident's former revision and writes one row of its history.
     *
     * @param happened what changed, in one sentence, for the audit
     * @throws ConcurrentChange when the stored revision is not {@code incident.revision() - 1}
     */
    void update(Incident incident, String happened);

    Optional<Incident> find(UUID id);

    /** The open incident of a failing revision. */
    Optional<Incident> findOpen(ServiceRef service, DeploymentId deployment);

    /** Open incidents of a service, oldest first. */
    List<Incident> openOf(ServiceRef service);

    /** Open incidents of all services, least recently changed first. */
    List<Incident> open(int limit);

    /** Newest first. */
    List<Incident> newest(int limit);

    /** Services that began to fail since, in incidents that have not been dismissed, newest first. */
    List<ActionBudget.Failure> failuresSince(Instant since, int limit);

    /** Incidents that began since, of all services, newest first. */
    List<Incident> openedSince(Instant since, int limit);

    /** The same of one service. */
    List<Incident> openedSince(ServiceRef service, Instant since, int limit);

    /** Everything that happened in an incident, oldest first. */
    List<Entry> historyOf(UUID id);

    /** One row of an incident's history. */
    record Entry(Instant at, long revision, String what) {}

    /** Somebody else changed the incident in the meantime: read again and decide anew. */
    final class ConcurrentChange extends RuntimeException {
        public ConcurrentChange(UUID incident) {
            super("incident " + incident + ": changed by somebody else in the meantime");
        }
    }
}
