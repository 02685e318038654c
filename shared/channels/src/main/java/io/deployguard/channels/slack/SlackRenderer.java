package io.deployguard.channels.slack;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deployguard.notification.Cut;
import io.deployguard.notification.Notice;
import io.deployguard.notification.NoticeBlock;
import java.util.List;

/**
 * A notice as the body of {@code chat.postMessage} and {@code chat.update}, without the address ({@code channel}, {@code ts}).
 *
 * <p><b>Shape.</b> What somebody must read stands in the top-level {@code blocks}; the timeline and the small print stand in one attachment, which
 * carries the color bar. Slack may hide what is in an attachment behind "Show more", and never what is in {@code blocks}; and with top-level
 * blocks the fallback {@code text} is not shown a second time.
 *
 * <p><b>Size.</b> The largest {@link Budget} with which the message keeps {@link SlackLimits}; the smallest one always does.
 *
 * @see <a href="https://docs.slack.dev/legacy/legacy-messaging/legacy-secondary-message-attachments/">Secondary attachments</a>
 */
public final class SlackRenderer {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** The message. */
    public ObjectNode render(Notice notice) {
        return render(notice, Budget.LARGEST_FIRST, "r");
    }

    /** A much shorter one, for when Slack finds the first too long or does not like something in it. */
    public ObjectNode renderShort(Notice notice) {
        return render(notice, Budget.SHORT_ONES, "s");
    }

    private static ObjectNode render(Notice notice, List<Budget> budgets, String idPrefix) {
        var message = JSON.objectNode();
        for (var budget : budgets) {
            message = render(notice, budget, idPrefix + notice.revision());
            if (fits(message)) {
                return message;
            }
        }
        return message;
    }

    private static ObjectNode render(Notice notice, Budget budget, String idPrefix) {
        var message = JSON.objectNode();
        message.put("text", fallback(notice));
        var top = message.putArray("blocks");
        var below = JSON.arrayNode();
        add(top, SlackBlocks.header(notice.headline()), idPrefix + "-0-header");
        var blocks = new SlackBlocks(budget);
        var number = 1;
        for (var block : budget.once() ? SlackBlocks.firstOfEach(notice.blocks()) : notice.blocks()) {
            var id = idPrefix + "-" + number++ + "-" + SlackBlocks.kindOf(block);
            blocks.render(block).ifPresent(rendered -> add(isHistory(block) ? below : top, rendered, id));
        }
        // Always sent: an update that leaves attachments out keeps those of the revision before.
        var attachments = message.putArray("attachments");
        if (!below.isEmpty()) {
            attachments.addObject().put("color", color(notice.tone())).set("blocks", below);
        }
        message.put("unfurl_links", false).put("unfurl_media", false);
        message.putObject("metadata")
                .put("event_type", SlackLimits.METADATA_EVENT)
                .putObject("event_payload")
                .put("incident", notice.incident().toString())
                .put("revision", notice.revision());
        return message;
    }

    private static String fallback(Notice notice) {
        var text = SlackText.mrkdwn(SlackLimits.OUR_TEXT_MAX, notice.fallback());
        return text.length() >= SlackLimits.OUR_TEXT_MIN
                ? text
                : Cut.to(
                        SlackLimits.OUR_TEXT_MAX,
                        text + " Deploy Guard: incident " + notice.incident() + ", details inside.");
    }

    private static void add(ArrayNode blocks, ObjectNode block, String id) {
        blocks.add(block.put("block_id", id));
    }

    private static boolean isHistory(NoticeBlock block) {
        return switch (block) {
            case NoticeBlock.Timeline _, NoticeBlock.Footer _ -> true;
            case NoticeBlock.Summary _,
                    NoticeBlock.Facts _,
                    NoticeBlock.Evidence _,
                    NoticeBlock.Advice _,
                    NoticeBlock.Links _ -> false;
        };
    }

    private static boolean fits(ObjectNode message) {
        return BlockKitLimits.blocksOf(message).size() <= SlackLimits.OUR_BLOCKS
                && BlockKitLimits.serializedBlocks(message) <= SlackLimits.OUR_SERIALIZED_BLOCKS;
    }

    private static String color(Notice.Tone tone) {
        return switch (tone) {
            case OPEN, ESCALATED -> "#a30200";
            case WORKING -> "#daa038";
            case RESOLVED -> "#2eb886";
            case SUPERSEDED, REPORT -> "#dddddd";
        };
    }
}
