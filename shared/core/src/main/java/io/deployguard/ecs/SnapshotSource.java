package io.deployguard.ecs;

import java.util.List;
import java.util.Optional;

/** Takes a look at a service. */
public interface SnapshotSource {

    /** Whether the service's account is one that the guard looks after; of another one nothing is found. */
    default boolean includes(ServiceRef service) {
        return true;
    }

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
     * The newest ACTIVE task definition of the same family with the same content: everything that RegisterTaskDefinition takes, but for the tags.
     * Those are compared that are among the ten newest of the family.
     *
     * @param taskDefinitionArn full ARN with revision, of any status
     * @return its full ARN with revision; the given one itself while it is ACTIVE
     */
    Optional<String> findActiveTwin(String taskDefinitionArn);

    /**
     * The rules of all listeners of the load balancers that lead to these target groups, all of them: listener by listener, in the order in which
     * a request is held against them, the default rule last.
     */
    List<ListenerRule> listenerRules(List<String> targetGroupArns);

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
