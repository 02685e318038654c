package io.deployguard.pipeline;

import java.util.UUID;

/**
 * Wakes another function at once, after the commit that gave it work. A nudge may get lost or come twice: the work stands in the database and
 * {@link Watch} finds it within a minute.
 */
public interface Nudge {

    /** There is a planned action. */
    void act(UUID incident);

    /** A channel should show something else. */
    void deliver(UUID incident);

    /** For programs where nobody else is to be woken. */
    Nudge NONE = new Nudge() {
        @Override
        public void act(UUID incident) {}

        @Override
        public void deliver(UUID incident) {}
    };
}
