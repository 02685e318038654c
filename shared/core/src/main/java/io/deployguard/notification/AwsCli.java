package io.deployguard.notification;

import io.deployguard.action.Command;
import io.deployguard.ecs.CodeDeployRef;
import io.deployguard.ecs.ServiceRef;
import io.deployguard.incident.Situation.LogStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Lines of the AWS CLI that can be pasted: full ARNs, an explicit region, and every word quoted for a POSIX shell.
 *
 * @see <a href="https://docs.aws.amazon.com/cli/latest/reference/ecs/">AWS CLI, ecs</a>
 */
public final class AwsCli {

    private static final Pattern NEEDS_NO_QUOTES = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

    private static final String WHAT_RUNS = "services[0].{desired:desiredCount,running:runningCount,"
            + "deployments:deployments[].[status,taskDefinition,runningCount,rolloutState]}";

    private static final String COPIED = ".taskDefinition + (if .tags == [] then {} else {tags} end)"
            + " | del(.taskDefinitionArn, .revision, .status, .requiresAttributes, .compatibilities,"
            + " .registeredAt, .registeredBy, .deregisteredAt)";

    private AwsCli() {}

    /** What the guard would send, as a person would type it. */
    public static String of(Command command) {
        return switch (command) {
            case Command.StopServiceDeployment(var service, var arn) -> stopServiceDeployment(service, arn);
            case Command.ContinueServiceDeployment answer -> answerHook(answer);
            case Command.StopCodeDeployDeployment(var service, var id) ->
                stopCodeDeployDeployment(service.region(), id);
            case Command.UpdateService(var service, var arn) -> updateService(service, arn);
            case Command.ForceNewDeployment(var service, var arn) ->
                updateService(service, arn) + " --force-new-deployment";
            case Command.RunTask run -> runTask(run);
            case Command.RegisterCopy(var service, var arn) -> registerCopy(service, arn);
            case Command.ScaleToZero(var service, var _) -> scale(service, 0);
            case Command.Forward forward -> modify(forward, "Type=forward,TargetGroupArn=" + forward.targetGroupArn());
        };
    }

    /** What takes a command back, where that is one command; going back again is no such thing. */
    public static Optional<String> undo(Command command) {
        return switch (command) {
            case Command.ScaleToZero(var service, var from) -> Optional.of(scale(service, from));
            case Command.Forward forward -> Optional.of(modify(forward, forward.former()));
            case Command.StopServiceDeployment _,
                    Command.StopCodeDeployDeployment _,
                    Command.ContinueServiceDeployment _,
                    Command.UpdateService _,
                    Command.ForceNewDeployment _,
                    Command.RunTask _,
                    Command.RegisterCopy _ -> Optional.empty();
        };
    }

    private static String modify(Command.Forward forward, String actions) {
        return forward.ruleArn()
                .map(rule -> line(
                        "elbv2",
                        "modify-rule",
                        "--region",
                        forward.service().region(),
                        "--rule-arn",
                        rule,
                        "--actions",
                        actions))
                .orElseGet(() -> line(
                        "elbv2",
                        "modify-listener",
                        "--region",
                        forward.service().region(),
                        "--listener-arn",
                        forward.listenerArn(),
                        "--default-actions",
                        actions));
    }

    private static String scale(ServiceRef service, int desired) {
        return updateService(service, "--desired-count", Integer.toString(desired));
    }

    public static String stopServiceDeployment(ServiceRef service, String serviceDeploymentArn) {
        return line(
                "ecs",
                "stop-service-deployment",
                "--region",
                service.region(),
                "--service-deployment-arn",
                serviceDeploymentArn,
                "--stop-type",
                "ROLLBACK");
    }

    private static String answerHook(Command.ContinueServiceDeployment answer) {
        return line(
                "ecs",
                "continue-service-deployment",
                "--region",
                answer.service().region(),
                "--service-deployment-arn",
                answer.serviceDeploymentArn(),
                "--hook-id",
                answer.hookId(),
                "--action",
                "ROLLBACK");
    }

    public static String stopCodeDeployDeployment(String region, String deploymentId) {
        return line(
                "deploy",
                "stop-deployment",
                "--region",
                region,
                "--deployment-id",
                deploymentId,
                "--auto-rollback-enabled");
    }

    /** Deploys once more what that deployment of CodeDeploy deployed: its revision is in the answer to a question asked on the way. */
    public static String repeatCodeDeployDeployment(CodeDeployRef earlier) {
        return "%s --revision \"$(%s)\""
                .formatted(
                        line(
                                "deploy",
                                "create-deployment",
                                "--region",
                                earlier.region(),
                                "--application-name",
                                earlier.application(),
                                "--deployment-group-name",
                                earlier.group()),
                        line(
                                "deploy",
                                "get-deployment",
                                "--region",
                                earlier.region(),
                                "--deployment-id",
                                earlier.id(),
                                "--query",
                                "deploymentInfo.revision",
                                "--output",
                                "json"));
    }

    public static String getCodeDeployDeployment(CodeDeployRef deployment) {
        return line("deploy", "get-deployment", "--region", deployment.region(), "--deployment-id", deployment.id());
    }

    public static String updateService(ServiceRef service, String taskDefinitionArn) {
        return updateService(service, "--task-definition", taskDefinitionArn);
    }

    private static String updateService(ServiceRef service, String what, String value) {
        return line(
                "ecs",
                "update-service",
                "--region",
                service.region(),
                "--cluster",
                service.clusterArn(),
                "--service",
                service.arn(),
                what,
                value);
    }

    /** Without the network, which is the service's own at the moment, and the container's command, which is in the words of the command. */
    private static String runTask(Command.RunTask run) {
        return line(
                "ecs",
                "run-task",
                "--region",
                run.service().region(),
                "--cluster",
                run.service().clusterArn(),
                "--task-definition",
                run.taskDefinition(),
                "--group",
                run.group());
    }

    /** Its content without what only ECS says of it, which RegisterTaskDefinition does not take. */
    private static String registerCopy(ServiceRef service, String taskDefinitionArn) {
        var described = line(
                "ecs",
                "describe-task-definition",
                "--region",
                service.region(),
                "--task-definition",
                taskDefinitionArn,
                "--include",
                "TAGS");
        return "%s | jq %s > task-definition.json && %s"
                .formatted(
                        described,
                        quote(COPIED),
                        line(
                                "ecs",
                                "register-task-definition",
                                "--region",
                                service.region(),
                                "--cli-input-json",
                                "file://task-definition.json"));
    }

    /** Counts and rollouts in a few lines, since the whole answer fills several screens. */
    public static String describeService(ServiceRef service) {
        return line(
                "ecs",
                "describe-services",
                "--region",
                service.region(),
                "--cluster",
                service.clusterArn(),
                "--services",
                service.arn(),
                "--query",
                WHAT_RUNS);
    }

    public static String describeServiceDeployment(ServiceRef service, String serviceDeploymentArn) {
        return line(
                "ecs",
                "describe-service-deployments",
                "--region",
                service.region(),
                "--service-deployment-arns",
                serviceDeploymentArn);
    }

    /** The log of one container; {@code aws logs tail} exists since version 2. */
    public static String tailLog(LogStream log) {
        return line(
                "logs",
                "tail",
                log.group(),
                "--region",
                log.region(),
                "--log-stream-names",
                log.stream(),
                "--since",
                "3h");
    }

    /** One word for a POSIX shell, in single quotes when it needs them. */
    static String quote(String word) {
        return NEEDS_NO_QUOTES.matcher(word).matches() && !word.startsWith("=")
                ? word
                : "'" + word.replace("'", "'\\''") + "'";
    }

    private static String line(String... words) {
        return Arrays.stream(words).map(AwsCli::quote).collect(Collectors.joining(" ", "aws ", ""));
    }
}
