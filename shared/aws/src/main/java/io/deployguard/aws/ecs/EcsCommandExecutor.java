package io.deployguard.aws.ecs;

import io.deployguard.action.Command;
import io.deployguard.action.CommandExecutor;
import io.deployguard.action.CommandOutcome;
import io.deployguard.aws.AwsClients;
import io.deployguard.aws.AwsFaults;
import io.deployguard.aws.JsonCalls;
import io.deployguard.ecs.CodeDeployment;
import io.deployguard.ecs.ServiceDeployment;
import io.deployguard.ecs.ServiceRef;
import io.deployguard.fault.GuardFault;
import java.util.UUID;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.ContainerOverride;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.StopServiceDeploymentStopType;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionField;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Action;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ActionTypeEnum;

/**
 * Carries commands out on ECS and CodeDeploy. The only class of the guard that changes anything in AWS; it is packed into the function {@code act} alone.
 *
 * <p>Every request is sent once: after a lost answer the journal shows the command as begun, and the next run looks whether it took effect.
 */
public final class EcsCommandExecutor implements CommandExecutor {

    private final EcsClient once;
    private final ElasticLoadBalancingV2Client balancersOnce;
    private final EcsClient reader;
    private final HookCalls hooks;
    private final JsonCalls codeDeploy;
    private final JsonCalls codeDeployReader;

    public EcsCommandExecutor(AwsClients clients) {
        this(clients, clients);
    }

    /**
     * @param acting for commands, each of which is sent once
     * @param reading for the look at what a refusal means
     */
    public EcsCommandExecutor(AwsClients acting, AwsClients reading) {
        this.once = acting.ecsOnce();
        this.balancersOnce = acting.elbOnce();
        this.reader = reading.ecs();
        this.hooks = new HookCalls(reading, acting);
        this.codeDeploy = new JsonCalls(acting.signedOnce("codedeploy"), "codedeploy", CodeDeployments.TARGET);
        this.codeDeployReader = new JsonCalls(reading.signed("codedeploy"), "codedeploy", CodeDeployments.TARGET);
    }

    @Override
    public CommandOutcome execute(Command command, UUID incident) {
        return switch (command) {
            case Command.StopServiceDeployment stop -> stop(stop);
            case Command.ContinueServiceDeployment answer -> answer(answer);
            case Command.StopCodeDeployDeployment stop -> stop(stop);
            case Command.UpdateService update -> update(update, update.service(), update.taskDefinitionArn(), false);
            case Command.ForceNewDeployment redeploy ->
                update(redeploy, redeploy.service(), redeploy.taskDefinitionArn(), true);
            case Command.RunTask run -> run(run);
            case Command.RegisterCopy copy -> register(copy);
            case Command.ScaleToZero scale -> scale(scale);
            case Command.Forward forward -> forward(forward);
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

    private CommandOutcome answer(Command.ContinueServiceDeployment answer) {
        var arn = answer.serviceDeploymentArn();
        try {
            hooks.rollBack(arn, answer.hookId());
            return new CommandOutcome.Done(answer.describe());
        } catch (GuardFault.Malformed refused) {
            var meaning = meaning(arn, refused);
            if (meaning instanceof CommandOutcome.Refused && isOver(answer)) {
                // Answered by somebody or timed out in this very moment: another look finds what is to be done now.
                throw new GuardFault.Unavailable(
                        "pause hook %s of %s awaits no answer any more".formatted(answer.hookId(), arn), refused);
            }
            return meaning;
        } catch (GuardFault.Denied | GuardFault.NotFound refused) {
            return new CommandOutcome.Refused(String.valueOf(refused.getMessage()));
        }
    }

    private boolean isOver(Command.ContinueServiceDeployment answer) {
        return hooks.hooksOf(answer.serviceDeploymentArn()).stream()
                .noneMatch(hook -> hook.awaitsAction() && hook.id().equals(answer.hookId()));
    }

    private CommandOutcome stop(Command.StopCodeDeployDeployment stop) {
        var id = stop.deploymentId();
        try {
            codeDeploy.ask(
                    "StopDeployment",
                    "deployment " + id,
                    JsonCalls.question().put("deploymentId", id).put("autoRollbackEnabled", true));
            return new CommandOutcome.Done(stop.describe());
        } catch (GuardFault.Malformed refused) {
            return meaning(stop, refused);
        } catch (GuardFault.Denied | GuardFault.NotFound refused) {
            return new CommandOutcome.Refused(String.valueOf(refused.getMessage()));
        }
    }

    /** CodeDeploy refuses to stop what has ended, however it ended. */
    private CommandOutcome meaning(Command.StopCodeDeployDeployment stop, GuardFault refused) {
        var info = codeDeployReader
                .ask(
                        "GetDeployment",
                        "deployment " + stop.deploymentId(),
                        JsonCalls.question().put("deploymentId", stop.deploymentId()))
                .path("deploymentInfo");
        var now = CodeDeployment.read(info, stop.service());
        return now.isTakenBack()
                ? new CommandOutcome.AlreadySo(
                        "the CodeDeploy deployment is " + now.status() + " and taken back already")
                : new CommandOutcome.Refused(
                        "the CodeDeploy deployment is " + now.status() + "; " + refused.getMessage());
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
                .map(deployment -> ServiceDeployment.Status.parse(EcsMapper.text(deployment.statusAsString())))
                .orElse(ServiceDeployment.Status.UNKNOWN);
        return status.isRollingBack() || status == ServiceDeployment.Status.ROLLBACK_SUCCESSFUL
                ? new CommandOutcome.AlreadySo("the service deployment is " + status + " already")
                : new CommandOutcome.Refused("the service deployment is " + status + "; " + refused.getMessage());
    }

    private CommandOutcome update(Command command, ServiceRef service, String taskDefinitionArn, boolean force) {
        try {
            AwsFaults.ask(
                    "ecs:UpdateService",
                    "service " + service,
                    () -> once.updateService(request -> request.cluster(service.clusterArn())
                            .service(service.name())
                            .taskDefinition(taskDefinitionArn)
                            .forceNewDeployment(force ? true : null)));
            return new CommandOutcome.Done(command.describe());
        } catch (GuardFault.Malformed | GuardFault.Denied | GuardFault.NotFound refused) {
            return new CommandOutcome.Refused(String.valueOf(refused.getMessage()));
        }
    }

    private CommandOutcome scale(Command.ScaleToZero scale) {
        try {
            AwsFaults.ask(
                    "ecs:UpdateService",
                    "service " + scale.service(),
                    () -> once.updateService(
                            request -> request.cluster(scale.service().clusterArn())
                                    .service(scale.service().name())
                                    .desiredCount(0)));
            return new CommandOutcome.Done(scale.describe());
        } catch (GuardFault.Malformed | GuardFault.Denied | GuardFault.NotFound refused) {
            return new CommandOutcome.Refused(String.valueOf(refused.getMessage()));
        }
    }

    private CommandOutcome forward(Command.Forward forward) {
        var action = Action.builder()
                .type(ActionTypeEnum.FORWARD)
                .targetGroupArn(forward.targetGroupArn())
                .build();
        try {
            if (forward.ruleArn().isPresent()) {
                AwsFaults.ask(
                        "elasticloadbalancing:ModifyRule",
                        forward.ruleArn().get(),
                        () -> balancersOnce.modifyRule(request ->
                                request.ruleArn(forward.ruleArn().get()).actions(action)));
            } else {
                AwsFaults.ask(
                        "elasticloadbalancing:ModifyListener",
                        forward.listenerArn(),
                        () -> balancersOnce.modifyListener(request ->
                                request.listenerArn(forward.listenerArn()).defaultActions(action)));
            }
            return new CommandOutcome.Done(forward.describe());
        } catch (GuardFault.Malformed | GuardFault.Denied | GuardFault.NotFound refused) {
            return new CommandOutcome.Refused(String.valueOf(refused.getMessage()));
        }
    }

    private CommandOutcome register(Command.RegisterCopy copy) {
        try {
            var original = AwsFaults.ask(
                    "ecs:DescribeTaskDefinition",
                    copy.taskDefinitionArn(),
                    () -> reader.describeTaskDefinition(request ->
                            request.taskDefinition(copy.taskDefinitionArn()).include(TaskDefinitionField.TAGS)));
            var request = TaskDefinitionCopy.of(original.taskDefinition(), original.tags());
            var registered = AwsFaults.ask(
                    "ecs:RegisterTaskDefinition",
                    "a copy of " + copy.taskDefinitionArn(),
                    () -> once.registerTaskDefinition(request));
            return new CommandOutcome.Done("%s: %s"
                    .formatted(
                            copy.describe(), nameIn(registered.taskDefinition().taskDefinitionArn())));
        } catch (GuardFault.Malformed | GuardFault.Denied | GuardFault.NotFound refused) {
            return new CommandOutcome.Refused(String.valueOf(refused.getMessage()));
        }
    }

    /** The token makes a second sending the same task. */
    private CommandOutcome run(Command.RunTask run) {
        try {
            var service = describe(run.service());
            var answer = AwsFaults.ask(
                    "ecs:RunTask",
                    "task definition " + run.taskDefinition(),
                    () -> once.runTask(request -> {
                        request.cluster(run.service().clusterArn())
                                .taskDefinition(run.taskDefinition())
                                .group(run.group())
                                .startedBy(run.group().replace(':', '/'))
                                .clientToken(run.group())
                                .networkConfiguration(service.networkConfiguration())
                                .platformVersion(service.platformVersion());
                        if (service.hasCapacityProviderStrategy()) {
                            request.capacityProviderStrategy(service.capacityProviderStrategy());
                        } else {
                            request.launchType(service.launchType());
                        }
                        if (!run.command().isEmpty()) {
                            request.overrides(overrides -> overrides.containerOverrides(ContainerOverride.builder()
                                    .name(firstEssential(run))
                                    .command(run.command())
                                    .build()));
                        }
                    }));
            return answer.tasks().isEmpty()
                    ? new CommandOutcome.Refused("%s: ECS started none: %s"
                            .formatted(
                                    run.describe(),
                                    answer.failures().stream()
                                            .map(failure -> failure.reason())
                                            .collect(Collectors.joining(", "))))
                    : new CommandOutcome.Done("%s: task %s"
                            .formatted(
                                    run.describe(),
                                    nameIn(answer.tasks().getFirst().taskArn())));
        } catch (GuardFault.Malformed | GuardFault.Denied | GuardFault.NotFound refused) {
            return new CommandOutcome.Refused(String.valueOf(refused.getMessage()));
        }
    }

    private Service describe(ServiceRef ref) {
        return AwsFaults.ask(
                        "ecs:DescribeServices",
                        "service " + ref,
                        () -> reader.describeServices(
                                request -> request.cluster(ref.clusterArn()).services(ref.name())))
                .services()
                .stream()
                .findFirst()
                .orElseThrow(() -> new GuardFault.NotFound("ecs:DescribeServices for service " + ref + ": gone", null));
    }

    private String firstEssential(Command.RunTask run) {
        var answer = AwsFaults.ask(
                "ecs:DescribeTaskDefinition",
                run.taskDefinition(),
                () -> reader.describeTaskDefinition(request -> request.taskDefinition(run.taskDefinition())));
        return TaskDefinitionMapper.definition(answer.taskDefinition(), answer.tags())
                .firstEssential()
                .name();
    }

    private static String nameIn(String arn) {
        return arn.substring(arn.lastIndexOf('/') + 1);
    }
}
