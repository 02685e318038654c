package io.deployguard.notification;

import java.util.Optional;

/** One channel on which people read notices. May be called by several functions at once, for different incidents. */
public interface Notifier {

    /** Stable name of the channel in the settings and the database, such as {@code slack:C0123}. */
    String channel();

    /**
     * Makes the channel show this notice.
     *
     * @param shown reference that the last delivery gave, so that the message is edited in place; absent for the first
     */
    Delivery deliver(Notice notice, Optional<String> shown);
}
