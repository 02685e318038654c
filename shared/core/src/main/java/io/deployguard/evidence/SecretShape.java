package io.deployguard.evidence;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.List;

/** One kind of secret: literals that lead to it, and how to tell where it begins and ends. */
interface SecretShape {

    /** Literals, in lower case, one of which stands in every secret of this kind or directly before it. */
    List<String> triggers();

    /** Adds the secrets to which the trigger that ends at {@code triggerEnd} leads. */
    void find(String line, int triggerEnd, Redactor.Cuts cuts);

    /** Whether it may begin within another secret and reach beyond it, as a PEM block in a quoted value does. */
    default boolean looksInside() {
        return false;
    }

    /** Tells a secret from a word that merely stands in its place. */
    interface Keep {
        boolean isSecret(String line, int from, int to);
    }

    static SecretShape of(String triggers, int before, String pattern) {
        return of(triggers, before, pattern, (line, from, to) -> true);
    }

    /**
     * A kind that a pattern tells.
     *
     * @param before how many characters ahead of the trigger's end the secret may begin
     * @param pattern its group {@code s} is the secret, the whole match when there is no such group
     */
    static SecretShape of(String triggers, int before, String pattern, Keep keep) {
        return new ByPattern(
                List.of(triggers.split(" ")), before, Pattern.compile(pattern), pattern.contains("(?P<s>"), keep);
    }

    /** A pattern on a window around the trigger; a secret that reaches the window's end is followed to its own. */
    record ByPattern(List<String> triggers, int before, Pattern pattern, boolean grouped, Keep keep)
            implements SecretShape {

        private static final int WINDOW = 256;

        @Override
        public void find(String line, int triggerEnd, Redactor.Cuts cuts) {
            int windowFrom = Math.max(0, triggerEnd - before);
            int windowTo = Math.min(line.length(), triggerEnd + WINDOW);
            Matcher matcher = pattern.matcher(line.substring(windowFrom, windowTo));
            if (!matcher.find()) {
                return;
            }
            int from = windowFrom + (grouped ? matcher.start("s") : matcher.start());
            int to = windowFrom + (grouped ? matcher.end("s") : matcher.end());
            if (to == windowTo) {
                to = endOfToken(line, to);
            }
            if (keep.isSecret(line, from, to)) {
                cuts.add(from, to);
            }
        }

        private static int endOfToken(String line, int from) {
            int at = from;
            while (at < line.length() && SecretNames.isTokenCharacter(line.charAt(at))) {
                at++;
            }
            return at;
        }
    }
}
