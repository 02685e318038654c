package io.deployguard.action;

import io.deployguard.ecs.ServiceRef;
import java.util.List;
import java.util.Optional;

/** One change in AWS, as data: dry run, audit and test look at the same value. */
public sealed interface Command {

    ServiceRef service();

    /** One sentence for people, with the names that matter. */
    String describe();

    /**
     * Ends a running deployment by returning to the revision before it. No new revision is made and the old image digests are used.
     *
     * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_StopServiceDeployment.html">StopServiceDeployment</a>
     */
    record StopServiceDeployment(ServiceRef service, String serviceDeploymentArn) implements Command {

        @Override
        public String describe() {
            return "stop service deployment %s with ROLLBACK"
                    .formatted(serviceDeploymentArn.substring(serviceDeploymentArn.lastIndexOf('/') + 1));
        }
    }

    /**
     * Answers a deployment that waits at a pause hook with ROLLBACK: it returns to the revision before it as a stopped one does. The guard has no
     * way to answer with CONTINUE, which is what ECS takes when no answer is named.
     *
     * @param hookId of the hook that awaits the answer
     * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContinueServiceDeployment.html">ContinueServiceDeployment</a>
     */
    record ContinueServiceDeployment(ServiceRef service, String serviceDeploymentArn, String hookId)
            implements Command {

        @Override
        public String describe() {
            return "answer pause hook %s of service deployment %s with ROLLBACK"
                    .formatted(hookId, serviceDeploymentArn.substring(serviceDeploymentArn.lastIndexOf('/') + 1));
        }
    }

    /**
     * Ends a deployment of CodeDeploy by returning traffic to the tasks that were there before. Possible until it has succeeded, which is after the
     * wait for the end of those tasks.
     *
     * @param deploymentId {@code d-…}
     * @see <a href="https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_StopDeployment.html">StopDeployment</a>
     */
    record StopCodeDeployDeployment(ServiceRef service, String deploymentId) implements Command {

        @Override
        public String describe() {
            return "stop CodeDeploy deployment %s with rollback".formatted(deploymentId);
        }
    }

    /**
     * Deploys an earlier task definition again: the only way back once a deployment has finished.
     *
     * @param taskDefinitionArn with its revision; the family alone would select the newest, which is the failing one
     * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html">UpdateService</a>
     */
    record UpdateService(ServiceRef service, String taskDefinitionArn) implements Command {

        public UpdateService {
            if (!taskDefinitionArn.matches("arn:[^:]+:ecs:[^:]+:[^:]+:task-definition/[^:]+:\\d+")) {
                throw new IllegalArgumentException(
                        "taskDefinitionArn: expected a full ARN with revision, got " + taskDefinitionArn);
            }
        }

        @Override
        public String describe() {
            return "update service %s to task definition %s"
                    .formatted(service, taskDefinitionArn.substring(taskDefinitionArn.lastIndexOf('/') + 1));
        }
    }

    /**
     * Runs a task once, where the service runs: its cluster, subnets, security groups, launch type or capacity providers, and platform version.
     *
     * @param taskDefinition {@code family} or {@code family:revision}
     * @param command of the first essential container; empty leaves it its own
     * @param group of the task, which tells what it was run for; also what makes a second sending the same task
     * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html">RunTask</a>
     */
    record RunTask(ServiceRef service, String taskDefinition, List<String> command, String group) implements Command {

        public RunTask {
            command = List.copyOf(command);
        }

        @Override
        public String describe() {
            return "run task %s%s in the network of service %s"
                    .formatted(
                            taskDefinition,
                            command.isEmpty() ? "" : " with command \u201c" + String.join(" ", command) + "\u201d",
                            service);
        }
    }

    /**
     * Deploys the task definition that the service runs once more, with new tasks.
     *
     * @param taskDefinitionArn with its revision, so that nothing else is deployed
     */
    record ForceNewDeployment(ServiceRef service, String taskDefinitionArn) implements Command {

        @Override
        public String describe() {
            return "deploy task definition %s of service %s once more"
                    .formatted(taskDefinitionArn.substring(taskDefinitionArn.lastIndexOf('/') + 1), service);
        }
    }

    /**
     * Registers the content of a task definition once more, under the next revision of its family: what RegisterTaskDefinition takes, its tags
     * included, and nothing else.
     *
     * @param taskDefinitionArn with its revision, of the one to copy
     * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html">RegisterTaskDefinition</a>
     */
    record RegisterCopy(ServiceRef service, String taskDefinitionArn) implements Command {

        @Override
        public String describe() {
            return "register task definition %s once more, for service %s"
                    .formatted(taskDefinitionArn.substring(taskDefinitionArn.lastIndexOf('/') + 1), service);
        }
    }

    /**
     * Sets a service's desired count to zero: ECS ends what runs and starts nothing any more.
     *
     * @param from the desired count that it takes the place of, for the way back
     */
    record ScaleToZero(ServiceRef service, int from) implements Command {

        public ScaleToZero {
            if (from < 1) {
                throw new IllegalArgumentException("from: expected at least 1, got " + from);
            }
        }

        @Override
        public String describe() {
            return "scale service %s from %d to 0".formatted(service, from);
        }
    }

    /**
     * Lets a listener's default action, or one rule of it, forward to a target group of the service.
     *
     * @param ruleArn absent for the default action
     * @param former the actions that it takes the place of, as ModifyListener and ModifyRule take them, in JSON: the way back
     * @see <a href="https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_ModifyListener.html">ModifyListener</a>
     * @see <a href="https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_ModifyRule.html">ModifyRule</a>
     */
    record Forward(
            ServiceRef service,
            String listenerArn,
            Optional<String> ruleArn,
            int port,
            String targetGroupArn,
            String former)
            implements Command {

        @Override
        public String describe() {
            return "let %s of port %d of load balancer %s forward to target group %s"
                    .formatted(
                            ruleArn.map(arn -> "rule " + arn.substring(arn.lastIndexOf('/') + 1))
                                    .orElse("the default action"),
                            port,
                            named(listenerArn, 2),
                            named(targetGroupArn, 1));
        }

        /** {@code …:listener/app/NAME/…} and {@code …:targetgroup/NAME/…}. */
        private static String named(String arn, int part) {
            var parts = arn.split("/", -1);
            return parts.length > part ? parts[part] : arn;
        }
    }
}
