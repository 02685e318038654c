package io.deployguard.channels.slack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.deployguard.channels.Scenario;
import io.deployguard.notification.Notice;
import io.deployguard.notification.Notice.Tone;
import io.deployguard.notification.NoticeBlock;
import io.deployguard.notification.NoticeBlock.Evidence;
import io.deployguard.notification.NoticeBlock.Excerpt;
import io.deployguard.notification.NoticeBlock.Link;
import io.deployguard.notification.NoticeBlock.Links;
import io.deployguard.notification.NoticeBlock.ShellCommand;
import io.deployguard.notification.NoticeComposer;
import io.deployguard.notification.Prose;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SlackRendererTest {

    private final SlackRenderer renderer = new SlackRenderer();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void keepsEveryLimitForAnyNotice(long seed) {
        var notices = new HostileNotices(seed);
        for (var round = 0; round < 400; round++) {
            var notice = notices.next();
            assertThat(BlockKitLimits.problemsOf(renderer.render(notice)))
                    .as("seed %d, round %d", seed, round)
                    .isEmpty();
            assertThat(BlockKitLimits.problemsOf(renderer.renderShort(notice)))
                    .as("short, seed %d, round %d", seed, round)
                    .isEmpty();
        }
    }

    @Test
    void keepsWhatMattersMostWhenTheRestIsHuge() {
        var notice = NoticeComposer.compose(Scenario.SCHEMA_MISSING_ADVISED.incident());
        var huge = new ArrayList<>(notice.blocks());
        huge.add(new NoticeBlock.Footer(List.of(Prose.of("\"".repeat(2_000)), Prose.of("\\".repeat(9_000)))));
        huge.add(new NoticeBlock.Advice(
                "More",
                List.of(),
                IntStream.range(0, 9)
                        .mapToObj(i -> new ShellCommand("p", "\"".repeat(1_100)))
                        .toList()));
        var message = renderer.render(
                new Notice(notice.incident(), 9, notice.tone(), notice.fallback(), notice.headline(), huge));

        assertThat(BlockKitLimits.problemsOf(message)).isEmpty();
        assertThat(message.toString()).contains("Action needed", "No task serves users", "application_logs");
    }

    @Test
    void showsEightLinesAndSaysHowManyAreMissing() {
        var lines = IntStream.rangeClosed(1, 11).mapToObj(i -> "line " + i).toList();
        var message = renderer.render(notice(1, new Evidence(List.of(new Excerpt("Log", lines, 4)))));

        assertThat(message.at("/blocks/1/elements/1/elements/0/text").asText())
                .isEqualTo(String.join("\n", lines.subList(0, 8)));
        assertThat(message.at("/blocks/1/elements/2/elements/0/text").asText()).isEqualTo("7 more lines left out");
    }

    @Test
    void cutsALongLineAndTellsIt() {
        var message =
                renderer.render(notice(1, new Evidence(List.of(new Excerpt("Log", List.of("x".repeat(900)), 0)))));

        assertThat(message.at("/blocks/1/elements/1/elements/0/text").asText())
                .hasSize(240)
                .endsWith("x…");
    }

    @Test
    void leavesForgedMentionsAsTheyStandWhereNobodyParsesThem() {
        var message =
                renderer.render(notice(1, new Evidence(List.of(new Excerpt("Log", List.of("<!channel> *hi*"), 0)))));

        assertThat(message.at("/blocks/1/elements/1/type").asText()).isEqualTo("rich_text_preformatted");
        assertThat(message.at("/blocks/1/elements/1/elements/0/text").asText()).isEqualTo("<!channel> *hi*");
        assertThat(message.path("text").asText()).doesNotContain("<");
    }

    @Test
    void showsACommandWholeOrNotAtAll() {
        var fits = new ShellCommand("Fits", "aws " + "a".repeat(1_000));
        var tooLong = new ShellCommand("Too long", "aws " + "b".repeat(5_000));
        var changed = new ShellCommand("Would be changed", "aws 'a\u200Bb'");
        var message =
                renderer.render(notice(1, new NoticeBlock.Advice("Do", List.of(), List.of(tooLong, changed, fits))));

        assertThat(message.toString())
                .contains(fits.line())
                .doesNotContain("Too long")
                .doesNotContain("Would be changed");
    }

    @Test
    void leadsOnlyToWebAddresses() {
        var message = renderer.render(notice(
                1,
                new Links(List.of(
                        new Link("a", "A", "javascript:alert(1)"),
                        new Link("b", "B", "https://x.example/ y"),
                        new Link("c", "C", "https://x.example/#a$252Fb")))));

        assertThat(message.at("/blocks/1/elements").findValuesAsText("url"))
                .containsExactly("https://x.example/#a$252Fb");
    }

    @Test
    void changesBlockIdsWithEachRevisionAndKeepsActionIds() {
        var first = renderer.render(NoticeComposer.compose(Scenario.MIGRATION_CONFLICT_PLANNED.incident()));
        var second = renderer.render(NoticeComposer.compose(Scenario.MIGRATION_CONFLICT_VERIFYING.incident()));

        assertThat(first.findValuesAsText("block_id")).doesNotContainAnyElementsOf(second.findValuesAsText("block_id"));
        assertThat(first.findValuesAsText("action_id"))
                .isEqualTo(second.findValuesAsText("action_id"))
                .containsExactly("open-logs", "open-service", "open-deployment", "open-task");
    }

    @ParameterizedTest
    @CsvSource({"OPEN, #a30200", "WORKING, #daa038", "RESOLVED, #2eb886", "ESCALATED, #a30200", "SUPERSEDED, #dddddd"})
    void colorsTheBarByTone(Tone tone, String color) {
        var notice = new Notice(
                UUID.randomUUID(),
                1,
                tone,
                "f",
                "h",
                List.of(new NoticeBlock.Footer(List.of(Prose.of("small print")))));

        assertThat(renderer.render(notice).at("/attachments/0/color").asText()).isEqualTo(color);
    }

    @Test
    void putsWhatMustBeReadWhereSlackNeverHidesIt() {
        var message = renderer.render(NoticeComposer.compose(Scenario.MIGRATION_CONFLICT_OPENED.incident()));

        assertThat(kinds(message.path("blocks")))
                .containsExactly("header", "summary", "facts", "evidence", "advice", "links");
        assertThat(kinds(message.at("/attachments/0/blocks"))).containsExactly("timeline", "footer");
    }

    @Test
    void takesAttachmentsAwayThatAnEarlierRevisionHad() {
        assertThat(renderer.render(notice(2)).path("attachments").isArray()).isTrue();
    }

    private static List<String> kinds(JsonNode blocks) {
        return blocks.findValuesAsText("block_id").stream()
                .map(id -> id.substring(id.lastIndexOf('-') + 1))
                .toList();
    }

    private static Notice notice(long revision, NoticeBlock... blocks) {
        return new Notice(
                UUID.randomUUID(),
                revision,
                Tone.OPEN,
                "Crash loop in web (prod): <!channel> & more. Action needed: nothing was changed.",
                "Crash loop in web (prod)",
                List.of(blocks));
    }
}
