package io.deployguard.channels.slack;

import java.util.Map;

/**
 * What to do about an {@code error} of the Web API; Slack sends them with HTTP 200 and {@code "ok":false}.
 *
 * @see <a href="https://docs.slack.dev/reference/methods/chat.postMessage#errors">chat.postMessage</a>
 * @see <a href="https://docs.slack.dev/reference/methods/chat.update#errors">chat.update</a>
 */
enum SlackError {
    /** Sending it again cannot work; a person must mend the channel. */
    FINAL,
    /** Once more, much shorter. */
    SHORTEN,
    /** The message is gone or closed: a new one takes its place. */
    POST_ANEW,
    /** Later. */
    RETRY,
    /** Later, and it may have been carried out all the same. */
    RETRY_UNCLEAR;

    private static final Map<String, SlackError> KNOWN = Map.ofEntries(
            Map.entry("msg_too_long", SHORTEN),
            Map.entry("msg_blocks_too_long", SHORTEN),
            Map.entry("invalid_blocks", SHORTEN),
            Map.entry("invalid_blocks_format", SHORTEN),
            Map.entry("invalid_attachments", SHORTEN),
            Map.entry("message_not_found", POST_ANEW),
            Map.entry("cant_update_message", POST_ANEW),
            Map.entry("edit_window_closed", POST_ANEW),
            Map.entry("ratelimited", RETRY),
            Map.entry("rate_limited", RETRY),
            Map.entry("service_unavailable", RETRY),
            Map.entry("team_added_to_org", RETRY),
            Map.entry("request_timeout", RETRY_UNCLEAR),
            Map.entry("fatal_error", RETRY_UNCLEAR),
            Map.entry("internal_error", RETRY_UNCLEAR));

    private static final Map<String, String> REMEDIES = Map.ofEntries(
            Map.entry("channel_not_found", "check the channel id, and invite the app if the channel is private"),
            Map.entry("not_in_channel", "invite the app to the channel"),
            Map.entry("is_archived", "choose another channel"),
            Map.entry("invalid_auth", "store a valid bot token"),
            Map.entry("not_authed", "store a valid bot token"),
            Map.entry("token_revoked", "install the app again and store its new token"),
            Map.entry("token_expired", "store a new bot token"),
            Map.entry("account_inactive", "install the app again and store its new token"),
            Map.entry("missing_scope", "grant the app the scope chat:write"),
            Map.entry("restricted_action", "a workspace rule forbids posting here; ask its administrator"));

    /** An error nobody has told us of is final: it is then seen, instead of being tried for ever. */
    static SlackError of(String error) {
        return KNOWN.getOrDefault(error, FINAL);
    }

    /** The error and what a person can do about it. */
    static String explained(String error) {
        var key = error.startsWith("restricted_action") ? "restricted_action" : error;
        var remedy = REMEDIES.get(key);
        return remedy == null ? error : error + "; " + remedy;
    }
}
