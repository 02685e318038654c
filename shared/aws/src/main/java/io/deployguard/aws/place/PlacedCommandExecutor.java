package io.deployguard.aws.place;

import io.deployguard.action.Command;
import io.deployguard.action.CommandExecutor;
import io.deployguard.action.CommandOutcome;
import io.deployguard.aws.AwsClients;
import io.deployguard.aws.ecs.EcsCommandExecutor;
import io.deployguard.fault.GuardFault;
import java.util.UUID;

/** Carries each command out where its service is; in a listed account with a session that may do this one command only. */
public final class PlacedCommandExecutor implements CommandExecutor {

    private final AwsPlaces places;

    public PlacedCommandExecutor(AwsPlaces places) {
        this.places = places;
    }

    @Override
    public CommandOutcome execute(Command command, UUID incident) {
        var place = command.service().place();
        AwsClients reading;
        AwsClients acting;
        try {
            reading = places.reading(place);
            acting = places.isByRole(place) ? places.acting(command, incident) : reading;
        } catch (GuardFault.Denied | GuardFault.NotFound noWay) {
            return new CommandOutcome.Refused(String.valueOf(noWay.getMessage()));
        }
        try {
            return new EcsCommandExecutor(acting, reading).execute(command, incident);
        } finally {
            if (!acting.equals(reading)) {
                acting.close();
            }
        }
    }
}
