package io.deployguard.action;

import java.util.List;
import java.util.Optional;

/** All actions. */
public final class Actions {

    private static final List<Action> ALL = List.of(
            new RollBack(),
            new RunMigrationThenRedeploy(),
            new ReRegisterThenRollBack(),
            new ForwardListener(),
            new ScaleDown());

    private Actions() {}

    public static List<Action> all() {
        return ALL;
    }

    public static Optional<Action> find(String id) {
        return ALL.stream().filter(action -> action.id().equals(id)).findFirst();
    }
}
