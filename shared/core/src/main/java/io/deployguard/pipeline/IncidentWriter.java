package io.deployguard.pipeline;

import io.deployguard.incident.Incident;
import io.deployguard.pipeline.Database.Stores;
import java.time.InstantSource;
import java.util.List;

/** Keeps an incident's next revision and, in the same transaction, wants every channel to show it. */
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
        if (incident.isTold() && incident.diagnosis().isPresent()) {
            channels.forEach(
                    channel -> stores.outbox().want(incident.id(), channel, incident.revision(), clock.instant()));
        }
    }
}
