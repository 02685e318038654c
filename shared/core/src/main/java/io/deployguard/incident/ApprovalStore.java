package io.deployguard.incident;

import java.util.Optional;
import java.util.UUID;

/** Keeps requests for approval: at most one per incident, each of which ends once. */
public interface ApprovalStore {

    /** Stores a new request; false when the incident has one already, which is then left as it is. */
    boolean open(Approval.Open request);

    /**
     * Ends the request. A conditional update of the database decides between two that come at once.
     *
     * @param ended any but open. An open request takes every end; a granted one only that it was superseded after all
     * @return false when there is no such request, or it has ended
     */
    boolean end(Approval ended);

    Optional<Approval> find(UUID incident);
}
