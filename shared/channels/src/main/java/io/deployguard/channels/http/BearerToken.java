package io.deployguard.channels.http;

import java.util.regex.Pattern;

/** What lets the guard in. It has no accessor but the header's, so that it can neither be logged nor end up in a message by mistake. */
public final class BearerToken {

    private static final Pattern PRINTABLE = Pattern.compile("[\\x21-\\x7e]+");

    private final String value;

    /**
     * @param what it is, as in {@code Slack bot token (xoxb-…)}
     * @throws IllegalArgumentException when the text cannot be a token; the message does not repeat it
     */
    public BearerToken(String what, String value) {
        var stripped = value.strip();
        if (!PRINTABLE.matcher(stripped).matches()) {
            throw new IllegalArgumentException(what + ": expected a token without spaces or line breaks");
        }
        this.value = stripped;
    }

    /** Value of the header {@code Authorization}. */
    public String authorization() {
        return "Bearer " + value;
    }

    @Override
    public String toString() {
        return "BearerToken(hidden)";
    }
}
