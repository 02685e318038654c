package io.deployguard.ecs;

import java.util.List;
import java.util.Optional;

/** Takes a look at a service. */
public interface SnapshotSource {

    /**
     * The service now.
     *
     * @throws io.deployguard.fault.GuardFault.NotFound when cluster or service do not exist
     * @throws io.deployguard.fault.GuardFault when the service itself cannot be described; lesser gaps are named in the snapshot
     */
    ServiceSnapshot describe(ServiceRef service);

    /**
     * Whether the images of a revision are still there, by the digests with which it ran. Only those of the service's own account and region can be
     * looked up; a fault on the way leaves them unchecked, since a rollback must not fail for want of an answer.
     */
    ImageState images(ServiceRevision revision);

    /**
     * A task definition by its full ARN.
     *
     * @throws io.deployguard.fault.GuardFault.NotFound when it does not exist
     */
    TaskDefinition describeTaskDefinition(String taskDefinitionArn);

    /**
     * Tasks of a family that no service started, running and stopped; ECS lists stopped ones for about one hour.
     *
     * @param family without revision
     */
    List<Task> oneOffTasks(String clusterArn, String family);

    /**
     * The service that a deployment of CodeDeploy brings a new revision. Absent when it is for another platform than ECS, when it takes an earlier
     * deployment back, and when it or its group is gone.
     */
    Optional<ServiceRef> releasedBy(CodeDeployRef deployment);
}
