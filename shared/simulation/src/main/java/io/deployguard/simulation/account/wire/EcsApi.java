package io.deployguard.simulation.account.wire;

import static io.deployguard.simulation.account.wire.Action.read;
import static io.deployguard.simulation.account.wire.Action.write;

import io.deployguard.simulation.account.SimulatedAccount;
import java.util.List;

/** The actions of ECS that the endpoint serves; the account answers them itself. */
final class EcsApi {
    private static final String TASK_DEFINITION =
            "family taskRoleArn executionRoleArn networkMode containerDefinitions volumes"
                    + " placementConstraints requiresCompatibilities cpu memory tags runtimePlatform ephemeralStorage";
    private static final String SERVICE =
            "cluster taskDefinition desiredCount deploymentConfiguration networkConfiguration"
                    + " healthCheckGracePeriodSeconds loadBalancers";

    private EcsApi() {}

    static List<Action> of(SimulatedAccount account) {
        var ecs = account.ecs();
        var inventory = account.inventory();
        return List.of(
                read("ecs", "DescribeClusters", "clusters include", inventory::describeClusters),
                read("ecs", "DescribeServices", "cluster services include", inventory::describeServices),
                read("ecs", "ListServices", "cluster nextToken maxResults launchType", inventory::listServices),
                read(
                        "ecs",
                        "ListTasks",
                        "cluster serviceName family startedBy desiredStatus nextToken maxResults launchType",
                        inventory::listTasks),
                read("ecs", "DescribeTasks", "cluster tasks include", inventory::describeTasks),
                read("ecs", "DescribeTaskDefinition", "taskDefinition include", inventory::describeTaskDefinition),
                read(
                        "ecs",
                        "ListTaskDefinitions",
                        "familyPrefix status sort nextToken maxResults",
                        inventory::listTaskDefinitions),
                read(
                        "ecs",
                        "ListServiceDeployments",
                        "cluster service status createdAt nextToken maxResults",
                        inventory::listServiceDeployments),
                read(
                        "ecs",
                        "DescribeServiceDeployments",
                        "serviceDeploymentArns",
                        inventory::describeServiceDeployments),
                read("ecs", "DescribeServiceRevisions", "serviceRevisionArns", inventory::describeServiceRevisions),
                read("ecs", "ListTagsForResource", "resourceArn", inventory::listTagsForResource),
                write("ecs", "CreateCluster", "clusterName", ecs::createCluster),
                write("ecs", "RegisterTaskDefinition", TASK_DEFINITION, ecs::registerTaskDefinition),
                write("ecs", "DeregisterTaskDefinition", "taskDefinition", ecs::deregisterTaskDefinition),
                write(
                        "ecs",
                        "CreateService",
                        SERVICE + " serviceName launchType tags deploymentController schedulingStrategy clientToken",
                        ecs::createService),
                write("ecs", "UpdateService", SERVICE + " service forceNewDeployment", ecs::updateService),
                write("ecs", "DeleteService", "cluster service force", ecs::deleteService),
                write("ecs", "StopServiceDeployment", "serviceDeploymentArn stopType", ecs::stopServiceDeployment),
                write(
                        "ecs",
                        "ContinueServiceDeployment",
                        "serviceDeploymentArn hookId action",
                        ecs::continueServiceDeployment),
                write(
                        "ecs",
                        "RunTask",
                        "cluster taskDefinition count launchType overrides networkConfiguration startedBy group tags clientToken"
                                + " platformVersion",
                        ecs::runTask),
                write("ecs", "StopTask", "cluster task reason", ecs::stopTask),
                write("ecs", "TagResource", "resourceArn tags", ecs::tagResource));
    }
}
