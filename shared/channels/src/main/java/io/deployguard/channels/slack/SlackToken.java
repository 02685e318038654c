package io.deployguard.channels.slack;

import java.util.regex.Pattern;

/** The bot's token. It has no accessor but the header's, so that it can neither be logged nor end up in a message by mistake. */
public final class SlackToken {

    private static final Pattern PRINTABLE = Pattern.compile("[\\x21-\\x7e]+");

    private final String value;

    /** @throws IllegalArgumentException when the text cannot be a token; the message does not repeat it */
    public SlackToken(String value) {
        var stripped = value.strip();
        if (!PRINTABLE.matcher(stripped).matches()) {
            throw new IllegalArgumentException(
                    "Slack token: expected a bot token (xoxb-…) without spaces or line breaks");
        }
        this.value = stripped;
    }

    String authorization() {
        return "Bearer " + value;
    }

    @Override
    public String toString() {
        return "SlackToken(hidden)";
    }
}
