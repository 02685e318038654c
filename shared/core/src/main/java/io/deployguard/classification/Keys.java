package io.deployguard.classification;

import java.util.Map;
import java.util.Optional;

/** Makes the one name a person needs out of what a rule captured. */
final class Keys {

    private static final String AROUND = " \t\"'`.,:;()[]{}<>";

    private static final int MOST = 20;

    private Keys() {}

    /** The rule's template filled in; else the capture {@code key}, or the first of {@code key2}, {@code key3} … that is there. */
    static Optional<String> of(Rule rule, Map<String, String> captures) {
        return rule.key().flatMap(template -> fill(template, captures)).or(() -> captured(captures));
    }

    /** The capture {@code key}, or the first of {@code key2}, {@code key3} … that is there. */
    static Optional<String> captured(Map<String, String> captures) {
        for (int number = 1; number <= MOST; number++) {
            String value = captures.get(number == 1 ? "key" : "key" + number);
            String key = value == null ? "" : strip(value);
            if (!key.isEmpty()) {
                return Optional.of(key);
            }
        }
        return Optional.empty();
    }

    /** Whether a capture of this name is the name that a person needs. */
    static boolean isKey(String capture) {
        return capture.startsWith("key")
                && capture.substring("key".length()).chars().allMatch(Character::isDigit);
    }

    /** Absent when a name of the template was not captured. */
    private static Optional<String> fill(String template, Map<String, String> captures) {
        var filled = new StringBuilder();
        int at = 0;
        while (at < template.length()) {
            int open = template.indexOf("${", at);
            int close = open < 0 ? -1 : template.indexOf('}', open);
            if (close < 0) {
                filled.append(template, at, template.length());
                break;
            }
            String value = captures.get(template.substring(open + 2, close));
            if (value == null) {
                return Optional.empty();
            }
            filled.append(template, at, open).append(strip(value));
            at = close + 1;
        }
        return Optional.of(filled.toString());
    }

    private static String strip(String value) {
        int from = 0;
        int to = value.length();
        while (from < to && AROUND.indexOf(value.charAt(from)) >= 0 && !keepsLeading(value, from)) {
            from++;
        }
        while (to > from && AROUND.indexOf(value.charAt(to - 1)) >= 0) {
            to--;
        }
        return value.substring(from, to);
    }

    /** {@code .next}, {@code ./run.sh}, {@code :sku} and {@code ::1} begin that way. */
    private static boolean keepsLeading(String value, int at) {
        char c = value.charAt(at);
        char next = at + 1 < value.length() ? value.charAt(at + 1) : ' ';
        return (c == '.' && (Character.isLetter(next) || next == '/' || next == '.'))
                || (c == ':' && (Character.isLetter(next) || next == ':'));
    }
}
