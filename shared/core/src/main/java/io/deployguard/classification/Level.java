package io.deployguard.classification;

import java.util.Locale;

/** How grave the writer of a log line thought it was. */
enum Level {
    CALM,
    WARNING,
    GRAVE,
    UNTOLD;

    /** A level stands in the first words; beyond that it is prose. */
    private static final int HEAD = 160;

    private static final int SHORTEST = 3;
    private static final String FIRST_LETTERS = "IDTVFWECSPANidtvfwecspan";

    /** Reads the usual forms: {@code ERROR}, {@code [warn]}, {@code level=info}, {@code INFO:}; the first one found counts. */
    static Level of(String line) {
        int limit = Math.min(line.length(), HEAD);
        int at = 0;
        while (at < limit) {
            if (!Character.isLetter(line.charAt(at))) {
                at++;
                continue;
            }
            int end = at;
            while (end < line.length() && end - at < 12 && Character.isLetter(line.charAt(end))) {
                end++;
            }
            // Most words are none of them by their first letter.
            boolean maybe = end - at >= SHORTEST && FIRST_LETTERS.indexOf(line.charAt(at)) >= 0;
            Level level = maybe ? ofWord(line.substring(at, end), marked(line, at, end)) : UNTOLD;
            if (level != UNTOLD) {
                return level;
            }
            at = Math.max(end, at + 1);
        }
        return UNTOLD;
    }

    /** Lower-case words count only when marked as a level: {@code [error]}, {@code level=error}, {@code info:} at the start, a column of its own. */
    private static boolean marked(String line, int from, int to) {
        char before = from > 0 ? line.charAt(from - 1) : ' ';
        char after = to < line.length() ? line.charAt(to) : ' ';
        return (before == '[' && (after == ']' || after == ' '))
                || (from == 0 && after == ':')
                || (before == '\t' && after == '\t')
                || line.startsWith("level=", Math.max(0, from - 6))
                || line.startsWith("lvl=", Math.max(0, from - 4));
    }

    private static Level ofWord(String word, boolean marked) {
        return switch (marked ? word.toUpperCase(Locale.ROOT) : word) {
            case "INFO", "DEBUG", "TRACE", "VERBOSE", "INF", "DBG", "FINE", "FINER", "FINEST", "NOTICE", "NOTE" -> CALM;
            case "WARN", "WARNING", "WRN" -> WARNING;
            case "ERROR", "ERR", "FATAL", "FTL", "CRITICAL", "CRIT", "SEVERE", "PANIC", "ALERT", "EMERG", "EMERGENCY" ->
                GRAVE;
            default -> UNTOLD;
        };
    }
}
