package io.deployguard.action;

import java.util.List;

/** What an action has to see beside the look at the service before it can be planned. */
public sealed interface Lookup {

    /** Tasks of a family that no service started. */
    record OneOffTasks(String family) implements Lookup {}

    /** The rules of the listeners that lead to target groups. */
    record ListenerRules(List<String> targetGroupArns) implements Lookup {

        public ListenerRules {
            targetGroupArns = List.copyOf(targetGroupArns);
        }
    }

    /** An ACTIVE task definition that takes the place of this one, which is INACTIVE. */
    record ActiveTwin(String taskDefinitionArn) implements Lookup {}
}
