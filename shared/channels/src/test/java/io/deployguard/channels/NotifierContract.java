package io.deployguard.channels;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.channels.HttpStub.Answer;
import io.deployguard.channels.http.HttpPost;
import io.deployguard.incident.Incident;
import io.deployguard.notification.Delivery;
import io.deployguard.notification.Delivery.Delivered;
import io.deployguard.notification.Delivery.Rejected;
import io.deployguard.notification.Delivery.Retry;
import io.deployguard.notification.Notice;
import io.deployguard.notification.NoticeComposer;
import io.deployguard.notification.Notifier;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What holds for every channel. Extend it, say how the channel answers, and add what is special. */
public abstract class NotifierContract {

    /** Part of whatever lets the notifier in: a token, or the path of a webhook. It must appear nowhere. */
    protected static final String SECRET = "s3cr3t-0123456789";

    protected static final HttpPost HTTP = new HttpPost(Duration.ofSeconds(1), Duration.ofMillis(400));

    protected final HttpStub stub = new HttpStub();

    /** A notifier that talks to this address and is let in by {@link #SECRET}. */
    protected abstract Notifier notifier(URI address);

    /** How the channel says that it took a message. */
    protected abstract Answer accepted();

    /** How the channel says no for ever, one answer per case, by name. */
    protected abstract Map<String, Answer> refusals();

    /** What an incident's last message says of it. */
    protected String wordOfTheEnd() {
        return "Healed";
    }

    /** How long it waits before it comes back, at most, when it is not asked to wait. */
    protected Duration longestPause() {
        return Duration.ofSeconds(10);
    }

    protected final Notifier notifier() {
        return notifier(stub.address());
    }

    protected static Notice opened() {
        return NoticeComposer.compose(Scenario.MIGRATION_CONFLICT_OPENED.incident());
    }

    protected static Notice closed() {
        return NoticeComposer.compose(Scenario.MIGRATION_CONFLICT_HEALED.incident());
    }

    @AfterEach
    void stopStub() {
        stub.close();
    }

    @Test
    void deliversTheFirstMessage() {
        stub.then(accepted());

        assertThat(notifier().deliver(opened(), Optional.empty())).isInstanceOf(Delivered.class);
        assertThat(stub.requests()).hasSize(1);
        assertThat(stub.requests().getFirst().body()).contains("clinics");
    }

    @Test
    void acceptsItsOwnReferenceForTheEnd() {
        stub.then(accepted()).then(accepted());
        var notifier = notifier();
        var first = (Delivered) notifier.deliver(opened(), Optional.empty());

        assertThat(notifier.deliver(closed(), first.reference())).isInstanceOf(Delivered.class);
        assertThat(stub.requests()).hasSize(2);
        assertThat(stub.requests().getLast().body()).contains(wordOfTheEnd());
    }

    @TestFactory
    Stream<DynamicTest> comesBackLaterAfter() {
        return Map.of(
                        "HTTP 500", new Answer(500, "", Map.of(), Duration.ZERO),
                        "HTTP 503", new Answer(503, "busy", Map.of(), Duration.ZERO),
                        "HTTP 429", new Answer(429, "", Map.of(), Duration.ZERO),
                        "a closed connection", Answer.hangUp(),
                        "no answer in time", accepted().late(Duration.ofMillis(700)))
                .entrySet()
                .stream()
                .map(row -> DynamicTest.dynamicTest(row.getKey(), () -> {
                    try (var server = new HttpStub()) {
                        server.then(row.getValue());
                        assertThat(discreet(notifier(server.address()).deliver(opened(), Optional.empty())))
                                .isInstanceOfSatisfying(
                                        Retry.class,
                                        retry -> assertThat(retry.after())
                                                .isBetween(Duration.ofSeconds(1), longestPause()));
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> givesUpAfter() {
        return refusals().entrySet().stream()
                .map(row -> DynamicTest.dynamicTest(row.getKey(), () -> {
                    try (var server = new HttpStub()) {
                        server.then(row.getValue());
                        assertThat(discreet(notifier(server.address()).deliver(opened(), Optional.empty())))
                                .isInstanceOf(Rejected.class);
                        assertThat(server.requests()).hasSize(1);
                    }
                }));
    }

    @Test
    void waitsAsLongAsItIsAskedTo() {
        stub.then(new Answer(429, "", Map.of("Retry-After", "37"), Duration.ZERO));

        assertThat(notifier().deliver(opened(), Optional.empty()))
                .isInstanceOfSatisfying(
                        Retry.class,
                        retry -> assertThat(retry.after()).isBetween(Duration.ofSeconds(37), Duration.ofSeconds(40)));
    }

    @Test
    void comesBackLaterWhenNobodyListens() {
        var address = stub.address();
        stub.close();

        assertThat(discreet(notifier(address).deliver(opened(), Optional.empty())))
                .isInstanceOf(Retry.class);
    }

    @Test
    void keepsItsSecret() {
        var notifier = notifier();

        assertThat(List.of(notifier.toString(), notifier.channel())).noneMatch(text -> text.contains(SECRET));
        assertThat(notifier.channel()).isNotBlank().isEqualTo(notifier().channel());
    }

    @Test
    void takesEveryStageOfEveryScenario() {
        for (var scenario : Scenario.values()) {
            stub.then(accepted());
            Incident incident = scenario.incident();
            assertThat(notifier().deliver(NoticeComposer.compose(incident), Optional.empty()))
                    .as(scenario.name())
                    .isInstanceOf(Delivered.class);
        }
    }

    private static Delivery discreet(Delivery delivery) {
        assertThat(delivery.toString()).doesNotContain(SECRET).doesNotContain("127.0.0.1");
        return delivery;
    }
}
