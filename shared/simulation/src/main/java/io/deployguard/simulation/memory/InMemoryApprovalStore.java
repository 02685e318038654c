package io.deployguard.simulation.memory;

import io.deployguard.incident.Approval;
import io.deployguard.incident.ApprovalStore;
import java.util.Optional;
import java.util.UUID;

/** Requests by incident. */
final class InMemoryApprovalStore implements ApprovalStore {

    private final Table<UUID, Approval> approvals = new Table<>();

    @Override
    public boolean open(Approval.Open request) {
        if (approvals.find(request.request().incident()).isPresent()) {
            return false;
        }
        approvals.put(request.request().incident(), request);
        return true;
    }

    @Override
    public boolean end(Approval ended) {
        var incident = ended.request().incident();
        var ends = approvals
                .find(incident)
                .filter(known -> switch (known) {
                    case Approval.Open _ -> !ended.isOpen();
                    case Approval.Granted _ -> ended instanceof Approval.Superseded;
                    case Approval.Refused _, Approval.Expired _, Approval.Superseded _ -> false;
                })
                .isPresent();
        if (ends) {
            approvals.put(incident, ended);
        }
        return ends;
    }

    @Override
    public Optional<Approval> find(UUID incident) {
        return approvals.find(incident);
    }

    Table<?, ?> table() {
        return approvals;
    }
}
