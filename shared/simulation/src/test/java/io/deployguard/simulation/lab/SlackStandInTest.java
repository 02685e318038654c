package io.deployguard.simulation.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlackStandInTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

    private final AtomicReference<Instant> now = new AtomicReference<>(NOON);
    private final SlackStandIn slack = SlackStandIn.start(List.of("deployments", "second"), now::get);
    private final HttpClient client = HttpClient.newHttpClient();

    @AfterEach
    void stop() {
        client.shutdownNow();
        slack.close();
    }

    private HttpResponse<String> send(URI uri, String token, String contentType, String body) {
        try {
            var request = HttpRequest.newBuilder(uri)
                    .header("Authorization", "Bearer " + token)
                    .header("Content-Type", contentType)
                    .POST(BodyPublishers.ofString(body))
                    .build();
            return client.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Calls a method with arguments in which single quotes stand for double ones. */
    private JsonNode call(String method, String arguments) {
        var answer = send(
                slack.uri().resolve("/api/" + method),
                SlackStandIn.DEFAULT_TOKEN,
                "application/json; charset=utf-8",
                arguments.replace('\'', '"'));
        assertThat(answer.statusCode()).isEqualTo(200);
        return json(answer.body());
    }

    private String post(String text) {
        var answer = call("chat.postMessage", "{'channel':'deployments','text':'%s'}".formatted(text));
        assertThat(answer.path("ok").asBoolean()).as(answer.toString()).isTrue();
        return answer.path("ts").asText();
    }

    private HttpResponse<String> webhook(String body) {
        return send(slack.webhook("deployments"), "", "application/json", body.replace('\'', '"'));
    }

    @Test
    void postsAMessageAndAnswersWithItsPlace() {
        var answer = call("chat.postMessage", "{'channel':'#deployments','text':'a','metadata':{'event_type':'e'}}");
        assertThat(answer.path("channel").asText()).isEqualTo(slack.channelId("deployments"));
        assertThat(answer.path("ts").asText()).isEqualTo("1795176000.000000");
        assertThat(answer.path("message").path("text").asText()).isEqualTo("a");
        assertThat(slack.messages("deployments")).hasSize(1);
        assertThat(slack.messages("second")).isEmpty();
    }

    @Test
    void givesEveryMessageATimestampOfItsOwn() {
        assertThat(List.of(post("a"), post("b"), post("c")))
                .doesNotHaveDuplicates()
                .isSorted();
    }

    @Test
    void takesFormsAsWellAsJson() {
        var form = "channel=deployments&text=a+%26+b&blocks=%5B%7B%22type%22%3A%22divider%22%7D%5D";
        var answer = send(
                slack.uri().resolve("/api/chat.postMessage"),
                SlackStandIn.DEFAULT_TOKEN,
                "application/x-www-form-urlencoded",
                form);
        assertThat(json(answer.body()).path("ok").asBoolean()).isTrue();
        var posted = slack.messages().getFirst().latest();
        assertThat(posted.text()).isEqualTo("a & b");
        assertThat(posted.blocks()).hasSize(1);
    }

    @Test
    void remembersEveryRevisionWithItsTime() {
        var ts = post("first");
        now.set(NOON.plusSeconds(14));
        call("chat.update", "{'channel':'%s','ts':'%s','text':'second'}".formatted(slack.channelId("deployments"), ts));
        assertThat(slack.history(ts)).extracting(SlackMessage.Revision::text).containsExactly("first", "second");
        assertThat(slack.history(ts)).extracting(SlackMessage.Revision::at).containsExactly(NOON, NOON.plusSeconds(14));
    }

    @Test
    void keepsTheBlocksUntilAnUpdateSendsTextAlone() {
        var channel = slack.channelId("deployments");
        var ts = call("chat.postMessage", "{'channel':'deployments','text':'a','blocks':[{'type':'divider'}]}")
                .path("ts")
                .asText();
        call("chat.update", "{'channel':'%s','ts':'%s','attachments':[{'text':'b'}]}".formatted(channel, ts));
        assertThat(slack.history(ts).getLast().blocks()).hasSize(1);
        call("chat.update", "{'channel':'%s','ts':'%s','text':'c'}".formatted(channel, ts));
        assertThat(slack.history(ts).getLast().blocks()).isEmpty();
        assertThat(slack.history(ts).getLast().attachments()).hasSize(1);
    }

    @Test
    void findsTheRepliesOfAThread() {
        var ts = post("parent");
        var reply = call("chat.postMessage", "{'channel':'deployments','text':'r','thread_ts':'%s'}".formatted(ts));
        assertThat(slack.replies(ts))
                .extracting(SlackMessage::ts)
                .containsExactly(reply.path("ts").asText());
        var toAReply = "{'channel':'deployments','text':'r','thread_ts':'%s'}"
                .formatted(reply.path("ts").asText());
        assertThat(call("chat.postMessage", toAReply).path("error").asText()).isEqualTo("cannot_reply_to_message");
    }

    @Test
    void tellsTheHistoryNewestFirstWithoutRepliesAndWithMetadataOnRequest() {
        var first = call("chat.postMessage", "{'channel':'deployments','text':'a','metadata':{'event_type':'e'}}")
                .path("ts")
                .asText();
        call("chat.postMessage", "{'channel':'deployments','text':'r','thread_ts':'%s'}".formatted(first));
        var second = post("b");
        var history = call("conversations.history", "{'channel':'deployments','include_all_metadata':true}");
        assertThat(history.path("messages").findValuesAsText("ts")).containsExactly(second, first);
        assertThat(history.path("messages")
                        .get(1)
                        .path("metadata")
                        .path("event_type")
                        .asText())
                .isEqualTo("e");
        var newer = call("conversations.history", "{'channel':'deployments','oldest':'%s'}".formatted(first));
        assertThat(newer.path("messages").findValuesAsText("ts")).containsExactly(second);
        var one = call("conversations.history", "{'channel':'deployments','limit':1}");
        assertThat(one.path("messages")).hasSize(1);
        assertThat(one.path("has_more").asBoolean()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    chat.postMessage | {'channel':'nowhere','text':'a'}                                          | channel_not_found
                    chat.postMessage | {'channel':'deployments'}                                                 | no_text
                    chat.postMessage | {'channel':'deployments','text':' ','blocks':[]}                          | no_text
                    chat.postMessage | {'channel':'deployments','text':'a','blocks':'[{'}                        | invalid_blocks_format
                    chat.postMessage | {'channel':'deployments','text':'a','blocks':[{'type':'header'}]}         | invalid_blocks
                    chat.update      | {'channel':'C0000000001','ts':'1.000000','text':'a'}                      | message_not_found
                    chat.update      | {'channel':'deployments','ts':'1.000000','text':'a'}                      | channel_not_found
                    chat.delete      | {}                                                                        | unknown_method
                    """)
    void refusesWhatSlackRefuses(String method, String arguments, String error) {
        var answer = call(method, arguments);
        assertThat(answer.path("ok").asBoolean()).isFalse();
        assertThat(answer.path("error").asText()).isEqualTo(error);
        assertThat(slack.messages()).isEmpty();
    }

    @Test
    void pointsAtTheInvalidBlock() {
        var answer = call("chat.postMessage", "{'channel':'deployments','text':'a','blocks':[{'type':'header'}]}");
        assertThat(answer.path("response_metadata").path("messages").get(0).asText())
                .isEqualTo("[ERROR] missing required field: text [json-pointer:/blocks/0]");
    }

    @Test
    void refusesLegalBlocksThatAreTooMuchInAll() {
        var section = "{'type':'section','text':{'type':'plain_text','text':'%s'}}".formatted("x".repeat(2_900));
        var blocks = String.join(",", List.of(section, section, section, section, section));
        var answer = call("chat.postMessage", "{'channel':'deployments','text':'a','blocks':[%s]}".formatted(blocks));
        assertThat(answer.path("error").asText()).isEqualTo("msg_blocks_too_long");
    }

    @Test
    void cutsLongTextWhenPostingAndRefusesItWhenUpdating() {
        var ts = post("x".repeat(40_001));
        assertThat(slack.history(ts).getFirst().text()).hasSize(40_000);
        var channel = slack.channelId("deployments");
        var update = "{'channel':'%s','ts':'%s','text':'%s'}".formatted(channel, ts, "x".repeat(4_001));
        assertThat(call("chat.update", update).path("error").asText()).isEqualTo("msg_too_long");
    }

    @ParameterizedTest
    @CsvSource({"xoxb-other, invalid_auth", "'', not_authed"})
    void knowsItsToken(String token, String error) {
        var answer = send(slack.uri().resolve("/api/auth.test"), token, "application/json", "{}");
        assertThat(json(answer.body()).path("error").asText()).isEqualTo(error);
        assertThat(call("auth.test", "{}").path("user").asText()).isEqualTo("deploy-guard");
    }

    @Nested
    class Webhooks {
        @Test
        void answerOkAndNoMore() {
            var answer = webhook("{'text':'a'}");
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("ok");
            assertThat(slack.messages("deployments")).hasSize(1);
        }

        @Test
        void refuseWithAStatus() {
            assertThat(webhook("{'text':''}").body()).isEqualTo("no_text");
            assertThat(webhook("{'text':''}").statusCode()).isEqualTo(400);
            assertThat(webhook("oops").body()).isEqualTo("invalid_payload");
            assertThat(send(slack.webhook("nowhere"), "", "application/json", "{}")
                            .statusCode())
                    .isEqualTo(404);
        }
    }

    @Nested
    class Faults {
        private HttpResponse<String> attempt() {
            return send(
                    slack.uri().resolve("/api/chat.postMessage"),
                    SlackStandIn.DEFAULT_TOKEN,
                    "application/json",
                    "{\"channel\":\"deployments\",\"text\":\"a\"}");
        }

        @Test
        void downUntilItIsUpAgain() {
            slack.goDown(Duration.ofMinutes(2));
            assertThat(attempt().statusCode()).isEqualTo(503);
            now.set(NOON.plusSeconds(119));
            assertThat(attempt().statusCode()).isEqualTo(503);
            now.set(NOON.plusSeconds(120));
            assertThat(attempt().statusCode()).isEqualTo(200);
            assertThat(slack.messages()).hasSize(1);
        }

        @Test
        void limitedWithTheSecondsThatAreLeft() {
            slack.limitRate(Duration.ofSeconds(30));
            now.set(NOON.plusMillis(500));
            var answer = attempt();
            assertThat(answer.statusCode()).isEqualTo(429);
            assertThat(answer.headers().firstValue("Retry-After")).contains("30");
            assertThat(json(answer.body()).path("error").asText()).isEqualTo("ratelimited");
            assertThat(webhook("{'text':'a'}").statusCode()).isEqualTo(429);
        }

        @Test
        void refusingAsOftenAsAsked() {
            slack.refuse("fatal_error", 2);
            assertThat(json(attempt().body()).path("error").asText()).isEqualTo("fatal_error");
            assertThat(json(attempt().body()).path("error").asText()).isEqualTo("fatal_error");
            assertThat(json(attempt().body()).path("ok").asBoolean()).isTrue();
        }

        @Test
        void losingTheAnswerOfACallThatWasCarriedOut() {
            slack.inject(new SlackFault.LosingAnswers(1));
            assertThatThrownBy(this::attempt).hasCauseInstanceOf(IOException.class);
            assertThat(slack.messages()).isNotEmpty(); // once or, when the client tried again, twice
        }

        @Test
        void overWhenTheyAreTakenBack() {
            slack.goDown(Duration.ofHours(1));
            slack.recover();
            assertThat(attempt().statusCode()).isEqualTo(200);
        }
    }
}
