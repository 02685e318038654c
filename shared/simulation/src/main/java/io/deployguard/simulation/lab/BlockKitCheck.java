package io.deployguard.simulation.lab;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.StreamSupport;

/**
 * What Slack would find wrong with the blocks of a message, in Slack's words and with its JSON pointers.
 *
 * <p>It knows the blocks that a message of an app may hold; an unknown type is wrong, as it is for Slack.
 */
final class BlockKitCheck {
    private static final Set<String> RICH_TEXT_PARTS =
            Set.of("rich_text_section", "rich_text_preformatted", "rich_text_quote", "rich_text_list");
    private static final Set<String> RICH_TEXT_ELEMENTS =
            Set.of("text", "link", "emoji", "user", "channel", "usergroup", "broadcast", "date", "color");

    private final List<String> problems = new ArrayList<>();
    private final Set<String> blockIds = new HashSet<>();

    private BlockKitCheck() {}

    /**
     * The problems in the order of the blocks; none when Slack would accept them.
     *
     * @param blocks an array, or missing
     * @param attachments an array whose objects may hold blocks of their own, or missing
     */
    static List<String> problems(JsonNode blocks, JsonNode attachments) {
        var check = new BlockKitCheck();
        check.blocks(blocks, "/blocks");
        each(attachments, "/attachments", (attachment, at) -> check.blocks(attachment.path("blocks"), at + "/blocks"));
        return List.copyOf(check.problems);
    }

    private void blocks(JsonNode blocks, String at) {
        atMost(SlackLimits.BLOCKS, blocks, at);
        each(blocks, at, this::block);
        var markdown = StreamSupport.stream(blocks.spliterator(), false)
                .filter(block -> block.path("type").asText().equals("markdown"))
                .mapToInt(block -> length(block.path("text")))
                .sum();
        require(markdown <= SlackLimits.MARKDOWN_TEXT, "markdown text must be less than 12001 characters in all", at);
    }

    private void block(JsonNode block, String at) {
        blockId(block, at);
        switch (block.path("type").asText()) {
            case "header" -> plainText(block, "text", SlackLimits.HEADER_TEXT, at);
            case "section" -> section(block, at);
            case "context" -> list(block, "elements", SlackLimits.CONTEXT_ELEMENTS, at, this::contextElement);
            case "actions" -> list(block, "elements", SlackLimits.ACTIONS_ELEMENTS, at, this::interactive);
            case "rich_text" -> list(block, "elements", Integer.MAX_VALUE, at, this::richTextPart);
            case "image" -> image(block, at);
            case "markdown" -> text(block, "text", SlackLimits.MARKDOWN_TEXT, at);
            case "divider" -> {}
            default -> problem("unsupported type: " + block.path("type").asText("none"), at + "/type");
        }
    }

    private void blockId(JsonNode block, String at) {
        if (block.has("block_id")) {
            text(block, "block_id", SlackLimits.ID, at);
            require(
                    blockIds.add(block.path("block_id").asText()),
                    "block_id must be unique in a message",
                    at + "/block_id");
        }
    }

    private void section(JsonNode block, String at) {
        require(block.has("text") || block.has("fields"), "must have at least one of: text, fields", at);
        if (block.has("text")) {
            textObject(block, "text", SlackLimits.SECTION_TEXT, at);
        }
        if (block.has("fields")) {
            list(
                    block,
                    "fields",
                    SlackLimits.SECTION_FIELDS,
                    at,
                    (field, place) -> textObject(field, SlackLimits.SECTION_FIELD, place));
        }
        if (block.has("accessory")) {
            var accessory = block.path("accessory");
            if (accessory.path("type").asText().equals("image")) {
                image(accessory, at + "/accessory");
            } else {
                interactive(accessory, at + "/accessory");
            }
        }
    }

    private void contextElement(JsonNode element, String at) {
        if (element.path("type").asText().equals("image")) {
            image(element, at);
        } else {
            textObject(element, SlackLimits.SECTION_TEXT, at);
        }
    }

    private void image(JsonNode image, String at) {
        text(image, "image_url", SlackLimits.IMAGE_URL, at);
        text(image, "alt_text", SlackLimits.IMAGE_ALT_TEXT, at);
    }

    private void interactive(JsonNode element, String at) {
        if (element.has("action_id")) {
            text(element, "action_id", SlackLimits.ID, at);
        }
        switch (element.path("type").asText()) {
            case "button" -> button(element, at);
            case "overflow" -> list(element, "options", SlackLimits.OVERFLOW_OPTIONS, at, this::option);
            default -> problem("unsupported type: " + element.path("type").asText("none"), at + "/type");
        }
        if (element.has("confirm")) {
            confirm(element.path("confirm"), at + "/confirm");
        }
    }

    private void button(JsonNode button, String at) {
        plainText(button, "text", SlackLimits.BUTTON_TEXT, at);
        ifPresent(button, "value", SlackLimits.BUTTON_VALUE, at);
        ifPresent(button, "url", SlackLimits.BUTTON_URL, at);
        if (button.has("style")) {
            var style = button.path("style").asText();
            require(
                    style.equals("primary") || style.equals("danger"),
                    "style must be primary or danger",
                    at + "/style");
        }
    }

    private void option(JsonNode option, String at) {
        plainText(option, "text", SlackLimits.OPTION_TEXT, at);
        ifPresent(option, "value", SlackLimits.OPTION_VALUE, at);
        ifPresent(option, "url", SlackLimits.BUTTON_URL, at);
    }

    private void confirm(JsonNode confirm, String at) {
        plainText(confirm, "title", SlackLimits.CONFIRM_TITLE, at);
        textObject(confirm, "text", SlackLimits.CONFIRM_TEXT, at);
        plainText(confirm, "confirm", SlackLimits.CONFIRM_BUTTON, at);
        plainText(confirm, "deny", SlackLimits.CONFIRM_BUTTON, at);
    }

    private void richTextPart(JsonNode part, String at) {
        var type = part.path("type").asText();
        require(RICH_TEXT_PARTS.contains(type), "unsupported type: " + type, at + "/type");
        if (type.equals("rich_text_list")) {
            require(
                    Set.of("bullet", "ordered").contains(part.path("style").asText()),
                    "missing required field: style",
                    at);
            list(part, "elements", Integer.MAX_VALUE, at, this::richTextPart);
        } else {
            list(part, "elements", Integer.MAX_VALUE, at, this::richTextElement);
        }
    }

    private void richTextElement(JsonNode element, String at) {
        var type = element.path("type").asText();
        require(RICH_TEXT_ELEMENTS.contains(type), "unsupported type: " + type, at + "/type");
        if (type.equals("text")) {
            text(element, "text", Integer.MAX_VALUE, at);
        } else if (type.equals("link")) {
            text(element, "url", SlackLimits.BUTTON_URL, at);
        }
    }

    private void textObject(JsonNode owner, String name, int limit, String at) {
        if (required(owner, name, at)) {
            textObject(owner.path(name), limit, at + "/" + name);
        }
    }

    private void textObject(JsonNode text, int limit, String at) {
        var type = text.path("type").asText();
        require(type.equals("mrkdwn") || type.equals("plain_text"), "unsupported type: " + type, at + "/type");
        text(text, "text", limit, at);
    }

    private void plainText(JsonNode owner, String name, int limit, String at) {
        if (required(owner, name, at)) {
            var text = owner.path(name);
            require(text.path("type").asText().equals("plain_text"), "must be plain_text", at + "/" + name + "/type");
            text(text, "text", limit, at + "/" + name);
        }
    }

    private void ifPresent(JsonNode owner, String name, int limit, String at) {
        if (owner.has(name)) {
            text(owner, name, limit, at);
        }
    }

    private void text(JsonNode owner, String name, int limit, String at) {
        if (required(owner, name, at)) {
            var length = length(owner.path(name));
            require(owner.path(name).isTextual(), "must be a string", at + "/" + name);
            require(length > 0, "must be more than 0 characters", at + "/" + name);
            require(length <= limit, "must be less than %d characters".formatted(limit + 1L), at + "/" + name);
        }
    }

    private static int length(JsonNode text) {
        var value = text.asText();
        return value.codePointCount(0, value.length());
    }

    private void list(JsonNode owner, String name, int limit, String at, BiConsumer<JsonNode, String> check) {
        if (required(owner, name, at)) {
            var items = owner.path(name);
            require(items.isArray() && !items.isEmpty(), "no fewer than 1 items allowed", at + "/" + name);
            atMost(limit, items, at + "/" + name);
            each(items, at + "/" + name, check);
        }
    }

    private static void each(JsonNode items, String at, BiConsumer<JsonNode, String> check) {
        for (var i = 0; i < items.size(); i++) {
            check.accept(items.get(i), at + "/" + i);
        }
    }

    private void atMost(int limit, JsonNode items, String at) {
        require(items.size() <= limit, "no more than %d items allowed".formatted(limit), at);
    }

    private boolean required(JsonNode owner, String name, String at) {
        if (!owner.hasNonNull(name)) {
            problem("missing required field: " + name, at);
        }
        return owner.hasNonNull(name);
    }

    private void require(boolean holds, String message, String at) {
        if (!holds) {
            problem(message, at);
        }
    }

    private void problem(String message, String at) {
        problems.add("[ERROR] %s [json-pointer:%s]".formatted(message, at));
    }
}
