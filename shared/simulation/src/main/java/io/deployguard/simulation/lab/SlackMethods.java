package io.deployguard.simulation.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deployguard.simulation.lab.SlackMessage.Revision;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The methods of Slack's Web API, and the incoming webhook, as functions from arguments to answer. */
final class SlackMethods {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String BOT = "U0GUARD";
    private static final String BOT_NAME = "Deploy Guard";
    private static final int HISTORY_DEFAULT = 100;

    private final SlackChannels channels;
    private final String token;
    private final InstantSource clock;

    SlackMethods(SlackChannels channels, String token, InstantSource clock) {
        this.channels = channels;
        this.token = token;
        this.clock = clock;
    }

    ObjectNode call(String path, SlackRequest request) {
        if (request.token().isEmpty()) {
            return failed("not_authed");
        }
        if (!request.token().equals(token)) {
            return failed("invalid_auth");
        }
        return switch (path) {
            case "/api/auth.test" -> authTest();
            case "/api/chat.postMessage" -> post(request);
            case "/api/chat.update" -> update(request);
            case "/api/conversations.history" -> history(request);
            default -> failed("unknown_method");
        };
    }

    private static ObjectNode authTest() {
        return succeeded()
                .put("url", "https://local.slack.com/")
                .put("team", "local")
                .put("user", "deploy-guard")
                .put("team_id", "T0LOCAL")
                .put("user_id", BOT)
                .put("bot_id", "B0LOCAL");
    }

    private ObjectNode post(SlackRequest request) {
        var channel = channels.findId(request.text("channel"));
        if (channel.isEmpty()) {
            return failed("channel_not_found");
        }
        var threadTs = Optional.of(request.text("thread_ts")).filter(ts -> !ts.isEmpty());
        if (threadTs.flatMap(ts -> channels.find(channel.get(), ts))
                .filter(SlackMessage::isReply)
                .isPresent()) {
            return failed("cannot_reply_to_message");
        }
        var refusal = refusal(request);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        var message = channels.add(channel.get(), threadTs, BOT_NAME, revision(request, cut(request.text("text"))));
        return succeeded()
                .put("channel", message.channel())
                .put("ts", message.ts())
                .set("message", shown(message, true));
    }

    private ObjectNode update(SlackRequest request) {
        // Unlike chat.postMessage, chat.update takes ids only.
        var channel = channels.findId(request.text("channel")).filter(id -> id.equals(request.text("channel")));
        if (channel.isEmpty()) {
            return failed("channel_not_found");
        }
        var before = channels.find(channel.get(), request.text("ts"));
        if (before.isEmpty()) {
            return failed("message_not_found");
        }
        if (request.text("text").length() > SlackLimits.UPDATED_TEXT) {
            return failed("msg_too_long");
        }
        var refusal = refusal(request);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        var after = channels.edit(
                channel.get(),
                request.text("ts"),
                keepingWhatWasNotSent(request, before.get().latest()));
        return after.map(message -> succeeded()
                        .put("channel", message.channel())
                        .put("ts", message.ts())
                        .put("text", message.latest().text())
                        .<ObjectNode>set("message", shown(message, true)))
                .orElseGet(() -> failed("message_not_found"));
    }

    /** Blocks stay when neither they nor text are sent, and go when text is sent alone; attachments and metadata stay. */
    private Revision keepingWhatWasNotSent(SlackRequest request, Revision before) {
        var sent = revision(request, request.text("text"));
        var keepsBlocks = !request.has("blocks") && !request.has("text");
        return new Revision(
                sent.at(),
                request.has("text") ? sent.text() : before.text(),
                keepsBlocks ? before.blocks() : sent.blocks(),
                request.has("attachments") ? sent.attachments() : before.attachments(),
                request.has("metadata") ? sent.metadata() : before.metadata());
    }

    private ObjectNode history(SlackRequest request) {
        var channel = channels.findId(request.text("channel"));
        if (channel.isEmpty()) {
            return failed("channel_not_found");
        }
        var limit = request.arguments().path("limit").asInt(HISTORY_DEFAULT);
        var withMetadata = Boolean.parseBoolean(request.text("include_all_metadata"));
        var inclusive = Boolean.parseBoolean(request.text("inclusive"));
        var found = channels.all().stream()
                .filter(message -> message.channel().equals(channel.get()) && !message.isReply())
                .filter(message -> isWithin(message.ts(), request.text("oldest"), request.text("latest"), inclusive))
                .sorted(Comparator.comparing(SlackMessage::ts).reversed())
                .toList();
        var answer = succeeded();
        var messages = answer.putArray("messages");
        found.stream().limit(limit).forEach(message -> messages.add(shown(message, withMetadata)));
        return answer.put("has_more", found.size() > limit);
    }

    /** Compared as text: the seconds have ten digits until the year 2286, the fraction always six. */
    private static boolean isWithin(String ts, String oldest, String latest, boolean inclusive) {
        var edge = inclusive ? 0 : 1;
        return (oldest.isEmpty() || ts.compareTo(oldest) >= edge)
                && (latest.isEmpty() || ts.compareTo(latest) <= -edge);
    }

    ObjectNode webhook(String channelName, SlackRequest request) {
        var channel = channels.findId(channelName);
        if (channel.isEmpty()) {
            return failed("channel_not_found");
        }
        if (request.arguments().isEmpty()) {
            return failed("invalid_payload");
        }
        var refusal = refusal(request);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        channels.add(channel.get(), Optional.empty(), "incoming-webhook", revision(request, cut(request.text("text"))));
        return succeeded();
    }

    /** The answer to a message that Slack does not take, whichever way it came. */
    private static Optional<ObjectNode> refusal(SlackRequest request) {
        var blocks = request.structure("blocks");
        if (request.has("blocks") && !blocks.isArray()) {
            return Optional.of(failed("invalid_blocks_format"));
        }
        var attachments = request.structure("attachments");
        if (attachments.size() > SlackLimits.ATTACHMENTS) {
            return Optional.of(failed("too_many_attachments"));
        }
        if (blocks.isEmpty() && attachments.isEmpty() && request.text("text").isBlank()) {
            return Optional.of(failed("no_text"));
        }
        var problems = BlockKitCheck.problems(blocks, attachments);
        if (!problems.isEmpty()) {
            return Optional.of(failed("invalid_blocks", problems));
        }
        return blocks.toString().length() > SlackLimits.ALL_BLOCKS
                ? Optional.of(failed("msg_blocks_too_long"))
                : Optional.empty();
    }

    private Revision revision(SlackRequest request, String text) {
        return new Revision(
                clock.instant(),
                text,
                arrayOrEmpty(request.structure("blocks")),
                arrayOrEmpty(request.structure("attachments")),
                request.structure("metadata") instanceof ObjectNode metadata ? metadata : JSON.createObjectNode());
    }

    private static JsonNode arrayOrEmpty(JsonNode node) {
        return node.isArray() ? node : JSON.createArrayNode();
    }

    private static String cut(String text) {
        return text.length() <= SlackLimits.POSTED_TEXT ? text : text.substring(0, SlackLimits.POSTED_TEXT);
    }

    private static ObjectNode shown(SlackMessage message, boolean withMetadata) {
        var latest = message.latest();
        var shown = JSON.createObjectNode()
                .put("type", "message")
                .put("user", BOT)
                .put("bot_id", "B0LOCAL")
                .put("ts", message.ts())
                .put("text", latest.text());
        message.threadTs().ifPresent(ts -> shown.put("thread_ts", ts));
        if (!latest.blocks().isEmpty()) {
            shown.set("blocks", latest.blocks());
        }
        if (!latest.attachments().isEmpty()) {
            shown.set("attachments", latest.attachments());
        }
        if (withMetadata && !latest.metadata().isEmpty()) {
            shown.set("metadata", latest.metadata());
        }
        return shown;
    }

    private static ObjectNode succeeded() {
        return JSON.createObjectNode().put("ok", true);
    }

    static ObjectNode failed(String error) {
        return JSON.createObjectNode().put("ok", false).put("error", error);
    }

    private static ObjectNode failed(String error, List<String> problems) {
        var answer = failed(error);
        var list = answer.putObject("response_metadata").putArray("messages");
        problems.forEach(list::add);
        return answer;
    }
}
