package io.deployguard.ecs;

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
     * A task definition by its full ARN.
     *
     * @throws io.deployguard.fault.GuardFault.NotFound when it does not exist
     */
    TaskDefinition describeTaskDefinition(String taskDefinitionArn);
}
