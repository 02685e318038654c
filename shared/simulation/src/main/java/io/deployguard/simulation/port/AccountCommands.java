package io.deployguard.simulation.port;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deployguard.action.Command;
import io.deployguard.action.CommandExecutor;
import io.deployguard.action.CommandOutcome;
import io.deployguard.ecs.CodeDeployment;
import io.deployguard.simulation.account.AwsError;
import io.deployguard.simulation.account.Json;
import io.deployguard.simulation.account.SimulatedAccount;
import java.util.UUID;

/** Carries commands out on a simulated account. */
public final class AccountCommands implements CommandExecutor {

    private final SimulatedAccount account;

    public AccountCommands(SimulatedAccount account) {
        this.account = account;
    }

    @Override
    public CommandOutcome execute(Command command, UUID incident) {
        try {
            switch (command) {
                case Command.StopServiceDeployment stop ->
                    account.ecs()
                            .stopServiceDeployment(Json.object()
                                    .put("serviceDeploymentArn", stop.serviceDeploymentArn())
                                    .put("stopType", "ROLLBACK"));
                case Command.ContinueServiceDeployment answer ->
                    account.ecs()
                            .continueServiceDeployment(Json.object()
                                    .put("serviceDeploymentArn", answer.serviceDeploymentArn())
                                    .put("hookId", answer.hookId())
                                    .put("action", "ROLLBACK"));
                case Command.StopCodeDeployDeployment stop ->
                    account.codeDeploy()
                            .stopDeployment(Json.object()
                                    .put("deploymentId", stop.deploymentId())
                                    .put("autoRollbackEnabled", true));
                case Command.UpdateService update ->
                    account.ecs()
                            .updateService(Json.object()
                                    .put("cluster", update.service().cluster())
                                    .put("service", update.service().name())
                                    .put("taskDefinition", update.taskDefinitionArn()));
                case Command.ForceNewDeployment redeploy ->
                    account.ecs()
                            .updateService(Json.object()
                                    .put("cluster", redeploy.service().cluster())
                                    .put("service", redeploy.service().name())
                                    .put("taskDefinition", redeploy.taskDefinitionArn())
                                    .put("forceNewDeployment", true));
                case Command.Forward forward -> {
                    var actions = Json.array()
                            .add(Json.object().put("Type", "forward").put("TargetGroupArn", forward.targetGroupArn()));
                    forward.ruleArn()
                            .ifPresentOrElse(
                                    rule -> account.loadBalancing().modifyRule(rule, actions),
                                    () -> account.loadBalancing().modifyListener(forward.listenerArn(), actions));
                }
                case Command.ScaleToZero scale ->
                    account.ecs()
                            .updateService(Json.object()
                                    .put("cluster", scale.service().cluster())
                                    .put("service", scale.service().name())
                                    .put("desiredCount", 0));
                case Command.RegisterCopy copy ->
                    account.ecs()
                            .registerTaskDefinition(TaskDefinitionCopy.of(account.inventory()
                                    .describeTaskDefinition(
                                            Json.object().put("taskDefinition", copy.taskDefinitionArn()))));
                case Command.RunTask run -> account.ecs().runTask(request(run));
            }
            return new CommandOutcome.Done(command.describe());
        } catch (AwsError refused) {
            return command instanceof Command.StopCodeDeployDeployment stop && isTakenBack(stop)
                    ? new CommandOutcome.AlreadySo("the CodeDeploy deployment is taken back already")
                    : new CommandOutcome.Refused(String.valueOf(refused.getMessage()));
        }
    }

    private boolean isTakenBack(Command.StopCodeDeployDeployment stop) {
        var info = account.codeDeploy().getDeployment(Json.object().put("deploymentId", stop.deploymentId()));
        return CodeDeployment.read(info.path("deploymentInfo"), stop.service()).isTakenBack();
    }

    private ObjectNode request(Command.RunTask run) {
        var request = Json.object()
                .put("cluster", run.service().cluster())
                .put("taskDefinition", run.taskDefinition())
                .put("group", run.group())
                .put("startedBy", run.group().replace(':', '/'))
                .put("clientToken", run.group());
        if (!run.command().isEmpty()) {
            request.putObject("overrides")
                    .putArray("containerOverrides")
                    .addObject()
                    .put(
                            "name",
                            new AccountSnapshots(account)
                                    .describeTaskDefinition(run.taskDefinition())
                                    .firstEssential()
                                    .name())
                    .set("command", Json.texts(run.command()));
        }
        return request;
    }
}
