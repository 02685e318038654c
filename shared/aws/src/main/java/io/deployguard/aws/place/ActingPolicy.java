package io.deployguard.aws.place;

import io.deployguard.ecs.ServiceRef;

/**
 * What the session of one command may do at most: change the one service, stop its deployments or answer their hooks, run a task in its cluster, and hand the task's roles
 * to ECS. The role decides what of it is allowed.
 *
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session">Session policies</a>
 */
final class ActingPolicy {

    private ActingPolicy() {}

    /** JSON without a blank, so that the longest names still fit. */
    static String of(ServiceRef service) {
        var arn = "arn:%s:ecs:%s:%s:".formatted(service.partition(), service.region(), service.account());
        return """
                {"Version":"2012-10-17","Statement":[\
                {"Effect":"Allow","Action":["ecs:UpdateService","ecs:StopServiceDeployment","ecs:ContinueServiceDeployment"],"Resource":["%s","%s"]},\
                {"Effect":"Allow","Action":"ecs:RunTask","Resource":"%s","Condition":{"ArnEquals":{"ecs:cluster":"%s"}}},\
                {"Effect":"Allow","Action":"iam:PassRole","Resource":"*","Condition":{"StringEquals":\
                {"iam:PassedToService":"ecs-tasks.amazonaws.com"}}}]}""".formatted(
                        service.arn(),
                        arn + "service-deployment/%s/%s/*".formatted(service.cluster(), service.name()),
                        arn + "task-definition/*:*",
                        service.clusterArn());
    }
}
