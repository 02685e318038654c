package io.deployguard.aws.ecs;

import io.deployguard.action.Command;
import io.deployguard.action.CommandExecutor;
import io.deployguard.action.CommandOutcome;
import io.deployguard.aws.AwsFaults;
import io.deployguard.ecs.ServiceDeployment;
import io.deployguard.fault.GuardFault;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.StopServiceDeploymentStopType;

/**
 * Carries commands out on ECS. The only class of the guard that changes anything in AWS; it is packed into the function {@code act} alone.
 *
 * <p>Every request is sent once: after a lost answer the journal shows the command as begun, and the next run looks whether it took effect.
 */
public final class EcsCommandExecutor implements CommandExecutor {

    private final EcsClient once;
    private final EcsClient reader;

    /**
     * @param once a client that never sends a request twice
     * @param reader for the look at what a refusal means
     */
    public EcsCommandExecutor(EcsClient once, EcsClient reader) {
        this.once = once;
        this.reader = reader;
    }

    @Override
    public CommandOutcome execute(Command command) {
        return switch (command) {
            case Command.StopServiceDeployment stop -> stop(stop);
            case Command.UpdateService update -> update(update);
        };
    }

    private CommandOutcome stop(Command.StopServiceDeployment stop) {
        var arn = stop.serviceDeploymentArn();
        try {
            AwsFaults.ask(
                    "ecs:StopServiceDeployment",
                    arn,
                    () -> once.stopServiceDeployment(request ->
                            request.serviceDeploymentArn(arn).stopType(StopServiceDeploymentStopType.ROLLBACK)));
            return new CommandOutcome.Done(stop.describe());
        } catch (GuardFault.Malformed refused) {
            return meaning(arn, refused);
        } catch (GuardFault.Denied | GuardFault.NotFound refused) {
            return new CommandOutcome.Refused(String.valueOf(refused.getMessage()));
        }
    }

    /** ECS answers a conflict when the deployment is on its way back already, and when it has ended. */
    private CommandOutcome meaning(String arn, GuardFault refused) {
        var status = AwsFaults.ask(
                        "ecs:DescribeServiceDeployments",
                        arn,
                        () -> reader.describeServiceDeployments(request -> request.serviceDeploymentArns(arn)))
                .serviceDeployments()
                .stream()
                .findFirst()
                .map(EcsMapper::deployment)
                .map(ServiceDeployment::status)
                .orElse(ServiceDeployment.Status.UNKNOWN);
        return status.isRollingBack() || status == ServiceDeployment.Status.ROLLBACK_SUCCESSFUL
                ? new CommandOutcome.AlreadySo("the service deployment is " + status + " already")
                : new CommandOutcome.Refused("the service deployment is " + status + "; " + refused.getMessage());
    }

    private CommandOutcome update(Command.UpdateService update) {
        try {
            AwsFaults.ask(
                    "ecs:UpdateService",
                    "service " + update.service(),
                    () -> once.updateService(
                            request -> request.cluster(update.service().clusterArn())
                                    .service(update.service().name())
                                    .taskDefinition(update.taskDefinitionArn())));
            return new CommandOutcome.Done(update.describe());
        } catch (GuardFault.Malformed | GuardFault.Denied | GuardFault.NotFound refused) {
            return new CommandOutcome.Refused(String.valueOf(refused.getMessage()));
        }
    }
}
