package io.deployguard.simulation.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deployguard.simulation.lab.SlackMessage.Revision;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** What a revision says, in a form that can be compared with the revision before. */
final class RevisionText {
    private RevisionText() {}

    /** A line that only one of two revisions has. */
    sealed interface Change {
        record Added(String line) implements Change {}

        record Removed(String line) implements Change {}
    }

    /** What changed: first the lines that went, then the lines that came, each in the order of the message. */
    static List<Change> changes(Revision before, Revision after) {
        var old = lines(before);
        var now = lines(after);
        var removed = minus(old, now).stream().<Change>map(Change.Removed::new);
        var added = minus(now, old).stream().<Change>map(Change.Added::new);
        return Stream.concat(removed, added).toList();
    }

    /** The visible lines of a message, without markup; a button is its label in brackets. */
    static List<String> lines(Revision revision) {
        var lines = new ArrayList<String>();
        if (revision.blocks().isEmpty() && revision.attachments().isEmpty()) {
            addLines(MrkdwnHtml.plain(revision.text()), lines);
        }
        collect(revision.blocks(), lines);
        collect(revision.attachments(), lines);
        return List.copyOf(lines);
    }

    /** Every block of a revision in a form that is equal when people see the same. */
    static Set<String> blocks(Revision revision) {
        var blocks = new HashSet<String>();
        revision.blocks().forEach(block -> blocks.add(withoutIds(block)));
        revision.attachments()
                .forEach(attachment -> attachment.path("blocks").forEach(block -> blocks.add(withoutIds(block))));
        return Set.copyOf(blocks);
    }

    /** Ids change with every revision and nobody sees them. */
    static String withoutIds(JsonNode block) {
        if (block instanceof ObjectNode object) {
            return object.deepCopy().without("block_id").toString();
        }
        return block.toString();
    }

    private static void collect(JsonNode node, List<String> lines) {
        switch (node.path("type").asText("")) {
            case "mrkdwn" -> addLines(MrkdwnHtml.plain(node.path("text").asText()), lines);
            case "plain_text" -> addLines(node.path("text").asText(), lines);
            case "button" ->
                lines.add("[%s]".formatted(node.path("text").path("text").asText()));
            case "overflow" ->
                node.path("options")
                        .forEach(option -> lines.add("[… %s]"
                                .formatted(option.path("text").path("text").asText())));
            case "rich_text_section", "rich_text_preformatted", "rich_text_quote" ->
                addLines(joined(node.path("elements")), lines);
            case "markdown" -> addLines(node.path("text").asText(), lines);
            default -> node.forEach(child -> collect(child, lines));
        }
    }

    private static String joined(JsonNode elements) {
        return StreamSupport.stream(elements.spliterator(), false)
                .map(element -> Stream.of(
                                "text", "url", "fallback") // the last: what a date reads where it is not formatted
                        .map(field -> element.path(field).asText(""))
                        .filter(text -> !text.isEmpty())
                        .findFirst()
                        .orElse(""))
                .collect(Collectors.joining());
    }

    private static void addLines(String text, List<String> lines) {
        text.lines().map(String::strip).filter(line -> !line.isEmpty()).forEach(lines::add);
    }

    private static List<String> minus(List<String> lines, List<String> others) {
        var left = new ArrayList<>(lines);
        others.forEach(left::remove);
        return left;
    }
}
