package io.deployguard.notification;

import java.util.Optional;

/** One channel on which notices are read. May be called by several functions at once, for different incidents. */
public interface Notifier {

    /** Stable name of the channel in the settings and the database, such as {@code slack:C0123}. */
    String channel();

    /**
     * Whether people read it. They are told of many services that fail together in one message; a program is told of each by itself.
     */
    default boolean isForPeople() {
        return true;
    }

    /**
     * Makes the channel show this notice.
     *
     * @param shown reference that the last delivery gave, so that the message is edited in place; absent for the first
     */
    Delivery deliver(Notice notice, Optional<String> shown);
}
