package io.deployguard.simulation.memory;

import java.util.Optional;

/** Somebody else who uses the database at the same time. */
@FunctionalInterface
public interface Rival {

    /** Nobody else is there. */
    Rival NONE = _ -> Optional.empty();

    /**
     * What somebody else does while this transaction runs, so that it loses and runs again from the start; absent when it may commit. May use
     * the database itself. Asked once per attempt.
     *
     * @param what the transaction is for
     */
    Optional<Runnable> winsOver(String what);
}
