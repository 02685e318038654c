package io.deployguard.channels.slack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What Slack would refuse, and what this project forbids itself, found without asking Slack: {@code blocks.validate} needs a network and does not
 * notice a missing fallback text. Strict: a shape it does not know is a problem.
 */
public final class BlockKitLimits {

    private static final Pattern COLOR = Pattern.compile("#[0-9a-f]{6}");
    private static final Pattern DATE =
            Pattern.compile("<!date\\^\\d{1,12}\\^[^<>^|]{1,80}\\|\\d{4,}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d UTC>");
    private static final Pattern ENTITY = Pattern.compile("&(?:amp|lt|gt);");

    private final List<String> problems = new ArrayList<>();
    private final Set<String> blockIds = new HashSet<>();
    private final Set<String> actionIds = new HashSet<>();
    private int styledButtons;
    private int evidenceLines;
    private int evidenceChars;

    private BlockKitLimits() {}

    /** Every problem with its JSON pointer; empty for a message that may be sent. */
    public static List<String> problemsOf(ObjectNode message) {
        var check = new BlockKitLimits();
        check.message(message);
        return List.copyOf(check.problems);
    }

    /** All blocks, those of attachments too. */
    static List<JsonNode> blocksOf(ObjectNode message) {
        var blocks = new ArrayList<JsonNode>();
        message.path("blocks").forEach(blocks::add);
        message.path("attachments")
                .forEach(attachment -> attachment.path("blocks").forEach(blocks::add));
        return blocks;
    }

    /** Characters of all blocks as JSON. */
    static int serializedBlocks(ObjectNode message) {
        return blocksOf(message).stream()
                .mapToInt(block -> block.toString().length() + 1)
                .sum();
    }

    private void message(ObjectNode message) {
        var text = message.path("text").asText();
        markup("/text", text);
        between("/text", text, SlackLimits.OUR_TEXT_MIN, Math.min(SlackLimits.TEXT, SlackLimits.OUR_TEXT_MAX));
        for (var i = 0; i < message.path("blocks").size(); i++) {
            block("/blocks/" + i, message.path("blocks").get(i));
        }
        for (var i = 0; i < message.path("attachments").size(); i++) {
            var attachment = message.path("attachments").get(i);
            var at = "/attachments/" + i;
            check(COLOR.matcher(attachment.path("color").asText()).matches(), at + "/color", "expected #rrggbb");
            check(
                    attachment.size() == 2,
                    at,
                    "expected color and blocks only: Slack refuses legacy fields beside blocks");
            check(!attachment.path("blocks").isEmpty(), at + "/blocks", "expected at least one");
            for (var j = 0; j < attachment.path("blocks").size(); j++) {
                block(at + "/blocks/" + j, attachment.path("blocks").get(j));
            }
        }
        var blocks = blocksOf(message).size();
        check(!message.path("blocks").isEmpty(), "/blocks", "expected at least one");
        check(blocks <= Math.min(SlackLimits.BLOCKS_IN_MESSAGE, SlackLimits.OUR_BLOCKS), "/blocks", blocks + " blocks");
        var size = serializedBlocks(message);
        check(size <= SlackLimits.OUR_SERIALIZED_BLOCKS, "/blocks", size + " characters in all");
        check(styledButtons <= SlackLimits.OUR_STYLED_BUTTONS, "/blocks", styledButtons + " styled buttons");
        check(!message.path("unfurl_links").asBoolean(true), "/unfurl_links", "expected false");
        check(!message.path("unfurl_media").asBoolean(true), "/unfurl_media", "expected false");
    }

    private void block(String at, JsonNode block) {
        var id = block.path("block_id").asText();
        between(at + "/block_id", id, 1, SlackLimits.BLOCK_ID);
        check(blockIds.add(id), at + "/block_id", "used twice: " + id);
        switch (block.path("type").asText()) {
            case "header" ->
                plain(at + "/text", block.path("text"), Math.min(SlackLimits.HEADER, SlackLimits.OUR_HEADER));
            case "context" -> context(at, block);
            case "actions" -> actions(at, block);
            case "rich_text" -> richText(at, block);
            case "divider" -> {}
            default -> problems.add(at + "/type: unknown " + block.path("type"));
        }
    }

    private void context(String at, JsonNode block) {
        var elements = block.path("elements");
        check(
                !elements.isEmpty() && elements.size() <= SlackLimits.CONTEXT_ELEMENTS,
                at,
                elements.size() + " elements");
        for (var i = 0; i < elements.size(); i++) {
            var element = elements.get(i);
            var here = at + "/elements/" + i;
            if (element.path("type").asText().equals("mrkdwn")) {
                between(here, element.path("text").asText(), 1, SlackLimits.SECTION_TEXT);
                check(DATE.matcher(element.path("text").asText()).matches(), here, "only a moment may be markup");
            } else {
                plain(here, element, SlackLimits.SECTION_TEXT);
            }
        }
    }

    private void actions(String at, JsonNode block) {
        var elements = block.path("elements");
        check(
                !elements.isEmpty() && elements.size() <= SlackLimits.ACTIONS_ELEMENTS,
                at,
                elements.size() + " elements");
        for (var i = 0; i < elements.size(); i++) {
            var button = elements.get(i);
            var here = at + "/elements/" + i;
            check(button.path("type").asText().equals("button"), here + "/type", "expected a button");
            plain(here + "/text", button.path("text"), SlackLimits.BUTTON_TEXT);
            var id = button.path("action_id").asText();
            between(here + "/action_id", id, 1, SlackLimits.ACTION_ID);
            check(actionIds.add(id), here + "/action_id", "used twice: " + id);
            var url = button.path("url").asText();
            between(here + "/url", url, 1, SlackLimits.BUTTON_URL);
            check(url.startsWith("https://") || url.startsWith("http://"), here + "/url", "expected http or https");
            styledButtons += button.has("style") ? 1 : 0;
        }
    }

    private void richText(String at, JsonNode block) {
        var elements = block.path("elements");
        check(!elements.isEmpty(), at + "/elements", "expected at least one");
        for (var i = 0; i < elements.size(); i++) {
            var here = at + "/elements/" + i;
            var element = elements.get(i);
            switch (element.path("type").asText()) {
                case "rich_text_section" -> spans(here, element, true);
                case "rich_text_preformatted" -> preformatted(here, element, block);
                case "rich_text_list" -> {
                    check(
                            Set.of("bullet", "ordered")
                                    .contains(element.path("style").asText()),
                            here + "/style",
                            "expected bullet or ordered");
                    check(!element.path("elements").isEmpty(), here + "/elements", "expected at least one");
                    for (var j = 0; j < element.path("elements").size(); j++) {
                        spans(here + "/elements/" + j, element.path("elements").get(j), true);
                    }
                }
                default -> problems.add(here + "/type: unknown " + element.path("type"));
            }
        }
    }

    private void preformatted(String at, JsonNode element, JsonNode block) {
        spans(at, element, false);
        if (!block.path("block_id").asText().endsWith("-evidence")) {
            return;
        }
        for (var line : element.path("elements").path(0).path("text").asText().split("\n", -1)) {
            evidenceLines++;
            evidenceChars += line.length() + 1;
            check(line.length() <= SlackLimits.OUR_LOG_LINE, at, "a line of " + line.length() + " characters");
        }
        check(evidenceLines <= SlackLimits.OUR_LOG_LINES, at, evidenceLines + " log lines");
        check(evidenceChars <= SlackLimits.OUR_LOG_CHARS, at, evidenceChars + " characters of log");
    }

    private void spans(String at, JsonNode section, boolean datesAllowed) {
        var spans = section.path("elements");
        check(!spans.isEmpty(), at + "/elements", "expected at least one");
        for (var i = 0; i < spans.size(); i++) {
            var here = at + "/elements/" + i;
            var span = spans.get(i);
            switch (span.path("type").asText()) {
                case "text" -> {
                    between(here + "/text", span.path("text").asText(), 1, SlackLimits.SECTION_TEXT);
                    sound(here + "/text", span.path("text").asText());
                }
                case "date" -> {
                    check(datesAllowed, here, "no date in preformatted text");
                    check(span.path("timestamp").isIntegralNumber(), here + "/timestamp", "expected an integer");
                    check(!span.path("format").asText().isEmpty(), here + "/format", "expected a format");
                }
                default -> problems.add(here + "/type: unknown " + span.path("type"));
            }
        }
    }

    private void plain(String at, JsonNode text, int max) {
        check(text.path("type").asText().equals("plain_text"), at + "/type", "expected plain_text");
        check(!text.path("emoji").asBoolean(true), at + "/emoji", "expected false: colons are not ours to replace");
        between(at + "/text", text.path("text").asText(), 1, max);
        sound(at + "/text", text.path("text").asText());
    }

    /** In text that Slack reads as markup, only whole entities. */
    private void markup(String at, String text) {
        sound(at, text);
        check(text.indexOf('<') < 0 && text.indexOf('>') < 0, at, "unescaped angle bracket");
        check(ENTITY.matcher(text).replaceAll("").indexOf('&') < 0, at, "unescaped or broken ampersand");
    }

    private void sound(String at, String text) {
        check(
                text.codePoints()
                        .allMatch(point -> point == '\n'
                                || switch (Character.getType(point)) {
                                    case Character.CONTROL, Character.FORMAT, Character.SURROGATE -> false;
                                    default -> true;
                                }),
                at,
                "control, bidirectional or zero-width character, or half a surrogate pair");
    }

    private void between(String at, String text, int min, int max) {
        check(
                text.length() >= min && text.length() <= max,
                at,
                text.length() + " characters, expected " + min + " to " + max);
    }

    private void check(boolean holds, String at, String problem) {
        if (!holds) {
            problems.add(at + ": " + problem);
        }
    }
}
