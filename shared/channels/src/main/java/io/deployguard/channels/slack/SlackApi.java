package io.deployguard.channels.slack;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deployguard.channels.http.BearerToken;
import io.deployguard.channels.http.HttpPost;
import io.deployguard.channels.http.Reply;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The three methods of Slack's Web API that the guard uses. Every outcome is a value. Threads may share it. */
final class SlackApi {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern ERROR_CODE = Pattern.compile("[a-z0-9_]{1,80}");

    private final HttpPost http;
    private final URI base;
    private final BearerToken token;

    SlackApi(HttpPost http, URI base, BearerToken token) {
        this.http = http;
        this.base = base.getPath().endsWith("/") ? base : URI.create(base + "/");
        this.token = token;
    }

    Answer postMessage(ObjectNode message) {
        return callJson("chat.postMessage", message);
    }

    Answer update(ObjectNode message) {
        return callJson("chat.update", message);
    }

    /** The channel's newest messages with their metadata; needs scope {@code channels:history} or its sibling for private channels. */
    Answer history(String channel, int limit) {
        var form = Map.of("channel", channel, "limit", String.valueOf(limit), "include_all_metadata", "true");
        return call(
                "conversations.history",
                "application/x-www-form-urlencoded",
                form.entrySet().stream()
                        .map(field ->
                                field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                        .collect(Collectors.joining("&")));
    }

    private Answer callJson(String method, ObjectNode body) {
        return call(method, "application/json; charset=utf-8", body.toString());
    }

    private Answer call(String method, String contentType, String body) {
        var headers = Map.of("Authorization", token.authorization(), "Content-Type", contentType);
        return switch (http.send(base.resolve(method), headers, body)) {
            case Reply.NotSent(var reason) -> new Answer.Later(Optional.empty(), false, reason);
            case Reply.Unclear(var reason) -> new Answer.Later(Optional.empty(), true, reason);
            case Reply.Answered answered -> read(answered);
        };
    }

    private static Answer read(Reply.Answered answered) {
        if (answered.status() == 429) {
            return new Answer.Later(answered.retryAfter(), false, "rate limited (HTTP 429)");
        }
        if (answered.status() >= 500) {
            return new Answer.Later(answered.retryAfter(), true, "HTTP " + answered.status());
        }
        if (answered.status() != 200) {
            return new Answer.Refused(SlackError.FINAL, "HTTP " + answered.status());
        }
        var json = parse(answered.body());
        if (json.isEmpty()) {
            return new Answer.Later(Optional.empty(), true, "the answer was not JSON");
        }
        if (json.get().path("ok").asBoolean(false)) {
            return new Answer.Ok(json.get());
        }
        var error = json.get().path("error").asText();
        var code = ERROR_CODE.matcher(error).matches() ? error : "unknown error";
        return switch (SlackError.of(code)) {
            case RETRY -> new Answer.Later(answered.retryAfter(), false, code);
            case RETRY_UNCLEAR -> new Answer.Later(answered.retryAfter(), true, code);
            case FINAL -> new Answer.Refused(SlackError.FINAL, SlackError.explained(code));
            case SHORTEN -> new Answer.Refused(SlackError.SHORTEN, code);
            case POST_ANEW -> new Answer.Refused(SlackError.POST_ANEW, code);
        };
    }

    private static Optional<JsonNode> parse(String body) {
        try {
            return Optional.ofNullable(JSON.readTree(body)).filter(JsonNode::isObject);
        } catch (JsonProcessingException notJson) {
            return Optional.empty();
        }
    }

    /** What came of a call. */
    sealed interface Answer {

        record Ok(JsonNode body) implements Answer {}

        /** Slack said no. */
        record Refused(SlackError kind, String error) implements Answer {}

        /**
         * No answer that counts.
         *
         * @param after how long Slack asks us to wait
         * @param maybeDone whether Slack may have carried it out
         */
        record Later(Optional<Duration> after, boolean maybeDone, String reason) implements Answer {}
    }
}
