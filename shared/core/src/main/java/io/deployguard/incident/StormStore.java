package io.deployguard.incident;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Keeps storms. There is at most one in a place that is not over. */
public interface StormStore {

    /** The storm of an account and region that is not over. */
    Optional<Storm> findCurrent(String place);

    /** The newest storm of an account and region, over or not. */
    Optional<Storm> findLatest(String place);

    /** The storm that the message of this incident tells of, over or not. */
    Optional<Storm> findLedBy(UUID incident);

    /** Storms that are not over, oldest first. */
    List<Storm> current(int limit);

    /**
     * Stores a new storm, or the next revision of a known one.
     *
     * @throws IncidentStore.ConcurrentChange when somebody else stored that revision before, or began a storm in the same place
     */
    void save(Storm storm);
}
