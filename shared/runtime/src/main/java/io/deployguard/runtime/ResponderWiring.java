package io.deployguard.runtime;

import io.deployguard.action.Command;
import io.deployguard.aws.AwsClients;
import io.deployguard.aws.place.AwsPlaces;
import io.deployguard.aws.place.PlacedCommandExecutor;
import io.deployguard.aws.place.PlacedSnapshots;
import io.deployguard.ecs.ServiceRef;
import io.deployguard.pipeline.MeteredDatabase;
import io.deployguard.pipeline.Responder;
import java.util.UUID;

/** Puts the parts together that may change ECS: for the function {@code act} alone. */
public final class ResponderWiring {

    private ResponderWiring() {}

    public static Responder responder(Stage stage) {
        var runtime = stage.settings();
        var clients = GuardWiring.clients(stage);
        var clock = runtime.clock();
        var places = places(clients, runtime);
        return new Responder(
                new MeteredDatabase(DatabaseWiring.open(stage), stage.meter()),
                new PlacedSnapshots(places, clock),
                new PlacedCommandExecutor(places),
                runtime.guard(),
                GuardWiring.nudge(runtime, clients, stage.log()),
                clock,
                UUID::randomUUID);
    }

    /** A look at the service of a rehearsal and a rollback of it. */
    public static void rehearse(Stage stage) {
        var places = places(GuardWiring.clients(stage), stage.settings());
        var service = ServiceRef.parse("arn:aws:ecs:eu-central-1:123456789012:service/shop/cart");
        var before = new PlacedSnapshots(places, stage.clock())
                .describe(service)
                .revisions()
                .getLast()
                .taskDefinitionArn();
        new PlacedCommandExecutor(places).execute(new Command.UpdateService(service, before), new UUID(0, 0));
    }

    private static AwsPlaces places(AwsClients clients, RuntimeSettings runtime) {
        return new AwsPlaces(clients, runtime.accounts(), runtime.spokeExternalId(), "act", runtime.clock());
    }
}
