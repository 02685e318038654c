package io.deployguard.channels.slack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deployguard.channels.HttpStub;
import io.deployguard.channels.HttpStub.Answer;
import io.deployguard.channels.NotifierContract;
import io.deployguard.channels.http.BearerToken;
import io.deployguard.notification.Delivery.Delivered;
import io.deployguard.notification.Delivery.Rejected;
import io.deployguard.notification.Delivery.Retry;
import io.deployguard.notification.Notifier;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SlackNotifierTest extends NotifierContract {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String MESSAGE = "C0123/1731037186.000100";

    @Override
    protected Notifier notifier(URI address) {
        return new SlackNotifier("C0123", new BearerToken("Slack bot token", "xoxb-" + SECRET), address, HTTP);
    }

    @Override
    protected Answer accepted() {
        return ok("1731037186.000100");
    }

    @Override
    protected Map<String, Answer> refusals() {
        var refusals = new LinkedHashMap<String, Answer>();
        for (var error : List.of(
                "channel_not_found",
                "not_in_channel",
                "is_archived",
                "invalid_auth",
                "token_revoked",
                "account_inactive",
                "missing_scope",
                "restricted_action",
                "restricted_action_read_only_channel",
                "an_error_nobody_told_us_of")) {
            refusals.put(error, no(error));
        }
        refusals.put("HTTP 404", new Answer(404, "", Map.of(), Duration.ZERO));
        return refusals;
    }

    @Test
    void postsOnceAndEditsThatMessageFromThenOn() {
        stub.then(accepted()).then(ok("1731037186.000100"));

        assertThat(notifier().deliver(opened(), Optional.empty())).isEqualTo(new Delivered(Optional.of(MESSAGE)));
        assertThat(notifier().deliver(closed(), Optional.of(MESSAGE))).isEqualTo(new Delivered(Optional.of(MESSAGE)));

        assertThat(paths()).containsExactly("/chat.postMessage", "/chat.update");
        assertThat(body(0).path("channel").asText()).isEqualTo("C0123");
        assertThat(body(0).has("ts")).isFalse();
        assertThat(body(1).path("channel").asText()).isEqualTo("C0123");
        assertThat(body(1).path("ts").asText()).isEqualTo("1731037186.000100");
        assertThat(stub.requests().getFirst().authorization()).contains("Bearer xoxb-" + SECRET);
    }

    @Test
    void sendsTextAndBlocksAndItsIdWithEveryRevision() {
        stub.then(accepted()).then(accepted());
        notifier().deliver(opened(), Optional.empty());
        notifier().deliver(closed(), Optional.of(MESSAGE));

        for (var i = 0; i < 2; i++) {
            assertThat(BlockKitLimits.problemsOf(body(i))).isEmpty();
            assertThat(body(i).at("/metadata/event_payload/incident").asText())
                    .isEqualTo(opened().incident().toString());
        }
        assertThat(body(0).at("/metadata/event_payload/revision").asLong()).isEqualTo(3);
        assertThat(body(1).at("/metadata/event_payload/revision").asLong()).isEqualTo(6);
    }

    @ParameterizedTest
    @ValueSource(strings = {"msg_too_long", "msg_blocks_too_long", "invalid_blocks"})
    void shortensOnce(String error) {
        stub.then(no(error)).then(accepted());

        assertThat(notifier().deliver(opened(), Optional.empty())).isInstanceOf(Delivered.class);
        assertThat(stub.requests().get(1).body().length())
                .isLessThan(stub.requests().get(0).body().length() * 2 / 3);
        assertThat(BlockKitLimits.problemsOf(body(1))).isEmpty();
    }

    @Test
    void givesUpWhenTheShortOneIsRefusedToo() {
        stub.then(no("invalid_blocks")).then(no("invalid_blocks"));

        assertThat(notifier().deliver(opened(), Optional.of(MESSAGE)))
                .isEqualTo(new Rejected("chat.update to C0123: invalid_blocks"));
        assertThat(stub.requests()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"message_not_found", "cant_update_message", "edit_window_closed"})
    void postsAnewWhenTheMessageCannotBeEdited(String error) {
        stub.then(no(error)).then(ok("1731040000.000200"));

        assertThat(notifier().deliver(closed(), Optional.of(MESSAGE)))
                .isEqualTo(new Delivered(Optional.of("C0123/1731040000.000200")));
        assertThat(paths()).containsExactly("/chat.update", "/chat.postMessage");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ratelimited", "rate_limited", "fatal_error", "request_timeout", "internal_error"})
    void comesBackLaterAfterAPassingError(String error) {
        stub.then(no(error)).then(no("missing_scope"));

        assertThat(notifier().deliver(opened(), Optional.empty()))
                .isInstanceOfSatisfying(
                        Retry.class, retry -> assertThat(retry.reason()).endsWith(error));
    }

    @Test
    void saysWhatAPersonCanDo() {
        stub.then(no("not_in_channel"));

        assertThat(notifier().deliver(opened(), Optional.empty()))
                .isEqualTo(new Rejected("chat.postMessage to C0123: not_in_channel; invite the app to the channel"));
    }

    @Test
    void neverRepeatsAnAnswerThatIsNoErrorCode() {
        stub.then(200, "{\"ok\":false,\"error\":\"token xoxb-" + SECRET + " <!channel>\"}");

        assertThat(notifier().deliver(opened(), Optional.empty()))
                .isEqualTo(new Rejected("chat.postMessage to C0123: unknown error"));
    }

    @Test
    void findsTheMessageWhoseAnswerGotLost() {
        stub.then(accepted().late(Duration.ofMillis(700))).then(history(3));

        assertThat(notifier().deliver(opened(), Optional.empty()))
                .isEqualTo(new Delivered(Optional.of("C0123/1731037199.000300")));
        assertThat(paths()).containsExactly("/chat.postMessage", "/conversations.history");
        assertThat(stub.requests().getLast().body()).contains("include_all_metadata=true");
    }

    @Test
    void doesNotMistakeAnOlderRevisionForTheOneThatGotLost() {
        stub.then(Answer.hangUp()).then(history(2));

        assertThat(notifier().deliver(opened(), Optional.empty())).isInstanceOf(Retry.class);
    }

    @Test
    void looksAgainBeforeItPostsTwice() {
        stub.then(500, "")
                .then(200, "{\"ok\":true,\"messages\":[]}")
                .then(history(3))
                .then(accepted());
        var notifier = notifier();

        assertThat(notifier.deliver(opened(), Optional.empty())).isInstanceOf(Retry.class);
        assertThat(notifier.deliver(opened(), Optional.empty()))
                .isEqualTo(new Delivered(Optional.of("C0123/1731037199.000300")));
        assertThat(paths())
                .containsExactly(
                        "/chat.postMessage", "/conversations.history", "/conversations.history", "/chat.update");
    }

    @Test
    void postsAgainWhenItMayNotLook() {
        stub.then(500, "").then(no("missing_scope")).then(no("missing_scope")).then(accepted());
        var notifier = notifier();

        assertThat(notifier.deliver(opened(), Optional.empty())).isInstanceOf(Retry.class);
        assertThat(notifier.deliver(opened(), Optional.empty())).isEqualTo(new Delivered(Optional.of(MESSAGE)));
        assertThat(paths().getLast()).isEqualTo("/chat.postMessage");
    }

    @Test
    void postsWhenTheReferenceIsNotItsOwn() {
        stub.then(accepted());

        assertThat(notifier().deliver(opened(), Optional.of("unknown"))).isEqualTo(new Delivered(Optional.of(MESSAGE)));
    }

    @Test
    void refusesATokenThatWouldForgeHeadersWithoutRepeatingIt() {
        assertThatThrownBy(() -> new BearerToken("Slack bot token", "xoxb-" + SECRET + "\r\nX: y"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining(SECRET);
        assertThat(new BearerToken("Slack bot token", "xoxb-" + SECRET + "\n").toString())
                .doesNotContain(SECRET);
    }

    private static Answer ok(String ts) {
        return new Answer(200, "{\"ok\":true,\"channel\":\"C0123\",\"ts\":\"" + ts + "\"}", Map.of(), Duration.ZERO);
    }

    private static Answer no(String error) {
        return new Answer(200, "{\"ok\":false,\"error\":\"" + error + "\"}", Map.of(), Duration.ZERO);
    }

    /** Somebody else's message, and the incident's with that revision. */
    private static Answer history(long revision) {
        var messages = JSON.createObjectNode().put("ok", true);
        var list = messages.putArray("messages");
        list.addObject().put("ts", "1731037200.000400").put("text", "good morning");
        var ours = list.addObject().put("ts", "1731037199.000300");
        ours.putObject("metadata")
                .put("event_type", "deploy_guard_notice")
                .putObject("event_payload")
                .put("incident", opened().incident().toString())
                .put("revision", revision);
        return new Answer(200, messages.toString(), Map.of(), Duration.ZERO);
    }

    private List<String> paths() {
        return stub.requests().stream().map(HttpStub.Request::path).toList();
    }

    private ObjectNode body(int request) {
        try {
            return (ObjectNode) JSON.readTree(stub.requests().get(request).body());
        } catch (JsonProcessingException notJson) {
            throw new AssertionError(notJson);
        }
    }
}
