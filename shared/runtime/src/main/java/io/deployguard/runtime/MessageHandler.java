package io.deployguard.runtime;

import java.time.Instant;
import java.util.Map;

/** What a function does with one message. */
public interface MessageHandler {

    /**
     * Handles one message.
     *
     * @param body of a queue's message, or the whole input when the function was invoked directly
     * @param deadline of the guard's clock, some seconds before Lambda ends the function
     * @return what came of it, for the log and for a direct caller
     * @throws RuntimeException when it must be delivered again, or belongs into the dead-letter queue
     */
    Map<String, Object> handle(String body, Instant deadline);
}
