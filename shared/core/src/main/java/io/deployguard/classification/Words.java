package io.deployguard.classification;

import java.util.Arrays;

/**
 * The words of a line and their neighbouring pairs, as hashes: what a statistic over logs counts. {@code SqlException} is two words; single letters,
 * one- and two-digit numbers and long ones say nothing; letters beyond ASCII stand between words.
 */
final class Words {

    private static final int MOST_WORDS = 200;
    private static final int LONGEST_LINE = 4_000;
    private static final int FNV_OFFSET = 0x811c9dc5;
    private static final int FNV_PRIME = 0x01000193;

    private int[] hashes = new int[64];
    private int count;
    private int words;
    private int before;

    private Words() {}

    /** The hashes of a line's words and pairs of words; some may come more than once. */
    static int[] of(String line) {
        var words = new Words();
        words.read(line.length() > LONGEST_LINE ? line.substring(0, LONGEST_LINE) : line);
        return Arrays.copyOf(words.hashes, words.count);
    }

    private void read(String line) {
        int at = 0;
        while (at < line.length() && words < MOST_WORDS) {
            char c = line.charAt(at);
            int end = at + 1;
            if (isLetter(c)) {
                while (end < line.length()
                        && isLetter(line.charAt(end))
                        && !(isUpper(line.charAt(end)) && !isUpper(line.charAt(end - 1)))) {
                    end++;
                }
                if (end - at >= 2) {
                    add(hash(line, at, end));
                }
            } else if (isDigit(c)) {
                while (end < line.length() && isDigit(line.charAt(end))) {
                    end++;
                }
                boolean alone = !isPartOfName(line, at - 1) && !isPartOfName(line, end);
                if (alone && end - at >= 3 && end - at <= 5) {
                    add(hash(line, at, end));
                }
            }
            at = end;
        }
    }

    private void add(int word) {
        push(word);
        if (words > 0) {
            push(mixed(before, word));
        }
        before = word;
        words++;
    }

    private void push(int hash) {
        if (count == hashes.length) {
            hashes = Arrays.copyOf(hashes, 2 * count);
        }
        hashes[count++] = hash;
    }

    private static int hash(String line, int from, int to) {
        int hash = FNV_OFFSET;
        for (int at = from; at < to; at++) {
            hash = (hash ^ (line.charAt(at) | 0x20)) * FNV_PRIME;
        }
        return hash;
    }

    private static int mixed(int first, int second) {
        int mixed = (first * FNV_PRIME + Integer.rotateLeft(second, 13)) * 0x9e3779b1;
        return mixed ^ (mixed >>> 15);
    }

    private static boolean isPartOfName(String line, int at) {
        if (at < 0 || at >= line.length()) {
            return false;
        }
        char c = line.charAt(at);
        return isLetter(c) || isDigit(c) || c == '_' || c == '.';
    }

    private static boolean isLetter(char c) {
        char lower = (char) (c | 0x20);
        return lower >= 'a' && lower <= 'z';
    }

    private static boolean isUpper(char c) {
        return c >= 'A' && c <= 'Z';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
