package io.deployguard.simulation.lab;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import io.deployguard.simulation.lab.SlackFault.Down;
import io.deployguard.simulation.lab.SlackFault.LosingAnswers;
import io.deployguard.simulation.lab.SlackFault.RateLimited;
import io.deployguard.simulation.lab.SlackFault.Refusing;
import io.deployguard.simulation.lab.SlackMessage.Revision;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A Slack workspace on this machine: it answers as Slack answers, refuses what Slack refuses, and remembers every message in all its
 * revisions.
 *
 * <p>Methods: {@code auth.test}, {@code chat.postMessage}, {@code chat.update}, {@code conversations.history}, and incoming webhooks.
 * Channels are addressed by name or id; the token is the one it was started with. Threads may share it.
 *
 * @see <a href="https://docs.slack.dev/apis/web-api/">Web API</a>
 * @see <a href="https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks/">Incoming webhooks</a>
 */
public final class SlackStandIn implements AutoCloseable {
    /** The token of the bot in a workspace started without one. */
    public static final String DEFAULT_TOKEN = "xoxb-local";

    private static final String WEBHOOK_PATH = "/services/T0LOCAL/B0LOCAL/";

    private final SlackChannels channels;
    private final SlackMethods methods;
    private final InstantSource clock;
    private final LocalServer server;
    private @Nullable SlackFault fault;

    private SlackStandIn(int port, String token, List<String> channelNames, InstantSource clock) {
        this.clock = clock;
        this.channels = new SlackChannels(channelNames);
        this.methods = new SlackMethods(channels, token, clock);
        this.server = LocalServer.start(port, this::handle);
    }

    /** Starts on a free port with {@link #DEFAULT_TOKEN}. */
    public static SlackStandIn start(List<String> channelNames, InstantSource clock) {
        return start(0, DEFAULT_TOKEN, channelNames, clock);
    }

    /**
     * Starts a workspace.
     *
     * @param port 0 for a free one
     * @param channelNames without {@code #}
     * @param clock gives messages and faults their times
     */
    public static SlackStandIn start(int port, String token, List<String> channelNames, InstantSource clock) {
        return new SlackStandIn(port, token, channelNames, clock);
    }

    /** What takes the place of {@code https://slack.com}: {@code http://127.0.0.1:40123}. */
    public URI uri() {
        return server.uri();
    }

    /** An incoming webhook that posts to this channel. */
    public URI webhook(String channelName) {
        return URI.create(uri() + WEBHOOK_PATH + channelName);
    }

    /** The id of a channel, as {@code chat.postMessage} returns it. */
    public String channelId(String channelName) {
        return channels.findId(channelName)
                .orElseThrow(() -> new IllegalArgumentException("no channel " + channelName));
    }

    /** All messages of all channels in the order of posting, replies among them. */
    public List<SlackMessage> messages() {
        return channels.all();
    }

    /** The messages of one channel in the order of posting, replies among them. */
    public List<SlackMessage> messages(String channelName) {
        var id = channelId(channelName);
        return messages().stream()
                .filter(message -> message.channel().equals(id))
                .toList();
    }

    /** Everything that a message has been, oldest first; empty when no channel has it. */
    public List<Revision> history(String ts) {
        return messages().stream()
                .filter(message -> message.ts().equals(ts))
                .findFirst()
                .map(SlackMessage::revisions)
                .orElse(List.of());
    }

    /** The replies to a message in the order of posting. */
    public List<SlackMessage> replies(String ts) {
        return messages().stream()
                .filter(message -> message.threadTs().equals(Optional.of(ts)))
                .toList();
    }

    /** Misbehaves from now on, in place of an earlier fault. */
    public synchronized void inject(SlackFault newFault) {
        fault = newFault;
    }

    /** Is unreachable, with HTTP 503, for this long. */
    public void goDown(Duration duration) {
        inject(new Down(clock.instant().plus(duration)));
    }

    /** Refuses with HTTP 429 for this long. */
    public void limitRate(Duration duration) {
        inject(new RateLimited(clock.instant().plus(duration)));
    }

    /** Refuses the next calls with an error code. */
    public void refuse(String error, int calls) {
        inject(new Refusing(error, calls));
    }

    /** Serves normally again. */
    public synchronized void recover() {
        fault = null;
    }

    private void handle(HttpExchange exchange) throws IOException {
        var current = takeFault();
        switch (current) {
            case Down _ -> LocalServer.answer(exchange, 503, "text/plain", "service unavailable");
            case RateLimited limited -> {
                var seconds = limited.retryAfterSeconds(clock.instant());
                exchange.getResponseHeaders().set("Retry-After", Long.toString(seconds));
                refuse(exchange, 429, "ratelimited");
            }
            case Refusing refusing -> refuse(exchange, isWebhook(exchange) ? 400 : 200, refusing.error());
            case LosingAnswers _ -> {
                serve(exchange); // written to nobody
            }
            case null -> answer(exchange, serve(exchange));
        }
    }

    /** The fault that this call meets; one for a number of calls is used up by it. */
    private synchronized @Nullable SlackFault takeFault() {
        var now = clock.instant();
        var met = switch (fault) {
            case Down(var until) when !now.isBefore(until) -> null;
            case RateLimited(var until) when !now.isBefore(until) -> null;
            case null, default -> fault;
        };
        fault = switch (met) {
            case null -> null;
            case Down down -> down;
            case RateLimited limited -> limited;
            case Refusing(var error, var calls) -> calls > 1 ? new Refusing(error, calls - 1) : null;
            case LosingAnswers(var calls) -> calls > 1 ? new LosingAnswers(calls - 1) : null;
        };
        return met;
    }

    private ObjectNode serve(HttpExchange exchange) throws IOException {
        var request = SlackRequest.of(exchange);
        return isWebhook(exchange)
                ? methods.webhook(webhookChannel(exchange), request)
                : methods.call(exchange.getRequestURI().getPath(), request);
    }

    /** Webhooks answer in plain text and with a status, methods in JSON and always with 200. */
    private static void answer(HttpExchange exchange, ObjectNode answer) throws IOException {
        if (!isWebhook(exchange)) {
            LocalServer.answer(exchange, 200, "application/json; charset=utf-8", answer.toString());
        } else if (answer.path("ok").asBoolean()) {
            LocalServer.answer(exchange, 200, "text/plain", "ok");
        } else {
            var error = answer.path("error").asText();
            LocalServer.answer(exchange, error.equals("channel_not_found") ? 404 : 400, "text/plain", error);
        }
    }

    private static void refuse(HttpExchange exchange, int status, String error) throws IOException {
        if (isWebhook(exchange)) {
            LocalServer.answer(exchange, status, "text/plain", error);
        } else {
            LocalServer.answer(
                    exchange,
                    status,
                    "application/json; charset=utf-8",
                    SlackMethods.failed(error).toString());
        }
    }

    private static boolean isWebhook(HttpExchange exchange) {
        return exchange.getRequestURI().getPath().startsWith("/services/");
    }

    private static String webhookChannel(HttpExchange exchange) {
        var path = exchange.getRequestURI().getPath();
        return path.startsWith(WEBHOOK_PATH) ? path.substring(WEBHOOK_PATH.length()) : "";
    }

    @Override
    public void close() {
        server.close();
    }
}
