package io.deployguard.simulation.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deployguard.simulation.lab.SlackMessage.Revision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SlackPageTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path FOLDER = Path.of("src/test/resources/golden/slack-page");

    /** An incident from the first message until the service is healthy, with a reply in its thread. */
    private static List<SlackMessage> incident() throws IOException {
        var file = JSON.readTree(FOLDER.resolve("incident.json").toFile());
        return StreamSupport.stream(file.spliterator(), false)
                .map(SlackPageTest::message)
                .toList();
    }

    private static SlackMessage message(JsonNode json) {
        var revisions = StreamSupport.stream(json.path("revisions").spliterator(), false)
                .map(revision -> new Revision(
                        Instant.parse(revision.path("at").asText()),
                        revision.path("text").asText(),
                        revision.path("blocks"),
                        revision.path("attachments"),
                        JSON.createObjectNode()))
                .toList();
        var threadTs = Optional.of(json.path("thread_ts").asText("")).filter(ts -> !ts.isEmpty());
        return new SlackMessage("C1", json.path("ts").asText(), threadTs, "Deploy Guard", revisions);
    }

    private static SlackMessage message(Stream<String> texts) {
        var none = JSON.createArrayNode();
        var revisions = texts.map(text -> new Revision(Instant.EPOCH, text, none, none, JSON.createObjectNode()))
                .toList();
        return new SlackMessage("C1", "1.000000", Optional.empty(), "<App>", revisions);
    }

    @Test
    void tellsTheTimesInWhatChanged() throws IOException {
        var section = """
                [{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[
                  {"type":"text","text":"Sent at "},
                  {"type":"date","timestamp":1770110141,"format":"{date_num} {time_secs}","fallback":"2026-02-03 09:15:41 UTC"},
                  {"type":"text","text":"."}]}]}]""";
        var none = JSON.createArrayNode();
        var before = new Revision(Instant.EPOCH, "", none, none, JSON.createObjectNode());
        var after = new Revision(Instant.EPOCH, "", JSON.readTree(section), none, JSON.createObjectNode());

        assertThat(RevisionText.changes(before, after))
                .containsExactly(new RevisionText.Change.Added("Sent at 2026-02-03 09:15:41 UTC."));
    }

    /** Rewritten with {@code -Dgolden=rewrite}. */
    @Test
    void showsAnIncidentAtEveryStage() throws IOException {
        var golden = FOLDER.resolve("incident.html");
        var page = SlackPage.render("deployments", incident());
        if ("rewrite".equals(System.getProperty("golden"))) {
            Files.writeString(golden, page);
        }
        assertThat(page).isEqualTo(Files.readString(golden));
    }

    @Test
    void theIncidentIsOneThatSlackAccepts() throws IOException {
        assertThat(incident())
                .flatExtracting(SlackMessage::revisions)
                .allSatisfy(revision -> assertThat(BlockKitCheck.problems(revision.blocks(), revision.attachments()))
                        .isEmpty());
    }

    @Test
    void loadsNothingFromElsewhere(@TempDir Path folder) throws IOException {
        var page = Files.readString(SlackPage.write(folder.resolve("page.html"), "deployments", incident()));
        assertThat(page)
                .contains("default-src 'none'; style-src 'unsafe-inline'")
                .doesNotContain("<script", "<link", "<img", "src=", "url(", "@import");
    }

    @Test
    void saysWhatChangedBetweenTwoRevisions() {
        var page = SlackPage.render(
                "c", List.of(message(Stream.of("same\n*old* line", "same\n*new* line", "same\n*new* line"))));
        assertThat(page)
                .contains("<li><del>old line</del></li>\n<li><ins>new line</ins></li>")
                .doesNotContain("<ins>same</ins>")
                .contains("Nothing that people see has changed.");
    }

    @Test
    void escapesWhereverTextComesFromOutside() {
        assertThat(SlackPage.render("<c>", List.of(message(Stream.of("a < b & \"c\"")))))
                .contains("<title>#&lt;c&gt;</title>", "<b>&lt;App&gt;</b>", "a &lt; b &amp; &quot;c&quot;");
    }

    /** In every place where a message holds text: the page is the guard's, whatever a service wrote. */
    @Test
    void nothingOfAMessageTakesHoldOfThePage() throws IOException {
        var hostile =
                "\"'><script>alert(1)</script><img src=x onerror=alert(1)>\u202egnirts\u200b\u001b[2J\u009b31m\u0000"
                        + "\udb40\udc41&lt;b&gt;<!channel|<u>x>\njavascript:alert(1) <javascript:alert(1)|click>";
        var text = JSON.getNodeFactory().textNode(hostile).toString();
        var blocks = JSON.readTree("""
                [{"type":"header","text":{"type":"plain_text","text":§}},
                 {"type":"section","text":{"type":"mrkdwn","text":§},"fields":[{"type":"mrkdwn","text":§}]},
                 {"type":"context","elements":[{"type":"mrkdwn","text":§},{"type":"plain_text","text":§},{"type":"image","image_url":§,"alt_text":§}]},
                 {"type":"actions","elements":[{"type":"button","text":{"type":"plain_text","text":§},"url":§,"action_id":"a"}]},
                 {"type":"rich_text","elements":[
                   {"type":"rich_text_section","elements":[{"type":"text","text":§,"style":{"code":true}},{"type":"link","url":§,"text":§},
                     {"type":"emoji","name":§},{"type":"date","timestamp":1,"format":"{date}","fallback":§},{"type":"user","user_id":§}]},
                   {"type":"rich_text_preformatted","elements":[{"type":"text","text":§}]},
                   {"type":"rich_text_list","style":"bullet","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":§}]}]}]},
                 {"type":§,"text":§}]""".replace("§", text));
        var attachments = JSON.readTree("[{\"color\":§,\"text\":§,\"blocks\":[]}]".replace("§", text));
        var first = new Revision(Instant.EPOCH, hostile, blocks, attachments, JSON.createObjectNode());
        var second = new Revision(
                Instant.EPOCH, hostile + "2", JSON.createArrayNode(), attachments, JSON.createObjectNode());
        var page = SlackPage.render(
                hostile,
                List.of(new SlackMessage("C1", "1.000000", Optional.empty(), hostile, List.of(first, second))));

        assertThat(page)
                .contains("&lt;script&gt;")
                .doesNotContain("<script", "<img", "<u>", "<b><", "href=\"javascript", "onerror=alert(1)>\"");
        assertThat(page.codePoints()
                        .filter(point -> point != '\n' && point != '\t')
                        .filter(point -> Character.getType(point) == Character.CONTROL
                                || Character.getType(point) == Character.FORMAT
                                || Character.getType(point) == Character.SURROGATE)
                        .mapToObj("U+%04X"::formatted)
                        .distinct())
                .isEmpty();
    }

    @Test
    void saysThatAChannelIsEmpty() {
        assertThat(SlackPage.render("c", List.of())).contains("Nobody has written here.", "0 messages, 0 revisions");
    }
}
