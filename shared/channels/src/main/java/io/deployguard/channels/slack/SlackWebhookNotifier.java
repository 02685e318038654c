package io.deployguard.channels.slack;

import io.deployguard.channels.http.Backoff;
import io.deployguard.channels.http.HttpPost;
import io.deployguard.channels.http.Reply;
import io.deployguard.notification.Delivery;
import io.deployguard.notification.Notice;
import io.deployguard.notification.Notifier;
import java.net.URI;
import java.util.Map;
import java.util.Optional;

/**
 * The reduced mode for workspaces that give out no bot token: an incoming webhook says one message when an incident is first told and one when it
 * ends. What happens in between is not sent, since a webhook's answer names no message that could be edited, and a message per change would bury
 * the channel; such notices count as delivered.
 *
 * <p>The reference says what was sent: {@code webhook/opened} or {@code webhook/closed}. When no answer came the message is sent again; a webhook
 * offers no way to look.
 *
 * <p>Threads may share it. The webhook's address is a secret and appears nowhere.
 *
 * @see <a href="https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks">Incoming webhooks</a>
 */
public final class SlackWebhookNotifier implements Notifier {

    private static final String OPENED = "webhook/opened";
    private static final String CLOSED = "webhook/closed";

    private final String name;
    private final URI webhook;
    private final HttpPost http;
    private final SlackRenderer renderer = new SlackRenderer();

    /** @param name what the outbox calls the channel */
    public SlackWebhookNotifier(String name, URI webhook) {
        this(name, webhook, HttpPost.DEFAULT);
    }

    /** @throws IllegalArgumentException when it is no web address; the message does not repeat it */
    public SlackWebhookNotifier(String name, URI webhook, HttpPost http) {
        if (webhook.getHost() == null || !("https".equals(webhook.getScheme()) || "http".equals(webhook.getScheme()))) {
            throw new IllegalArgumentException(
                    "Slack webhook " + name + ": expected https://hooks.slack.com/services/…");
        }
        this.name = name;
        this.webhook = webhook;
        this.http = http;
    }

    @Override
    public String channel() {
        return name;
    }

    @Override
    public Delivery deliver(Notice notice, Optional<String> shown) {
        if (shown.isPresent() && (!notice.isFinal() || shown.get().equals(CLOSED))) {
            return new Delivery.Delivered(shown);
        }
        var reference = notice.isFinal() ? CLOSED : OPENED;
        var reply = send(notice, false);
        if (isTooMuch(reply)) {
            reply = send(notice, true);
        }
        return switch (reply) {
            case Reply.NotSent(var reason) -> new Delivery.Retry(Backoff.after(Optional.empty()), failed(reason));
            case Reply.Unclear(var reason) -> new Delivery.Retry(Backoff.after(Optional.empty()), failed(reason));
            case Reply.Answered answered -> read(answered, reference);
        };
    }

    private Delivery read(Reply.Answered answered, String reference) {
        var status = answered.status();
        if (status == 200) {
            return new Delivery.Delivered(Optional.of(reference));
        }
        if (status == 429 || status >= 500) {
            return new Delivery.Retry(Backoff.after(answered.retryAfter()), failed("HTTP " + status));
        }
        return new Delivery.Rejected(
                failed("HTTP %d; create a new webhook, or check that its channel exists and is not archived"
                        .formatted(status)));
    }

    private Reply send(Notice notice, boolean brief) {
        var message = brief ? renderer.renderShort(notice) : renderer.render(notice);
        message.remove("metadata");
        return http.send(webhook, Map.of("Content-Type", "application/json; charset=utf-8"), message.toString());
    }

    /** A webhook names its errors in plain text: {@code invalid_payload}, {@code invalid_blocks} and the like. */
    private static boolean isTooMuch(Reply reply) {
        return reply instanceof Reply.Answered answered
                && (answered.status() == 413
                        || (answered.status() == 400 && answered.body().startsWith("invalid_"))
                        || SlackError.of(answered.body().strip()) == SlackError.SHORTEN);
    }

    private String failed(String why) {
        return "post to %s: %s".formatted(channel(), why);
    }

    @Override
    public String toString() {
        return channel();
    }
}
