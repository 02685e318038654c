package io.deployguard.classification;

import com.google.re2j.Pattern;
import io.deployguard.evidence.Evidence.LogLine;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Puts lines together again that a terminal or an editor broke at its width: logs that people copy often come that way. The width is the length
 * of the longest line; it counts as one only where lines reach it and the next one begins like no record. A break may stand anywhere (terminals)
 * or between words (editors). Where that is proven the whole lines take the place of their pieces, else they stand before them. Linear in the log.
 */
final class TerminalWidth {

    private static final int NARROWEST = 60;
    private static final int WIDEST = 250;
    /** So many breaks prove a width; fewer may be chance. */
    private static final int BREAKS_THAT_PROVE = 3;
    /** The longest piece of text that was broken between words ends a little before the width. */
    private static final int FREE_AT_THE_END = 12;

    private static final int LONGEST_RECORD = 200;
    private static final int SAME_BEGINNING = 6;
    private static final int SHORTEST_PIECE = 20;
    private static final int LEVEL_WITHIN = 10;
    private static final int TYPOGRAPHY = 0x2000;

    private static final Pattern SPEAKER =
            Pattern.compile("^(?:note|help|hint|warning|error|fatal|info|\\S*/[\\w.-]+): ");

    private enum Break {
        ANYWHERE,
        BETWEEN_WORDS,
        EITHER
    }

    /**
     * A line to look at.
     *
     * @param again whether its text stands beside it a second time, in pieces or joined in another way
     */
    record Written(LogLine line, boolean again) {}

    /**
     * @param proven whether the joined lines replace their pieces
     * @param kinds in which ways lines may have been broken, likelier ones first
     */
    private record Reading(Break found, boolean proven, List<Break> kinds) {}

    private final List<LogLine> lines;
    private final int width;

    private TerminalWidth(List<LogLine> lines, int width) {
        this.lines = lines;
        this.width = width;
    }

    /** The lines as they were written, as far as that can be told. */
    static List<Written> undo(List<LogLine> lines) {
        int width = lines.stream().mapToInt(line -> line.text().length()).max().orElse(0);
        if (width < NARROWEST || width > WIDEST) {
            return lines.stream().map(line -> new Written(line, false)).toList();
        }
        var terminal = new TerminalWidth(lines, width);
        return terminal.read(terminal.reading());
    }

    private Reading reading() {
        int anywhere = count(Break.ANYWHERE);
        int betweenWords = count(Break.BETWEEN_WORDS);
        boolean atTheEdge = isUsual(width) && 2 * anywhere > betweenWords;
        if (atTheEdge && anywhere >= BREAKS_THAT_PROVE) {
            return new Reading(Break.ANYWHERE, true, List.of(Break.ANYWHERE));
        }
        if (betweenWords >= BREAKS_THAT_PROVE && 2 * anywhere <= betweenWords) {
            return new Reading(Break.BETWEEN_WORDS, true, List.of(Break.BETWEEN_WORDS));
        }
        // At a width of its own, lines may end there by chance, one that comes again and again above all.
        boolean proven = anywhere >= BREAKS_THAT_PROVE;
        boolean likely =
                proven || IntStream.range(width, width + FREE_AT_THE_END).anyMatch(TerminalWidth::isUsual);
        List<Break> both =
                atTheEdge ? List.of(Break.ANYWHERE, Break.BETWEEN_WORDS) : List.of(Break.BETWEEN_WORDS, Break.ANYWHERE);
        return new Reading(Break.EITHER, proven, likely ? both : List.of());
    }

    private static boolean isUsual(int width) {
        return width % 10 == 0 || width == 79 || width == 132;
    }

    private int count(Break kind) {
        int count = 0;
        for (int index = 0; index + 1 < lines.size(); index++) {
            count += breaks(index, kind) ? 1 : 0;
        }
        return count;
    }

    /** Whether the line behind {@code index} goes on with it. */
    private boolean breaks(int index, Break kind) {
        LogLine line = lines.get(index);
        LogLine next = lines.get(index + 1);
        String text = line.text();
        boolean anywhere = text.length() == width && !beginsRecord(next.text());
        boolean betweenWords = text.length() + 1 + firstWord(next.text()) > width && isMidSentence(next.text());
        return (kind == Break.ANYWHERE
                        ? anywhere
                        : kind == Break.BETWEEN_WORDS ? betweenWords : anywhere || betweenWords)
                && text.length() >= SHORTEST_PIECE
                && line.container().equals(next.container())
                && goesOn(text)
                && !text.regionMatches(0, next.text(), 0, SAME_BEGINNING);
    }

    private static int firstWord(String text) {
        int blank = text.indexOf(' ');
        return blank < 0 ? text.length() : blank;
    }

    /** Rulers, padded blocks and frames end at their width without being broken there. */
    private static boolean goesOn(String text) {
        char last = text.charAt(text.length() - 1);
        boolean ruler = !Character.isLetterOrDigit(last) && text.charAt(text.length() - 2) == last;
        return !ruler && last < TYPOGRAPHY;
    }

    /** Records begin with a time, with who says it ({@code note:}, {@code ./run.sh:}), or are indented. */
    private static boolean beginsRecord(String text) {
        return text.isBlank()
                || SPEAKER.matcher(text).find()
                || text.startsWith("Caused by")
                || text.startsWith("Traceback")
                || text.charAt(0) == '\t'
                || text.startsWith("  ")
                || text.startsWith(" at ")
                || isTime(text);
    }

    /** Between words only what cannot begin a record is believed to go on with one. */
    private static boolean isMidSentence(String text) {
        return !beginsRecord(text)
                && " [{=-*#+~".indexOf(text.charAt(0)) < 0
                && Level.of(text.substring(0, Math.min(text.length(), LEVEL_WITHIN))) == Level.UNTOLD;
    }

    /** {@code 2026-}, {@code 10:}, {@code [2026-}, {@code [10:}. */
    private static boolean isTime(String text) {
        int at = text.charAt(0) == '[' ? 1 : 0;
        int digits = at;
        while (digits < text.length() && Character.isDigit(text.charAt(digits))) {
            digits++;
        }
        boolean separated = digits < text.length() && "-:/".indexOf(text.charAt(digits)) >= 0;
        return separated && (digits - at == 4 || digits - at == 2);
    }

    private List<Written> read(Reading reading) {
        var written = new ArrayList<Written>(lines.size());
        int index = 0;
        while (index < lines.size()) {
            int last = reading.kinds().isEmpty() ? index : last(index, reading.found());
            if (last > index) {
                for (Break kind : reading.kinds()) {
                    boolean first = reading.proven() && kind == reading.kinds().getFirst();
                    written.add(new Written(joined(index, last, kind), !first));
                }
            }
            // The pieces come last: what the program says at the end stays at the end.
            if (last == index || !reading.proven()) {
                lines.subList(index, last + 1).forEach(line -> written.add(new Written(line, false)));
            }
            index = last + 1;
        }
        return written;
    }

    private int last(int first, Break kind) {
        int last = first;
        while (last + 1 < lines.size() && last - first < LONGEST_RECORD && breaks(last, kind)) {
            last++;
        }
        return last;
    }

    private LogLine joined(int first, int last, Break kind) {
        LogLine head = lines.get(first);
        var text = new StringBuilder(head.text());
        for (int index = first + 1; index <= last; index++) {
            String next = lines.get(index).text();
            if (kind == Break.BETWEEN_WORDS
                    && !isWordBroken(lines.get(index - 1).text(), next)) {
                text.append(' ');
            }
            text.append(next);
        }
        return new LogLine(head.task(), head.container(), head.at(), text.toString());
    }

    /** Only a word that is longer than the width is broken itself. */
    private boolean isWordBroken(String text, String next) {
        int word = text.length() - (text.lastIndexOf(' ') + 1);
        return text.length() == width && word + firstWord(next) > width;
    }
}
