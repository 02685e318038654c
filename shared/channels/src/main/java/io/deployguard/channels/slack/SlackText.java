package io.deployguard.channels.slack;

import io.deployguard.notification.Cut;
import io.deployguard.notification.Prose;
import java.time.Instant;
import java.util.regex.Pattern;

/** Makes text safe for the places of a message where Slack reads markup, and fit for those where it does not. */
final class SlackText {

    private static final Pattern ANSI = Pattern.compile("\u001B(?:\\[[0-?]{0,16}[ -/]{0,4}[@-~]|[@-Z\\\\-_])");

    /** How a moment is shown: the reader's own time zone, {@code Today} and {@code Yesterday} where they apply. */
    static final String DATE_FORMAT = "{date_short_pretty} {time_secs}";

    private SlackText() {}

    /**
     * One line of text without anything that could hide or reorder what stands around it: no ANSI sequences, control, bidirectional or zero-width
     * characters and no half surrogate pairs. The guard has cleaned the text before; this is the last door.
     */
    static String clean(String text) {
        var bare = text.indexOf('\u001B') < 0 ? text : ANSI.matcher(text).replaceAll("");
        var clean = new StringBuilder(bare.length());
        bare.codePoints().forEach(point -> {
            switch (Character.getType(point)) {
                case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> {
                    if (Character.isWhitespace(point)) {
                        clean.append(' ');
                    }
                }
                case Character.FORMAT -> {}
                case Character.SURROGATE -> clean.append('\uFFFD');
                default -> clean.appendCodePoint(point);
            }
        });
        return clean.toString();
    }

    /** For the top-level text and for mrkdwn: these three and nothing else, once. */
    static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    /**
     * Cleaned, cut and escaped, at most {@code max} characters afterwards; cut before it is escaped, so that no entity is broken.
     */
    static String mrkdwn(int max, String text) {
        var clean = clean(text).strip();
        for (var room = max; room > 0; room -= Math.max(1, room / 8)) {
            var escaped = escape(Cut.to(room, clean));
            if (escaped.length() <= max) {
                return escaped;
            }
        }
        return "…";
    }

    /** A moment in mrkdwn. */
    static String date(Instant at) {
        return "<!date^%d^%s|%s>".formatted(at.getEpochSecond(), DATE_FORMAT, Prose.utc(at));
    }
}
