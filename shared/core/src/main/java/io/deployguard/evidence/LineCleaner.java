package io.deployguard.evidence;

/**
 * Takes out of a line what a reader must not meet: terminal escapes, control, bidirectional and zero-width characters, halves of
 * surrogate pairs, and the middle of a giant line. One pass, linear in the line's length.
 */
public final class LineCleaner {

    /** The longest line that is kept whole, in characters; the contract promises lines of 1 MB. */
    public static final int MAX_CHARACTERS = 1 << 20;

    private static final char ESCAPE = 0x1b;
    private static final char BELL = 0x07;
    private static final char C1_CSI = 0x9b;

    private LineCleaner() {}

    /** The line as it may be shown. A clean line comes back as the same object. */
    public static String clean(String line) {
        String text = line.length() > MAX_CHARACTERS ? cut(line) : line;
        int dirty = firstDirty(text);
        if (dirty < 0) {
            return text;
        }
        var clean = new StringBuilder(text.length()).append(text, 0, dirty);
        int at = dirty;
        while (at < text.length()) {
            at = cleanAt(text, at, clean);
        }
        return clean.toString();
    }

    private static String cut(String line) {
        int half = MAX_CHARACTERS / 2 - 64;
        int left = line.length() - 2 * half;
        return line.substring(0, half) + " … " + left + " characters left out … "
                + line.substring(line.length() - half);
    }

    private static int firstDirty(String text) {
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c < ' ' ? c != '\t' : c >= 0x7f && isDirtyAbove(c)) {
                return at;
            }
        }
        return -1;
    }

    private static boolean isDirtyAbove(char c) {
        return c < 0xa0 || Character.isSurrogate(c) || isInvisible(c);
    }

    /** Appends what remains of the character at {@code at}, and tells where to go on. */
    private static int cleanAt(String text, int at, StringBuilder clean) {
        char c = text.charAt(at);
        if (c == ESCAPE || c == C1_CSI) {
            return afterEscape(text, at);
        }
        if (c == '\t' || (c >= ' ' && c < 0x7f)) {
            clean.append(c);
        } else if (c == '\n' || c == '\r' || c == 0x85 || c == 0x2028 || c == 0x2029) {
            clean.append(' ');
        } else if (Character.isSurrogate(c)) {
            if (Character.isHighSurrogate(c)
                    && at + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(at + 1))) {
                if (!isInvisible(Character.toCodePoint(c, text.charAt(at + 1)))) {
                    clean.append(c).append(text.charAt(at + 1));
                }
                return at + 2;
            }
            clean.append('\ufffd');
        } else if (c >= 0xa0 && !isInvisible(c)) {
            clean.append(c);
        }
        return at + 1;
    }

    /**
     * Takes no room, or changes the direction of what follows: bidirectional and zero-width characters, fillers, variation selectors, and the tags with
     * which a second text can be hidden within the first.
     *
     * @see <a href="https://www.unicode.org/reports/tr36/">Unicode Security Considerations</a>
     */
    private static boolean isInvisible(int c) {
        return switch (c) {
            case 0x00ad, 0x034f, 0x061c, 0x115f, 0x1160, 0x17b4, 0x17b5, 0x180e, 0x3164, 0xfeff, 0xffa0 -> true;
            default ->
                (c >= 0x180b && c <= 0x180f)
                        || (c >= 0x200b && c <= 0x200f)
                        || (c >= 0x2028 && c <= 0x202e)
                        || (c >= 0x2060 && c <= 0x206f)
                        || (c >= 0xfe00 && c <= 0xfe0f)
                        || (c >= 0xfff9 && c <= 0xfffb)
                        || (c >= 0x1bca0 && c <= 0x1bca3)
                        || (c >= 0x1d173 && c <= 0x1d17a)
                        || (c >= 0xe0000 && c <= 0xe0fff);
        };
    }

    /** Skips one escape sequence of ECMA-48: CSI …, OSC … BEL, DCS/SOS/PM/APC … ST, or two characters. */
    private static int afterEscape(String text, int at) {
        if (text.charAt(at) == C1_CSI) {
            return afterControlSequence(text, at + 1);
        }
        if (at + 1 >= text.length()) {
            return at + 1;
        }
        char kind = text.charAt(at + 1);
        return switch (kind) {
            case '[' -> afterControlSequence(text, at + 2);
            case ']', 'P', 'X', '^', '_' -> afterString(text, at + 2);
            case '(', ')', '*', '+', '#', '%', ' ' -> Math.min(at + 3, text.length());
            default -> kind >= 0x30 && kind < 0x7f ? at + 2 : at + 1;
        };
    }

    private static int afterControlSequence(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) >= 0x20 && text.charAt(at) < 0x40) {
            at++;
        }
        boolean ended = at < text.length() && text.charAt(at) >= 0x40 && text.charAt(at) < 0x7f;
        return ended ? at + 1 : at;
    }

    /** A string sequence that never ends swallows nothing: only its introducer goes. */
    private static int afterString(String text, int from) {
        int limit = Math.min(text.length(), from + 4096);
        for (int at = from; at < limit; at++) {
            if (text.charAt(at) == BELL) {
                return at + 1;
            }
            if (text.charAt(at) == ESCAPE) {
                return at + 1 < text.length() && text.charAt(at + 1) == '\\' ? at + 2 : at;
            }
        }
        return from;
    }
}
