package io.deployguard.channels.slack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deployguard.channels.Scenario;
import io.deployguard.notification.NoticeComposer;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The judge is judged: each way to break a sound message is found, at the right place. */
class BlockKitLimitsTest {

    @TestFactory
    Stream<DynamicTest> finds() {
        Map<String, Consumer<ObjectNode>> breakages = Map.ofEntries(
                Map.entry("/text", message -> message.remove("text")),
                Map.entry(
                        "/text: unescaped angle",
                        message -> message.put("text", message.path("text").asText() + "<!channel>")),
                Map.entry(
                        "/text: unescaped or broken",
                        message -> message.put("text", message.path("text").asText() + " &am;")),
                Map.entry("/unfurl_links", message -> message.remove("unfurl_links")),
                Map.entry("/blocks: expected at least one", message -> message.putArray("blocks")),
                Map.entry(
                        "/blocks/0/text/text",
                        message -> object(message, "/blocks/0/text").put("text", "x".repeat(121))),
                Map.entry(
                        "/blocks/0/text/type",
                        message -> object(message, "/blocks/0/text").put("type", "mrkdwn")),
                Map.entry(
                        "/blocks/0/text/emoji",
                        message -> object(message, "/blocks/0/text").remove("emoji")),
                Map.entry(
                        "/blocks/1/block_id: used twice",
                        message -> object(message, "/blocks/1")
                                .put(
                                        "block_id",
                                        message.at("/blocks/0/block_id").asText())),
                Map.entry(
                        "/blocks/1/block_id: 256",
                        message -> object(message, "/blocks/1").put("block_id", "x".repeat(256))),
                Map.entry(
                        "/blocks/1/type: unknown",
                        message -> object(message, "/blocks/1").put("type", "alert")),
                Map.entry(
                        "/blocks/1/elements/0/elements/0/text: 0 characters",
                        message -> object(message, "/blocks/1/elements/0/elements/0")
                                .put("text", "")),
                Map.entry(
                        "/blocks/1/elements/0/elements/0/text: control",
                        message -> object(message, "/blocks/1/elements/0/elements/0")
                                .put("text", "a\u202Eb")),
                Map.entry(
                        "/blocks/3/elements/1: 9 log lines",
                        message -> object(message, "/blocks/3/elements/1/elements/0")
                                .put("text", "x\n".repeat(8) + "x")),
                Map.entry(
                        "/blocks/3/elements/1: a line of",
                        message -> object(message, "/blocks/3/elements/1/elements/0")
                                .put("text", "x".repeat(241))),
                Map.entry(
                        "/blocks/5/elements/1/action_id: used twice",
                        message -> object(message, "/blocks/5/elements/1").put("action_id", "open-logs")),
                Map.entry(
                        "/blocks/5/elements/0/url",
                        message -> object(message, "/blocks/5/elements/0").put("url", "javascript:alert(1)")),
                Map.entry("/blocks: 2 styled buttons", message -> {
                    object(message, "/blocks/5/elements/0").put("style", "danger");
                    object(message, "/blocks/5/elements/1").put("style", "danger");
                }),
                Map.entry(
                        "/attachments/0: expected color and blocks",
                        message -> object(message, "/attachments/0").put("fallback", "legacy")),
                Map.entry(
                        "/attachments/0/color",
                        message -> object(message, "/attachments/0").put("color", "danger")),
                Map.entry(
                        "/attachments/0/blocks/1/elements/0",
                        message -> object(message, "/attachments/0/blocks/1/elements/0")
                                .put("type", "mrkdwn")
                                .remove("emoji")),
                Map.entry("/blocks: 14 blocks", message -> {
                    for (var i = 0; i < 6; i++) {
                        ((ArrayNode) message.path("blocks"))
                                .addObject()
                                .put("type", "divider")
                                .put("block_id", "d" + i);
                    }
                }),
                Map.entry("characters in all", message -> {
                    for (var i = 0; i < 4; i++) {
                        object(message, "/blocks/4/elements/1/elements/" + Math.min(i, 3) + "/elements/0")
                                .put("text", "x".repeat(2_000));
                    }
                }));
        return breakages.entrySet().stream()
                .map(row -> DynamicTest.dynamicTest(row.getKey(), () -> {
                    var message = new SlackRenderer()
                            .render(NoticeComposer.compose(Scenario.MIGRATION_CONFLICT_OPENED.incident()));
                    assertThat(BlockKitLimits.problemsOf(message)).isEmpty();
                    row.getValue().accept(message);
                    assertThat(BlockKitLimits.problemsOf(message)).anyMatch(problem -> problem.contains(row.getKey()));
                }));
    }

    private static ObjectNode object(ObjectNode message, String pointer) {
        JsonNode node = message.at(pointer);
        return (ObjectNode) node;
    }
}
