package io.deployguard.notification;

import java.time.Duration;
import java.util.Optional;

/** What came of handing a notice to a channel. */
public sealed interface Delivery {

    /**
     * It is there.
     *
     * @param reference by which the channel finds the message again for an edit; absent for channels that cannot edit
     */
    record Delivered(Optional<String> reference) implements Delivery {}

    /** Not now. */
    record Retry(Duration after, String reason) implements Delivery {}

    /** Never, as it is configured; a person must mend the channel. */
    record Rejected(String reason) implements Delivery {}
}
