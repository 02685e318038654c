package io.deployguard.action;

import io.deployguard.ecs.ServiceSnapshot;
import java.util.Map;

/** An action that is only carried out where it was asked for: the settings must name it, and the service's tags must want it. */
public interface OptIn extends Action {

    /** Whether these tags of a service want it. */
    boolean isWantedBy(Map<String, String> tags);

    /** Whether it may only send the very command that was seen when it was decided, since nothing else was consented to. */
    default boolean isAsSeen() {
        return false;
    }

    /**
     * What it would do, as in {@code run migration task web-migrate, then deploy web:42 once more}.
     *
     * @param plan how it would be done now
     */
    String inWords(ServiceSnapshot snapshot, ActionPlan plan);
}
