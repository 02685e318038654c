package io.deployguard.notification;

import java.util.regex.Pattern;

/**
 * Shortens text where it does not hurt: never inside a surrogate pair, never inside a redaction mark, which would then read as if something had
 * been said in clear, and never inside an HTML entity. What was cut ends with {@code …}.
 */
public final class Cut {

    private static final String ELLIPSIS = "…";

    /** The marks of {@code Redactor} and the usual ones of loggers that redact by themselves. Bounded, so that it is linear. */
    private static final Pattern WHOLE =
            Pattern.compile("\\[(?i:redacted|masked|filtered)[^\\[\\]]{0,40}\\]|\\*{3,12}|&#?[A-Za-z0-9]{1,10};");

    /** No mark is longer than this. */
    private static final int LONGEST_MARK = 52;

    private Cut() {}

    /**
     * The text itself, or its beginning with an ellipsis.
     *
     * @param max of UTF-16 units, ellipsis included; at least 1
     */
    public static String to(int max, String text) {
        if (text.length() <= max) {
            return text;
        }
        return text.substring(0, border(text, max - ELLIPSIS.length())).stripTrailing() + ELLIPSIS;
    }

    /** The same at the end of a word where one ends near, for sentences. */
    public static String toWord(int max, String text) {
        if (text.length() <= max) {
            return text;
        }
        var cut = border(text, max - ELLIPSIS.length());
        var space = text.lastIndexOf(' ', cut);
        var end = space > cut * 2 / 3 ? border(text, space) : cut;
        return text.substring(0, end).replaceAll("[\\s,;:.]{1,20}$", "") + ELLIPSIS;
    }

    /** The greatest index up to {@code wanted} at which the text may be cut. */
    private static int border(String text, int wanted) {
        var border = Math.max(0, wanted);
        if (border > 0
                && Character.isHighSurrogate(text.charAt(border - 1))
                && Character.isLowSurrogate(text.charAt(border))) {
            border--;
        }
        var from = Math.max(0, border - LONGEST_MARK);
        var near = WHOLE.matcher(text).region(from, Math.min(text.length(), border + LONGEST_MARK));
        while (near.find()) {
            if (near.start() < border && border < near.end()) {
                return near.start();
            }
        }
        return border;
    }
}
