package io.deployguard.action;

import io.deployguard.ecs.ServiceSnapshot;
import java.util.Map;

/** An action that is only carried out where it was asked for: the settings must name it, and the service's tags must want it. */
public interface OptIn extends Action {

    /** Whether these tags of a service want it. */
    boolean isWantedBy(Map<String, String> tags);

    /**
     * What it would do, as in {@code run migration task web-migrate, then deploy web:42 once more}.
     *
     * @param plan how it would be done now
     */
    String inWords(ServiceSnapshot snapshot, ActionPlan plan);
}
