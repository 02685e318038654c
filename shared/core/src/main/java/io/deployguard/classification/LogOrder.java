package io.deployguard.classification;

import io.deployguard.classification.TerminalWidth.Written;
import java.util.List;
import java.util.Optional;

/** Consoles show the newest line first, and so do the logs that people copy from them. */
final class LogOrder {

    private static final int TOO_FEW = 3;

    private LogOrder() {}

    /** The lines, turned round when their time stamps mostly run backwards. */
    static List<Written> oldestFirst(List<Written> lines) {
        int rising = 0;
        int falling = 0;
        Optional<String> last = Optional.empty();
        for (Written line : lines) {
            Optional<String> stamp = findStamp(line.line().text());
            if (stamp.isPresent()
                    && last.isPresent()
                    && stamp.get().length() == last.get().length()) {
                int order = stamp.get().compareTo(last.get());
                rising += order > 0 ? 1 : 0;
                falling += order < 0 ? 1 : 0;
            }
            last = stamp.isPresent() ? stamp : last;
        }
        return falling >= TOO_FEW && falling > 4 * rising ? lines.reversed() : lines;
    }

    /** {@code 2026-11-21T09:14:05}, with what follows up to a blank, near the beginning of the line; sorts as text. */
    private static Optional<String> findStamp(String line) {
        int limit = Math.min(line.length() - 19, 24);
        for (int at = 0; at <= limit; at++) {
            if (isStamp(line, at)) {
                int end = at + 19;
                while (end < line.length()
                        && end < at + 26
                        && (Character.isDigit(line.charAt(end)) || ".,".indexOf(line.charAt(end)) >= 0)) {
                    end++;
                }
                return Optional.of(line.substring(at, end)
                        .replace('T', ' ')
                        .replace(',', '.')
                        .replace('/', '-'));
            }
        }
        return Optional.empty();
    }

    private static boolean isStamp(String line, int at) {
        return isDigits(line, at, 4)
                && (line.charAt(at + 4) == '-' || line.charAt(at + 4) == '/')
                && isDigits(line, at + 5, 2)
                && isDigits(line, at + 8, 2)
                && (line.charAt(at + 10) == 'T' || line.charAt(at + 10) == ' ')
                && isDigits(line, at + 11, 2)
                && line.charAt(at + 13) == ':'
                && isDigits(line, at + 14, 2)
                && isDigits(line, at + 17, 2);
    }

    private static boolean isDigits(String line, int from, int count) {
        for (int at = from; at < from + count; at++) {
            if (!Character.isDigit(line.charAt(at))) {
                return false;
            }
        }
        return true;
    }
}
