package io.deployguard.notification;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CutTest {

    @ParameterizedTest(name = "{0} characters of «{1}» read «{2}»")
    @CsvSource({
        "5, short, short",
        "4, short, sho…",
        "1, short, …",
        "3, a😀b, a…",
        "4, a😀bc, a😀…",
        "12, password=[redacted] next, password=…",
        "20, password=[redacted] next, password=[redacted]…",
        "20, token=[redacted:aws-key] next, token=…",
        "8, secret=***** and more, secret=…",
        "5, a &amp; b, a…",
        "8, a &amp; b and more, a &amp;…",
    })
    void neverCutsWhereItHurts(int max, String text, String expected) {
        assertThat(Cut.to(max, text)).isEqualTo(expected);
    }

    @Test
    void endsASentenceAfterAWord() {
        assertThat(Cut.toWord(24, "the database is, sadly, not there")).isEqualTo("the database is, sadly…");
    }

    @Test
    void staysWithinTheLengthForAnyText() {
        var random = new Random(7);
        var pieces = new String[] {"a", " ", "😀", "[redacted]", "&amp;", "***", "é", "\uD83D", ".", "word"};
        for (var round = 0; round < 5_000; round++) {
            var text = new StringBuilder();
            for (var i = random.nextInt(30); i > 0; i--) {
                text.append(pieces[random.nextInt(pieces.length)]);
            }
            var max = 1 + random.nextInt(40);
            for (var cut : new String[] {Cut.to(max, text.toString()), Cut.toWord(max, text.toString())}) {
                assertThat(cut.length()).as("%d of %s", max, text).isLessThanOrEqualTo(max);
                assertThat(cut.split("\\[redacted\\]", -1))
                        .as("%d of %s", max, text)
                        .noneMatch(rest -> rest.contains("["));
            }
        }
    }
}
