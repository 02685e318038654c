package io.deployguard.pipeline;

import io.deployguard.incident.Approval;
import io.deployguard.incident.ApprovalStore;
import io.deployguard.incident.Incident;
import io.deployguard.incident.IncidentStore;
import io.deployguard.pipeline.Database.Stores;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Keeps an incident's next revision with its request for approval and, in the same transaction, wants every channel to show it. */
final class IncidentWriter {

    private final List<String> channels;
    private final InstantSource clock;

    IncidentWriter(List<String> channels, InstantSource clock) {
        this.channels = channels;
        this.clock = clock;
    }

    /**
     * Stores the revision. People hear of an incident from its first diagnosis on, so that the first message names the cause.
     *
     * @param happened for the incident's history
     */
    void save(Stores stores, Incident incident, String happened) {
        stores.incidents().update(incident, happened);
        incident.approval().ifPresent(approval -> keep(approval, stores.approvals()));
        if (incident.isTold() && incident.diagnosis().isPresent()) {
            want(incident, stores);
        }
    }

    /** Stores the revision and tells of it whatever state it is in: its message is about more than itself. */
    void saveAndTell(Stores stores, Incident incident, String happened) {
        stores.incidents().update(incident, happened);
        want(incident, stores);
    }

    private void want(Incident incident, Stores stores) {
        channels.forEach(channel -> stores.outbox().want(incident.id(), channel, incident.revision(), clock.instant()));
    }

    /** The request's own row decides who was first; whoever was not starts again on what is there now. */
    private static void keep(Approval approval, ApprovalStore approvals) {
        var kept = approval instanceof Approval.Open open ? approvals.open(open) : approvals.end(approval);
        var incident = approval.request().incident();
        if (!kept && !approvals.find(incident).equals(Optional.of(approval))) {
            throw new IncidentStore.ConcurrentChange(incident);
        }
    }
}
