package io.deployguard.notification;

import java.time.Duration;
import java.util.Optional;

/** What came of handing a notice to a channel. */
public sealed interface Delivery {

    /**
     * It is there.
     *
     * @param reference to be handed in with the next notice of the incident: where the message is, or, for a channel that cannot edit, what
     *     it has said already
     */
    record Delivered(Optional<String> reference) implements Delivery {}

    /** Not now. */
    record Retry(Duration after, String reason) implements Delivery {}

    /** Never, as it is configured; a person must mend the channel. */
    record Rejected(String reason) implements Delivery {}
}
