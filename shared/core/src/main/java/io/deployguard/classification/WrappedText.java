package io.deployguard.classification;

import java.util.ArrayList;
import java.util.List;

/**
 * Puts messages together again that a terminal's width broke over several lines: Symfony's and Laravel's error blocks, box-drawn tracebacks.
 * A name may have been broken in its middle, so that each block is given back twice: with the breaks as blanks, and without.
 */
final class WrappedText {

    private static final int MOST_LINES = 12;
    private static final int WIDEST = 240;
    private static final String BOX = "│┃|║";

    private final List<String> pieces = new ArrayList<>();

    /** Takes the next line; what ended with it comes back joined. */
    List<String> next(String line) {
        String piece = piece(line);
        if (!piece.isEmpty() && pieces.size() < MOST_LINES) {
            pieces.add(piece);
            return List.of();
        }
        return end();
    }

    /** No more lines. */
    List<String> end() {
        if (pieces.size() < 2) {
            pieces.clear();
            return List.of();
        }
        String spaced = String.join(" ", pieces);
        String tight = String.join("", pieces);
        pieces.clear();
        return List.of(spaced, tight);
    }

    /** The text of a block's line, empty for any other line. */
    private static String piece(String line) {
        if (line.length() > WIDEST || line.length() < 4) {
            return "";
        }
        String text = line.stripTrailing();
        if (text.isEmpty()) {
            return "";
        }
        if (BOX.indexOf(text.charAt(text.length() - 1)) >= 0
                && BOX.indexOf(text.stripLeading().charAt(0)) >= 0) {
            String boxed = text.stripLeading();
            return boxed.length() < 3
                    ? ""
                    : boxed.substring(1, boxed.length() - 1).strip();
        }
        // Symfony pads every line of a block to the same width: two blanks before, at least two behind.
        boolean padded = line.startsWith("  ") && line.endsWith("  ") && line.length() > 6;
        return padded ? text.strip() : "";
    }
}
