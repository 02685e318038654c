package io.deployguard.channels.slack;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deployguard.notification.Cut;
import io.deployguard.notification.NoticeBlock;
import io.deployguard.notification.NoticeBlock.Advice;
import io.deployguard.notification.NoticeBlock.Evidence;
import io.deployguard.notification.NoticeBlock.Facts;
import io.deployguard.notification.NoticeBlock.Footer;
import io.deployguard.notification.NoticeBlock.Links;
import io.deployguard.notification.NoticeBlock.Summary;
import io.deployguard.notification.NoticeBlock.Timeline;
import io.deployguard.notification.Prose;
import io.deployguard.notification.Prose.Span;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** One block of a notice as one block of Slack, within a budget. Serves one message, on one thread. */
final class SlackBlocks {

    /** What an address may consist of; anything else would not be one of ours. */
    private static final Pattern ADDRESS = Pattern.compile("https?://[A-Za-z0-9._~:/?#\\[\\]@!$&'()*+,;=%-]+");

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final int LABEL = 60;
    private static final int COMMAND = 1_200;

    /** A line with less room says nothing. */
    private static final int SHORTEST_LINE = 20;

    private final Budget budget;

    /** Lines and characters of evidence shown so far, in all blocks of the message together. */
    private int logLines;

    private int logChars;

    private final Set<String> actionIds = new HashSet<>();

    SlackBlocks(Budget budget) {
        this.budget = budget;
    }

    /** Absent when nothing of it is left within the budget. */
    Optional<ObjectNode> render(NoticeBlock block) {
        return switch (block) {
            case Summary summary -> summary(summary);
            case Facts facts -> facts(facts);
            case Evidence evidence -> evidence(evidence);
            case Advice advice -> advice(advice);
            case Links links -> links(links);
            case Timeline timeline -> timeline(timeline);
            case Footer footer -> footer(footer);
        };
    }

    static ObjectNode header(String headline) {
        var text = Cut.toWord(SlackLimits.OUR_HEADER, SlackText.clean(headline).strip());
        var block = JSON.objectNode().put("type", "header");
        block.set("text", plain(text.isEmpty() ? "Incident" : text));
        return block;
    }

    private Optional<ObjectNode> summary(Summary summary) {
        var rich = new RichText()
                .paragraph(
                        budget.prose(),
                        Prose.ofStrong(Cut.to(LABEL, summary.call()) + ". ").and(summary.state()));
        summary.cause().ifPresent(cause -> rich.paragraph(budget.prose(), cause));
        return done(rich);
    }

    private Optional<ObjectNode> facts(Facts facts) {
        var rich = new RichText();
        for (var fact : facts.facts().stream().limit(budget.facts()).toList()) {
            rich.paragraph(
                    budget.prose(),
                    Prose.ofStrong(Cut.to(LABEL, fact.label()) + ": ").and(fact.value()));
        }
        return done(rich);
    }

    private Optional<ObjectNode> evidence(Evidence evidence) {
        var rich = new RichText();
        var left = 0;
        for (var excerpt : evidence.excerpts()) {
            var shown = new ArrayList<String>();
            for (var line : excerpt.lines()) {
                var room = Math.min(budget.logLine(), budget.logChars() - logChars - 1);
                if (logLines == budget.logLines() || room < SHORTEST_LINE) {
                    left++;
                } else {
                    var cut = Cut.to(room, SlackText.clean(line));
                    shown.add(cut);
                    logLines++;
                    logChars += cut.length() + 1;
                }
            }
            left += Math.max(0, excerpt.omitted());
            if (shown.stream().anyMatch(line -> !line.isBlank())) {
                rich.paragraph(LABEL * 3, Prose.ofStrong(excerpt.caption())).preformatted(String.join("\n", shown));
            }
        }
        if (left > 0 && budget.logLines() > 0) {
            rich.paragraph(LABEL, Prose.of(left == 1 ? "1 more line left out" : left + " more lines left out"));
        }
        return done(rich);
    }

    private Optional<ObjectNode> advice(Advice advice) {
        var steps = advice.steps().stream().limit(budget.steps()).toList();
        // Half a command is worse than none.
        var commands = advice.commands().stream()
                .filter(command -> command.line().length() <= COMMAND
                        && SlackText.clean(command.line()).equals(command.line()))
                .limit(budget.commands())
                .toList();
        if (steps.isEmpty() && commands.isEmpty()) {
            return Optional.empty();
        }
        var rich = new RichText().paragraph(LABEL, Prose.ofStrong(advice.title()));
        rich.list(steps.size() == 1 ? "bullet" : "ordered", budget.prose(), steps);
        for (var command : commands) {
            rich.paragraph(LABEL * 2, Prose.of(command.purpose() + ":")).preformatted(command.line());
        }
        return done(rich);
    }

    private Optional<ObjectNode> links(Links links) {
        var block = JSON.objectNode().put("type", "actions");
        var buttons = block.putArray("elements");
        for (var link : links.links()) {
            var id = "open-" + Cut.to(LABEL, SlackText.clean(link.id()));
            var label = Cut.to(
                    SlackLimits.BUTTON_TEXT, SlackText.clean(link.label()).strip());
            if (buttons.size() < budget.links()
                    && !label.isEmpty()
                    && link.url().length() <= SlackLimits.BUTTON_URL
                    && ADDRESS.matcher(link.url()).matches()
                    && actionIds.add(id)) {
                buttons.addObject()
                        .put("type", "button")
                        .put("action_id", id)
                        .put("url", link.url())
                        .set("text", plain(label));
            }
        }
        return buttons.isEmpty() ? Optional.empty() : Optional.of(block);
    }

    private Optional<ObjectNode> timeline(Timeline timeline) {
        var moments = timeline.moments();
        var from = Math.max(0, moments.size() - budget.moments());
        var items = moments.subList(from, moments.size()).stream()
                .map(moment -> Prose.EMPTY.time(moment.at()).text(" · ").and(moment.what()))
                .toList();
        return done(new RichText().list("bullet", budget.prose(), items));
    }

    private Optional<ObjectNode> footer(Footer footer) {
        var block = JSON.objectNode().put("type", "context");
        var elements = block.putArray("elements");
        footer.items().stream().limit(budget.footers()).forEach(item -> small(elements, item));
        return elements.isEmpty() ? Optional.empty() : Optional.of(block);
    }

    /** Context knows no rich text: what others wrote stands in plain text, and only a moment is markup. */
    private void small(ArrayNode elements, Prose item) {
        var text = new StringBuilder();
        for (var span : item.spans()) {
            switch (span) {
                case Span.Text(var more) -> text.append(more);
                case Span.Strong(var more) -> text.append(more);
                case Span.Code(var more) -> text.append(more);
                case Span.Time(var at) -> {
                    flush(elements, text);
                    if (elements.size() < SlackLimits.CONTEXT_ELEMENTS) {
                        elements.addObject().put("type", "mrkdwn").put("text", SlackText.date(at));
                    }
                }
            }
        }
        flush(elements, text);
    }

    private void flush(ArrayNode elements, StringBuilder text) {
        var shown = Cut.to(budget.prose(), SlackText.clean(text.toString()).strip());
        if (!shown.isEmpty() && elements.size() < SlackLimits.CONTEXT_ELEMENTS) {
            elements.add(plain(shown));
        }
        text.setLength(0);
    }

    private static Optional<ObjectNode> done(RichText rich) {
        return rich.isEmpty() ? Optional.empty() : Optional.of(rich.block());
    }

    private static ObjectNode plain(String text) {
        return JSON.objectNode().put("type", "plain_text").put("text", text).put("emoji", false);
    }

    /** Kind of a block, for its id. */
    static String kindOf(NoticeBlock block) {
        return switch (block) {
            case Summary _ -> "summary";
            case Facts _ -> "facts";
            case Evidence _ -> "evidence";
            case Advice _ -> "advice";
            case Links _ -> "links";
            case Timeline _ -> "timeline";
            case Footer _ -> "footer";
        };
    }

    /** The first block of each kind. */
    static List<NoticeBlock> firstOfEach(List<NoticeBlock> blocks) {
        var kinds = new HashSet<String>();
        return blocks.stream().filter(block -> kinds.add(kindOf(block))).toList();
    }
}
