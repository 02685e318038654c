package io.deployguard.channels.slack;

import java.util.List;

/**
 * How much of a notice is shown. A message starts with {@link #FULL} and takes the next smaller one while it is too long as a whole.
 *
 * @param prose characters of a paragraph
 * @param logLine characters of a line of evidence
 * @param steps of advice
 * @param moments of the timeline, the newest ones
 * @param once whether only the first block of each kind is shown
 */
record Budget(
        int prose,
        int logLines,
        int logChars,
        int logLine,
        int facts,
        int steps,
        int commands,
        int links,
        int moments,
        int footers,
        boolean once) {

    static final Budget FULL = new Budget(
            1_200,
            SlackLimits.OUR_LOG_LINES,
            SlackLimits.OUR_LOG_CHARS,
            SlackLimits.OUR_LOG_LINE,
            6,
            5,
            3,
            SlackLimits.OUR_LINKS,
            8,
            5,
            false);

    static final Budget TIGHT = new Budget(500, 6, 1_200, 200, 6, 3, 2, 4, 5, 3, true);

    /** For Slack's {@code msg_too_long}, and whatever else it finds too much. */
    static final Budget SHORT = new Budget(250, 3, 480, 160, 3, 2, 1, 3, 0, 1, true);

    /** Who must act, why, and where to look; fits whatever the notice holds. */
    static final Budget LEAST = new Budget(160, 0, 0, 0, 0, 0, 0, 1, 0, 1, true);

    static final List<Budget> LARGEST_FIRST = List.of(FULL, TIGHT, SHORT, LEAST);
    static final List<Budget> SHORT_ONES = List.of(SHORT, LEAST);
}
