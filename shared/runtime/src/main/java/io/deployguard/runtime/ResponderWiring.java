package io.deployguard.runtime;

import io.deployguard.aws.place.AwsPlaces;
import io.deployguard.aws.place.PlacedCommandExecutor;
import io.deployguard.aws.place.PlacedSnapshots;
import io.deployguard.pipeline.MeteredDatabase;
import io.deployguard.pipeline.Responder;
import io.deployguard.postgres.PostgresDatabase;
import java.util.UUID;

/** Puts the parts together that may change ECS: for the function {@code act} alone. */
public final class ResponderWiring {

    private ResponderWiring() {}

    public static Responder responder(Stage stage) {
        var runtime = stage.settings();
        var clients = GuardWiring.clients(runtime);
        var clock = runtime.clock();
        var places = new AwsPlaces(clients, runtime.accounts(), runtime.spokeExternalId(), "act", clock);
        return new Responder(
                new MeteredDatabase(new PostgresDatabase(DatabaseWiring.source(runtime)), stage.meter()),
                new PlacedSnapshots(places, clock),
                new PlacedCommandExecutor(places),
                runtime.guard(),
                GuardWiring.nudge(runtime, clients, stage.log()),
                clock,
                UUID::randomUUID);
    }
}
