package io.deployguard.channels.slack;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlackTextTest {

    @ParameterizedTest
    @CsvSource({
        "<!channel> & co, &lt;!channel&gt; &amp; co",
        "&lt;, &amp;lt;",
        "*bold* _it_ `code`, *bold* _it_ `code`",
    })
    void escapesThreeCharactersOnceAndNothingElse(String text, String escaped) {
        assertThat(SlackText.mrkdwn(100, text)).isEqualTo(escaped);
    }

    @Test
    void cutsBeforeItEscapes() {
        for (var max = 1; max < 60; max++) {
            var text = SlackText.mrkdwn(max, "<<<<<<<<&&&&&&&&>>>>>>>>");
            assertThat(text.length()).isLessThanOrEqualTo(max);
            assertThat(text.replaceAll("&(?:amp|lt|gt);", "")).isIn("", "…");
        }
    }

    @Test
    void dropsWhatHidesOrReorders() {
        assertThat(SlackText.clean("\u001B[31mred\u001B[0m a\u202Eb\u200Bc\u0007d\te\nf\u2028g"))
                .isEqualTo("red abcd e f g");
        assertThat(SlackText.clean("half \uD83D pair 😀")).isEqualTo("half \uFFFD pair 😀");
    }

    @Test
    void showsAMomentInTheReadersZone() {
        assertThat(SlackText.date(Instant.parse("2025-11-08T03:39:44Z")))
                .isEqualTo("<!date^1762573184^{date_short_pretty} {time_secs}|2025-11-08 03:39:44 UTC>");
    }
}
