package io.deployguard.aws.place;

import io.deployguard.action.Command;
import io.deployguard.ecs.ServiceRef;
import java.util.List;

/**
 * What the session of one command may do at most: this command, on the one service, listener or rule that it names. The role decides what of it is
 * allowed.
 *
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session">Session policies</a>
 */
final class ActingPolicy {

    private ActingPolicy() {}

    /** JSON without a blank, so that the longest names still fit. */
    static String of(Command command) {
        return "{\"Version\":\"2012-10-17\",\"Statement\":[%s]}".formatted(String.join(",", statements(command)));
    }

    private static List<String> statements(Command command) {
        var service = command.service();
        var definitions = arn(service, "ecs", "task-definition/*:*");
        return switch (command) {
            case Command.StopServiceDeployment _, Command.ContinueServiceDeployment _, Command.ScaleToZero _ ->
                List.of(change(service));
            case Command.UpdateService _, Command.ForceNewDeployment _ -> List.of(change(service), passRoles());
            case Command.RunTask _ ->
                List.of(
                        allow("ecs:RunTask", definitions, "ArnEquals", "ecs:cluster", service.clusterArn()),
                        passRoles());
            // IAM takes no resource for registering; the tags are the copy's own.
            case Command.RegisterCopy _ ->
                List.of(
                        allow(List.of("ecs:RegisterTaskDefinition"), List.of("*")),
                        allow(
                                "ecs:TagResource",
                                definitions,
                                "StringEquals",
                                "ecs:CreateAction",
                                "RegisterTaskDefinition"),
                        passRoles());
            case Command.Forward forward ->
                List.of(allow(
                        List.of("elasticloadbalancing:ModifyListener", "elasticloadbalancing:ModifyRule"),
                        List.of(forward.ruleArn().orElse(forward.listenerArn()))));
            // Its group is not in the command: which groups may be stopped, the role says.
            case Command.StopCodeDeployDeployment _ ->
                List.of(allow(
                        List.of("codedeploy:StopDeployment"),
                        List.of(arn(service, "codedeploy", "deploymentgroup:*"))));
        };
    }

    private static String change(ServiceRef service) {
        return allow(
                List.of("ecs:UpdateService", "ecs:StopServiceDeployment", "ecs:ContinueServiceDeployment"),
                List.of(
                        service.arn(),
                        arn(
                                service,
                                "ecs",
                                "service-deployment/%s/%s/*".formatted(service.cluster(), service.name()))));
    }

    private static String passRoles() {
        return allow("iam:PassRole", "*", "StringEquals", "iam:PassedToService", "ecs-tasks.amazonaws.com");
    }

    private static String allow(List<String> actions, List<String> resources) {
        return "{\"Effect\":\"Allow\",\"Action\":[\"%s\"],\"Resource\":[\"%s\"]}"
                .formatted(String.join("\",\"", actions), String.join("\",\"", resources));
    }

    private static String allow(String action, String resource, String operator, String key, String value) {
        return "{\"Effect\":\"Allow\",\"Action\":\"%s\",\"Resource\":\"%s\",\"Condition\":{\"%s\":{\"%s\":\"%s\"}}}"
                .formatted(action, resource, operator, key, value);
    }

    private static String arn(ServiceRef service, String of, String resource) {
        return "arn:%s:%s:%s:%s:%s".formatted(service.partition(), of, service.region(), service.account(), resource);
    }
}
