package io.deployguard.channels.http;

import java.time.Duration;
import java.util.Optional;

/** What came of a request. Reasons name neither address nor header: a webhook's address is a secret. */
public sealed interface Reply {

    /**
     * The server answered.
     *
     * @param body at most 1 MiB of it
     * @param retryAfter how long the server asks to be left alone
     */
    record Answered(int status, String body, Optional<Duration> retryAfter) implements Reply {}

    /** No connection came about, so the server has not seen the request. */
    record NotSent(String reason) implements Reply {}

    /** The request left and no answer came: the server may or may not have carried it out. */
    record Unclear(String reason) implements Reply {}
}
