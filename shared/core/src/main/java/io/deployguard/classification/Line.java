package io.deployguard.classification;

import io.deployguard.classification.Diagnosis.Proof;

/**
 * One line as rules see it.
 *
 * @param order position among all lines, in the order in which they were written
 * @param source container or place, in words for people
 * @param text what rules match
 * @param shown what people are shown, when it is another text
 * @param joined whether it repeats earlier lines, put together again after a terminal wrapped them
 */
record Line(Place place, int order, String source, String text, String shown, boolean joined) {

    private static final int LONGEST_PROOF = 600;

    /** A match that begins later than this would be cut off where messages are short. */
    private static final int LONGEST_LEAD = 120;

    private static final int LEAD = 60;

    Level level() {
        return place == Place.LOG ? Level.of(text) : Level.UNTOLD;
    }

    /** The line for people; of a long one, the part around the match. */
    Proof proof(int matchFrom) {
        if (shown.length() <= LONGEST_PROOF && matchFrom <= LONGEST_LEAD) {
            return new Proof(source, shown.strip());
        }
        int from = matchFrom <= LONGEST_LEAD ? 0 : matchFrom - LEAD;
        int to = Math.min(text.length(), from + LONGEST_PROOF);
        String part = text.substring(from, to).strip();
        return new Proof(source, (from > 0 ? "… " : "") + part + (to < text.length() ? " …" : ""));
    }
}
