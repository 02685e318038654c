package io.deployguard.channels.slack;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deployguard.notification.Cut;
import io.deployguard.notification.Prose;
import io.deployguard.notification.Prose.Span;
import java.util.List;

/**
 * A {@code rich_text} block under construction. Its text elements are never parsed for mentions, links or emphasis, whatever they hold, which is
 * why all prose goes through here and not through mrkdwn.
 *
 * @see <a href="https://docs.slack.dev/reference/block-kit/blocks/rich-text-block">Rich text block</a>
 */
final class RichText {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final ArrayNode elements = JSON.arrayNode();

    /** A paragraph of at most {@code max} characters; left out when nothing is left of it. */
    RichText paragraph(int max, Prose prose) {
        var section = section(max, prose);
        if (!section.get("elements").isEmpty()) {
            elements.add(section);
        }
        return this;
    }

    /** Text that stands as it is, in a fixed-width font. */
    RichText preformatted(String text) {
        if (!text.isBlank()) {
            var element = elements.addObject().put("type", "rich_text_preformatted");
            element.putArray("elements").add(text(text));
        }
        return this;
    }

    /** A list with one paragraph per item. */
    RichText list(String style, int max, List<Prose> items) {
        var list = JSON.arrayNode();
        for (var item : items) {
            var section = section(max, item);
            if (!section.get("elements").isEmpty()) {
                list.add(section);
            }
        }
        if (!list.isEmpty()) {
            elements.addObject()
                    .put("type", "rich_text_list")
                    .put("style", style)
                    .set("elements", list);
        }
        return this;
    }

    boolean isEmpty() {
        return elements.isEmpty();
    }

    ObjectNode block() {
        var block = JSON.objectNode().put("type", "rich_text");
        block.set("elements", elements);
        return block;
    }

    private static ObjectNode section(int max, Prose prose) {
        var section = JSON.objectNode().put("type", "rich_text_section");
        var spans = section.putArray("elements");
        var room = max;
        for (var span : prose.spans()) {
            switch (span) {
                case Span.Text(var text) -> room -= append(spans, room, text, "");
                case Span.Strong(var text) -> room -= append(spans, room, text, "bold");
                case Span.Code(var text) -> room -= append(spans, room, text, "code");
                case Span.Time(var at) ->
                    spans.addObject()
                            .put("type", "date")
                            .put("timestamp", at.getEpochSecond())
                            .put("format", SlackText.DATE_FORMAT)
                            .put("fallback", Prose.utc(at));
            }
            if (room <= 0) {
                break;
            }
        }
        return section;
    }

    private static int append(ArrayNode spans, int room, String text, String style) {
        var clean = SlackText.clean(text);
        var shown = Cut.to(room, clean);
        if (!shown.isEmpty()) {
            var element = text(shown);
            if (!style.isEmpty()) {
                element.putObject("style").put(style, true);
            }
            spans.add(element);
        }
        // A cut text ends the paragraph, also where the cut fell a little before the end of the room.
        return shown.length() < clean.length() ? room : shown.length();
    }

    private static ObjectNode text(String text) {
        return JSON.objectNode().put("type", "text").put("text", text);
    }
}
