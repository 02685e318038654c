package io.deployguard.channels.slack;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deployguard.channels.http.Backoff;
import io.deployguard.channels.http.BearerToken;
import io.deployguard.channels.http.HttpPost;
import io.deployguard.channels.slack.SlackApi.Answer;
import io.deployguard.notification.Delivery;
import io.deployguard.notification.Notice;
import io.deployguard.notification.Notifier;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One message per incident in a Slack channel, edited in place. Needs a bot token with scope {@code chat:write}.
 *
 * <p>The reference is {@code channel/ts}, which is what Slack needs to find a message again. Slack has no idempotency key: when no answer came to
 * the first message, the channel's history is searched for it by its metadata, as far as the app may read the history
 * ({@code channels:history}); otherwise the message is posted again, since twice is better than never.
 *
 * <p>Threads may share it.
 *
 * @see <a href="https://docs.slack.dev/reference/methods/chat.postMessage">chat.postMessage</a>
 * @see <a href="https://docs.slack.dev/reference/methods/chat.update">chat.update</a>
 */
public final class SlackNotifier implements Notifier {

    /** Where Slack's Web API is. */
    public static final URI SLACK = URI.create("https://slack.com/api/");

    private static final int HISTORY = 50;
    private static final int MAX_DOUBTS = 200;

    private final String channelId;
    private final SlackApi api;
    private final SlackRenderer renderer = new SlackRenderer();

    /**
     * Incidents whose message may be there although no answer said so, with the revision that was posted. Lost with the process, which then costs
     * a second message.
     */
    private final Map<UUID, Long> doubts = new ConcurrentHashMap<>();

    /** @param channelId such as {@code C0123ABC}; a name would work for posting only */
    public SlackNotifier(String channelId, BearerToken token) {
        this(channelId, token, SLACK, HttpPost.DEFAULT);
    }

    /** @param base of the Web API; another one is a stand-in */
    public SlackNotifier(String channelId, BearerToken token, URI base, HttpPost http) {
        if (channelId.isBlank() || channelId.contains("/")) {
            throw new IllegalArgumentException(
                    "Slack channel: expected an id such as C0123ABC, got '" + channelId + "'");
        }
        this.channelId = channelId;
        this.api = new SlackApi(http, base, token);
    }

    @Override
    public String channel() {
        return "slack:" + channelId;
    }

    @Override
    public Delivery deliver(Notice notice, Optional<String> shown) {
        var message = shown.flatMap(Reference::find);
        if (message.isEmpty()) {
            return post(notice);
        }
        var answer = update(notice, message.get());
        return answer instanceof Answer.Refused refused && refused.kind() == SlackError.POST_ANEW
                ? post(notice)
                : updated(message.get(), answer);
    }

    private Delivery post(Notice notice) {
        var doubt = doubts.get(notice.incident());
        if (doubt != null) {
            var there = findPosted(notice.incident(), doubt);
            if (there.isPresent()) {
                doubts.remove(notice.incident());
                return updated(there.get(), update(notice, there.get()));
            }
        }
        var answer = api.postMessage(addressed(renderer.render(notice)));
        if (isTooMuch(answer)) {
            answer = api.postMessage(addressed(renderer.renderShort(notice)));
        }
        return switch (answer) {
            case Answer.Ok(var body) -> {
                doubts.remove(notice.incident());
                var channel = body.path("channel").asText(channelId);
                var ts = body.path("ts").asText("");
                yield new Delivery.Delivered(
                        ts.isEmpty() ? Optional.empty() : Optional.of(new Reference(channel, ts).toString()));
            }
            case Answer.Refused refused -> new Delivery.Rejected(failed("chat.postMessage", refused.error()));
            case Answer.Later later -> later.maybeDone() ? inDoubt(notice, later) : retry("chat.postMessage", later);
        };
    }

    /** No answer: perhaps it is there. */
    private Delivery inDoubt(Notice notice, Answer.Later later) {
        var there = findPosted(notice.incident(), notice.revision());
        if (there.isPresent()) {
            doubts.remove(notice.incident());
            return new Delivery.Delivered(Optional.of(there.get().toString()));
        }
        if (doubts.size() < MAX_DOUBTS) {
            doubts.put(notice.incident(), notice.revision());
        }
        return retry("chat.postMessage", later);
    }

    private Answer update(Notice notice, Reference message) {
        var answer = api.update(message.into(renderer.render(notice)));
        return isTooMuch(answer) ? api.update(message.into(renderer.renderShort(notice))) : answer;
    }

    private Delivery updated(Reference message, Answer answer) {
        return switch (answer) {
            case Answer.Ok _ -> new Delivery.Delivered(Optional.of(message.toString()));
            case Answer.Refused refused -> new Delivery.Rejected(failed("chat.update", refused.error()));
            // The same update twice is the same as once.
            case Answer.Later later -> retry("chat.update", later);
        };
    }

    /** The incident's message that shows this revision or a later one. An older one is not what was posted last. */
    private Optional<Reference> findPosted(UUID incident, long revision) {
        if (!(api.history(channelId, HISTORY) instanceof Answer.Ok(var body))) {
            return Optional.empty();
        }
        for (var message : body.path("messages")) {
            var metadata = message.path("metadata");
            var payload = metadata.path("event_payload");
            if (metadata.path("event_type").asText().equals(SlackLimits.METADATA_EVENT)
                    && payload.path("incident").asText().equals(incident.toString())
                    && payload.path("revision").asLong(-1) >= revision
                    && !message.path("ts").asText().isEmpty()) {
                return Optional.of(new Reference(channelId, message.path("ts").asText()));
            }
        }
        return Optional.empty();
    }

    private ObjectNode addressed(ObjectNode message) {
        return message.put("channel", channelId);
    }

    private Delivery retry(String method, Answer.Later later) {
        return new Delivery.Retry(Backoff.after(later.after()), failed(method, later.reason()));
    }

    private String failed(String method, String why) {
        return "%s to %s: %s".formatted(method, channelId, why);
    }

    private static boolean isTooMuch(Answer answer) {
        return answer instanceof Answer.Refused refused && refused.kind() == SlackError.SHORTEN;
    }

    @Override
    public String toString() {
        return channel();
    }

    /** Where a message is. */
    private record Reference(String channel, String ts) {

        /** Absent for a text that another kind of notifier has left behind. */
        static Optional<Reference> find(String text) {
            var slash = text.indexOf('/');
            return slash > 0 && slash < text.length() - 1
                    ? Optional.of(new Reference(text.substring(0, slash), text.substring(slash + 1)))
                    : Optional.empty();
        }

        ObjectNode into(ObjectNode message) {
            return message.put("channel", channel).put("ts", ts);
        }

        @Override
        public String toString() {
            return channel + "/" + ts;
        }
    }
}
