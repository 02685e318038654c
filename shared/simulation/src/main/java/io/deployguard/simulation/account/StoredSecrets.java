package io.deployguard.simulation.account;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Names of secrets and parameters of an account, without values: nothing of the guard may read one. Thread-safe. */
public final class StoredSecrets {
    private final Set<String> names = ConcurrentHashMap.newKeySet();

    /**
     * Adds one.
     *
     * @param name ARN of a secret, or name of a parameter
     */
    public void put(String name) {
        names.add(name);
    }

    public boolean has(String name) {
        return names.contains(name);
    }
}
