package io.deployguard.simulation.memory;

import io.deployguard.event.EventKey;
import io.deployguard.event.Inbox;
import java.time.Instant;

/** Keys of the events that were taken in. */
final class InMemoryInbox implements Inbox {

    private final Table<EventKey, Instant> accepted = new Table<>();

    @Override
    public boolean accept(EventKey key, Instant at) {
        if (accepted.find(key).isPresent()) {
            return false;
        }
        accepted.put(key, at);
        return true;
    }

    Table<?, ?> table() {
        return accepted;
    }
}
