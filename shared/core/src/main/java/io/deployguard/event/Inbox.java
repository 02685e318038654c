package io.deployguard.event;

import java.time.Instant;

/** Remembers which events were taken in, so that the same one ten times is the same as once. */
public interface Inbox {

    /**
     * Takes an event in.
     *
     * @return false when it was taken in before; then the caller changes nothing
     */
    boolean accept(EventKey key, Instant at);
}
