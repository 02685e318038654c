package io.deployguard.simulation.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MrkdwnHtmlTest {
    static Stream<Arguments> formatted() {
        return Stream.of(
                arguments("*bold* and _italic_ and ~old~", "<b>bold</b> and <i>italic</i> and <s>old</s>"),
                arguments("`a*b*c`", "<code>a*b*c</code>"),
                arguments("*`web`* is up", "<b><code>web</code></b> is up"),
                arguments("2 * 3 * 4, snake_case_name", "2 * 3 * 4, snake_case_name"),
                arguments("a\nb", "a<br>b"),
                arguments("&gt; said\nb", "<blockquote>said</blockquote><br>b"),
                arguments("```one\ntwo```", "<pre>one\ntwo</pre>"),
                arguments(
                        "<https://a.example/?x=1&amp;y=2|the log>",
                        "<a href=\"https://a.example/?x=1&amp;y=2\" rel=\"noopener noreferrer\" target=\"_blank\">the log</a>"),
                arguments("<!date^1795176000^{date_short_pretty} {time_secs}|then>", "Nov 20, 2026 12:00:00 UTC"),
                arguments("<!here>", "<span class=\"mention\">@here</span>"),
                arguments("<@U1|ada>", "<span class=\"mention\">ada</span>"));
    }

    @ParameterizedTest
    @MethodSource("formatted")
    void rendersWhatSlackFormats(String mrkdwn, String html) {
        assertThat(MrkdwnHtml.render(mrkdwn)).isEqualTo(html);
    }

    static Stream<Arguments> hostile() {
        return Stream.of(
                arguments("<script>alert(1)</script>", "scriptalert(1)/script"),
                arguments("&lt;img src=x onerror=alert(1)&gt;", "&lt;img src=x onerror=alert(1)&gt;"),
                arguments("<javascript:alert(1)|click>", "click"),
                arguments("<https://a.example/\" onmouseover=\"x|l>", "l"),
                arguments("&amp;lt;b&amp;gt;", "&amp;lt;b&amp;gt;"),
                arguments("*<b>*", "<b>b</b>"),
                arguments("```</pre><script>```", "<pre>&lt;/pre&gt;&lt;script&gt;</pre>"));
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void makesNoMarkupOutOfText(String mrkdwn, String html) {
        assertThat(MrkdwnHtml.render(mrkdwn)).isEqualTo(html);
    }

    @Test
    void comparesTextWithoutItsMarks() {
        assertThat(MrkdwnHtml.plain("*Cause* is `x &amp; y`, see <https://a.example|the log>"))
                .isEqualTo("Cause is x & y, see the log");
    }
}
