package io.deployguard.simulation.account;

import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/** What holds outside the containers, as named flags: {@code database-reachable}, {@code migrated}. Threads may share it. */
public final class World {
    private final Set<String> flags = new ConcurrentSkipListSet<>();

    /** Lets {@code flag} hold from now on. */
    public void set(String flag) {
        flags.add(flag);
    }

    /** Lets {@code flag} hold no longer. */
    public void clear(String flag) {
        flags.remove(flag);
    }

    /** Whether {@code flag} holds now; a flag that nobody set does not. */
    public boolean holds(String flag) {
        return flags.contains(flag);
    }
}
