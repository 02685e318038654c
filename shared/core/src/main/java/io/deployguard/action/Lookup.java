package io.deployguard.action;

/** What an action has to see beside the look at the service before it can be planned. */
public sealed interface Lookup {

    /** Tasks of a family that no service started. */
    record OneOffTasks(String family) implements Lookup {}

    /** An ACTIVE task definition that takes the place of this one, which is INACTIVE. */
    record ActiveTwin(String taskDefinitionArn) implements Lookup {}
}
