package io.deployguard.runtime;

import io.deployguard.aws.AwsClients;
import io.deployguard.aws.place.AwsPlaces;
import io.deployguard.aws.place.PlacedCommandExecutor;
import io.deployguard.aws.place.PlacedSnapshots;
import io.deployguard.pipeline.Meter;
import io.deployguard.pipeline.MeteredDatabase;
import io.deployguard.pipeline.Responder;
import io.deployguard.postgres.PostgresDatabase;
import java.util.UUID;

/** Puts the parts together that may change ECS: for the function {@code act} alone. */
public final class ResponderWiring {

    private ResponderWiring() {}

    public static Responder responder(RuntimeSettings runtime, StructuredLog log, Meter meter) {
        var clients = AwsClients.in(runtime.region());
        var clock = runtime.clock();
        var places = new AwsPlaces(clients, runtime.accounts(), runtime.spokeExternalId(), "act", clock);
        return new Responder(
                new MeteredDatabase(new PostgresDatabase(DatabaseWiring.source(runtime)), meter),
                new PlacedSnapshots(places, clock),
                new PlacedCommandExecutor(places),
                runtime.guard(),
                GuardWiring.nudge(runtime, clients, log),
                clock,
                UUID::randomUUID);
    }
}
