package io.deployguard.simulation.lab;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.JsonNode;
import io.deployguard.simulation.lab.SlackMessage.Revision;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Block Kit as HTML: what people see of one revision of a message. */
final class BlockHtml {
    private static final Pattern COLOR = Pattern.compile("#[0-9a-fA-F]{6}");

    /** Blocks in the form that is compared: those that the revision before did not have are marked. */
    private final Set<String> before;

    private BlockHtml(Set<String> before) {
        this.before = before;
    }

    /** @param before the blocks of the revision before, from {@link RevisionText#blocks}; empty marks nothing */
    static String render(Revision revision, Set<String> before) {
        var html = new BlockHtml(before);
        var blocks = revision.blocks().isEmpty()
                        && !revision.text().isBlank()
                        && revision.attachments().isEmpty()
                ? "<div class=\"block\">%s</div>".formatted(MrkdwnHtml.render(revision.text()))
                : html.blocks(revision.blocks());
        return blocks + each(revision.attachments(), html::attachment);
    }

    private String blocks(JsonNode blocks) {
        return each(blocks, this::block);
    }

    private String block(JsonNode block) {
        var changed = before.isEmpty() || before.contains(RevisionText.withoutIds(block)) ? "" : " changed";
        return "<div class=\"block %s%s\">%s</div>\n"
                .formatted(MrkdwnHtml.escape(block.path("type").asText()), changed, content(block));
    }

    private static String content(JsonNode block) {
        return switch (block.path("type").asText()) {
            case "header" -> "<h3>%s</h3>".formatted(text(block.path("text")));
            case "section" -> section(block);
            case "context" -> each(block.path("elements"), BlockHtml::contextElement);
            case "divider" -> "<hr>";
            case "actions" -> each(block.path("elements"), BlockHtml::interactive);
            case "rich_text" -> each(block.path("elements"), BlockHtml::richText);
            case "markdown" -> MrkdwnHtml.render(block.path("text").asText());
            case "image" -> image(block);
            default ->
                "<span class=\"unknown\">(a block of type %s)</span>"
                        .formatted(MrkdwnHtml.escape(block.path("type").asText("none")));
        };
    }

    private static String section(JsonNode block) {
        var text = block.has("text") ? "<div class=\"text\">%s</div>".formatted(text(block.path("text"))) : "";
        var fields = block.has("fields")
                ? "<div class=\"fields\">%s</div>"
                        .formatted(each(block.path("fields"), field -> "<div>%s</div>".formatted(text(field))))
                : "";
        var accessory = block.has("accessory")
                ? "<div class=\"accessory\">%s</div>".formatted(interactive(block.path("accessory")))
                : "";
        return "<div>%s%s</div>%s".formatted(text, fields, accessory);
    }

    private static String contextElement(JsonNode element) {
        return "<span>%s</span> "
                .formatted(element.path("type").asText().equals("image") ? image(element) : text(element));
    }

    /** A page without foreign resources shows what a picture says instead of the picture. */
    private static String image(JsonNode image) {
        return "<span class=\"image\">%s</span>"
                .formatted(MrkdwnHtml.escape(image.path("alt_text").asText("image")));
    }

    private static String interactive(JsonNode element) {
        return switch (element.path("type").asText()) {
            case "button" -> button(element);
            case "overflow" -> overflow(element);
            case "image" -> image(element);
            default -> "";
        };
    }

    private static String button(JsonNode button) {
        var style = button.path("style").asText("");
        var styled = style.equals("primary") || style.equals("danger") ? "button " + style : "button";
        var confirm = button.path("confirm");
        var hint = confirm.isMissingNode()
                ? ""
                : " title=\"Asks first: %s\""
                        .formatted(MrkdwnHtml.escape(
                                confirm.path("title").path("text").asText()));
        var label = "<span class=\"%s\"%s>%s</span>".formatted(styled, hint, text(button.path("text")));
        return MrkdwnHtml.link(button.path("url").asText(""), label) + " ";
    }

    private static String overflow(JsonNode menu) {
        var options = each(
                menu.path("options"),
                option -> "<li>%s</li>"
                        .formatted(MrkdwnHtml.link(option.path("url").asText(""), text(option.path("text")))));
        return "<details class=\"overflow\"><summary class=\"button\" aria-label=\"More actions\">&#8943;</summary><ul>%s</ul></details>"
                .formatted(options);
    }

    private static String richText(JsonNode part) {
        var elements = part.path("elements");
        return switch (part.path("type").asText()) {
            case "rich_text_preformatted" -> "<pre>%s</pre>".formatted(each(elements, BlockHtml::richElement));
            case "rich_text_quote" -> "<blockquote>%s</blockquote>".formatted(each(elements, BlockHtml::richElement));
            case "rich_text_list" -> {
                var tag = part.path("style").asText().equals("ordered") ? "ol" : "ul";
                yield "<%s>%s</%s>"
                        .formatted(tag, each(elements, item -> "<li>%s</li>".formatted(richText(item))), tag);
            }
            default -> "<div>%s</div>".formatted(each(elements, BlockHtml::richElement));
        };
    }

    private static String richElement(JsonNode element) {
        var text = MrkdwnHtml.escape(element.path("text").asText(""));
        var shown = switch (element.path("type").asText()) {
            case "text" -> text;
            case "link" -> {
                var url = element.path("url").asText();
                yield MrkdwnHtml.link(url, text.isEmpty() ? MrkdwnHtml.escape(url) : text);
            }
            case "emoji" ->
                ":%s:".formatted(MrkdwnHtml.escape(element.path("name").asText()));
            case "date" -> MrkdwnHtml.escape(element.path("fallback").asText());
            default -> "<span class=\"mention\">@%s</span>".formatted(MrkdwnHtml.escape(mentioned(element)));
        };
        return styled(shown, element.path("style"));
    }

    private static String mentioned(JsonNode element) {
        return Stream.of("user_id", "channel_id", "usergroup_id", "range")
                .filter(element::has)
                .map(name -> element.path(name).asText())
                .findFirst()
                .orElse("");
    }

    private static String styled(String html, JsonNode style) {
        var shown = html;
        if (style.path("code").asBoolean()) {
            shown = "<code>%s</code>".formatted(shown);
        }
        if (style.path("bold").asBoolean()) {
            shown = "<b>%s</b>".formatted(shown);
        }
        if (style.path("italic").asBoolean()) {
            shown = "<i>%s</i>".formatted(shown);
        }
        return style.path("strike").asBoolean() ? "<s>%s</s>".formatted(shown) : shown;
    }

    private String attachment(JsonNode attachment) {
        var color = attachment.path("color").asText("");
        var bar = COLOR.matcher(color).matches() ? " style=\"border-left-color:%s\"".formatted(color) : "";
        var text = attachment.has("text") && !attachment.has("blocks")
                ? "<div class=\"block\">%s</div>"
                        .formatted(MrkdwnHtml.render(attachment.path("text").asText()))
                : "";
        return "<div class=\"attachment\"%s>%s%s</div>\n".formatted(bar, text, blocks(attachment.path("blocks")));
    }

    private static String text(JsonNode text) {
        var value = text.path("text").asText();
        return text.path("type").asText().equals("mrkdwn")
                ? MrkdwnHtml.render(value)
                : MrkdwnHtml.escape(value).replace("\n", "<br>");
    }

    private static String each(JsonNode nodes, Function<JsonNode, String> render) {
        return StreamSupport.stream(nodes.spliterator(), false).map(render).collect(joining());
    }
}
