package io.deployguard.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LineCleanerTest {

    @ParameterizedTest(name = "{2}")
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "\u001b[31mError\u001b[0m: no|Error: no|colors go",
                "\u001b[38;5;3mNest\u001b[39m|Nest|256 colors go",
                "a\u001b]0;title\u0007b|ab|a window title goes",
                "a\u001b]8;;http://x\u001b\\b|ab|a link goes",
                "a\u009b31mb|ab|C1 introducers go",
                "a\u001b]never ends|anever ends|an unfinished sequence swallows nothing",
                "a\u0000b\u0008c|abc|control characters go",
                "a\tb|a\tb|tabs stay",
                "a\u202eb\u2066c|abc|bidirectional marks go",
                "a\u200bb\ufeffc|abc|zero-width characters go",
                "a\ud800b|a\ufffdb|half a surrogate pair is marked",
                "a\ud83d\ude80b|a\ud83d\ude80b|a whole pair stays",
                "a\u034f\u3164\ufe0fb|ab|fillers and selectors go",
                "a\udb40\udc41\udb40\udc7fb|ab|tags that hide a second text go",
                "größe »x«|größe »x«|other languages stay",
            })
    void takesOutWhatAReaderMustNotMeet(String line, String expected, String what) {
        assertThat(LineCleaner.clean(line)).as(what).isEqualTo(expected);
    }

    /** Escapes within escapes, cut off anywhere: no piece of one is left to begin another. */
    @Test
    void whateverIsCutOutNothingDangerousComesTogether() {
        var random = new Random(42);
        List<String> pieces = List.of(
                "\u001b", "[", "]", "P", "\\", "\u0007", "\u009b", "\u009c", "31m", ";", "x", "\ud83d", "\ude80",
                "\u202e", "\u200b", "\n");
        for (int round = 0; round < 20_000; round++) {
            var line = new StringBuilder();
            for (int times = random.nextInt(12); times >= 0; times--) {
                line.append(pieces.get(random.nextInt(pieces.size())));
            }
            String clean = LineCleaner.clean(line.toString());

            assertThat(clean.codePoints().filter(LineCleanerTest::isDangerous))
                    .as("%s", line)
                    .isEmpty();
            assertThat(LineCleaner.clean(clean)).isEqualTo(clean);
        }
    }

    private static boolean isDangerous(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL -> point != '\t';
            case Character.FORMAT, Character.SURROGATE, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }

    @Test
    void aCleanLineComesBackAsItIs() {
        String line = "2026-11-21 ERROR plain";

        assertThat(LineCleaner.clean(line)).isSameAs(line);
    }

    @Test
    void aGiantLineLosesItsMiddleAndSaysSo() {
        String line = "first " + "x".repeat(3 * LineCleaner.MAX_CHARACTERS) + " last";

        String clean = LineCleaner.clean(line);

        assertThat(clean.length()).isLessThanOrEqualTo(LineCleaner.MAX_CHARACTERS);
        assertThat(clean).startsWith("first ").endsWith(" last").contains("characters left out");
    }
}
