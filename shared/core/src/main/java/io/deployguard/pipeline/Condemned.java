package io.deployguard.pipeline;

import io.deployguard.ecs.DeploymentId;
import io.deployguard.ecs.ServiceRef;
import io.deployguard.incident.Incident;
import io.deployguard.incident.RevisionLedger;
import io.deployguard.pipeline.Database.Stores;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The revisions of a service that are no target to go back to. */
final class Condemned {

    private Condemned() {}

    /** Those of the ledger, and those that are failing now: ECS calls a crash-looping release completed. */
    static Set<DeploymentId> of(ServiceRef service, Stores stores) {
        var remembered = stores.revisions().entriesOf(service).stream()
                .filter(RevisionLedger.Entry::isCondemned)
                .map(RevisionLedger.Entry::deployment);
        var failing = stores.incidents().openOf(service).stream()
                .filter(Incident::isTold)
                .map(Incident::deployment);
        return Stream.concat(remembered, failing).collect(Collectors.toSet());
    }
}
