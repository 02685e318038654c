package io.deployguard.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deployguard.fault.GuardFault;
import io.deployguard.pipeline.Metric;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PatientHandlerTest {

    private static final String EVENT = event();
    private static final Instant SENT = Instant.parse(EVENT.replaceFirst("(?s).*\"time\": \"([^\"]+)\".*", "$1"));

    private final GuardFault away = new GuardFault.Unavailable("take in event: database db:5432/guard: refused", null);
    private final List<String> queue = new ArrayList<>();
    private final List<Map<Metric, Double>> figures = new ArrayList<>();
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();

    @Test
    void putsAnEventBackWhileSomebodyIsAway() {
        var outcome = handler(away, Duration.ofMinutes(5)).handle(EVENT, SENT);

        assertThat(queue).containsExactly(EVENT);
        assertThat(outcome).containsEntry("outcome", "put back").containsEntry("because", away.getMessage());
        assertThat(figures).containsExactly(Map.of(Metric.FAILURES, 1.0));
        assertThat(log.toString(StandardCharsets.UTF_8)).contains("event put back", "database db:5432/guard");
    }

    @Test
    void putsNothingBackThatWentWell() {
        MessageHandler well = (_, _) -> Map.of("outcome", "noted");

        assertThat(handler(well, Duration.ZERO).handle(EVENT, SENT)).containsEntry("outcome", "noted");
        assertThat(queue).isEmpty();
        assertThat(figures).isEmpty();
    }

    /** It has its five tries, and a person finds it among the dead letters. */
    @Test
    void leavesWhatNoWaitingCures() {
        var denied = new GuardFault.Denied("describe service: denied", null);
        var poison = new IllegalArgumentException("event: malformed");

        assertThatThrownBy(() -> handler(denied, Duration.ZERO).handle(EVENT, SENT))
                .isSameAs(denied);
        assertThatThrownBy(() -> handler(poison, Duration.ZERO).handle(EVENT, SENT))
                .isSameAs(poison);
        assertThatThrownBy(() -> handler(away, Duration.ZERO).handle("no event at all", SENT))
                .isSameAs(away);
        assertThat(queue).isEmpty();
    }

    @Test
    void leavesAnEventThatHasWaitedForFourHours() {
        assertThatThrownBy(() -> handler(away, PatientHandler.PATIENCE).handle(EVENT, SENT))
                .isSameAs(away);
        assertThat(queue).isEmpty();
        handler(away, PatientHandler.PATIENCE.minusSeconds(1)).handle(EVENT, SENT);
        assertThat(queue).hasSize(1);
    }

    /** Then the message is where it was, and comes again by itself. */
    @Test
    void failsWhenTheQueueTakesNothing() {
        var throttled = new GuardFault.Throttled("sqs:SendMessage: throttled", null);
        var handler = new PatientHandler(
                failing(away),
                _ -> {
                    throw throttled;
                },
                structuredLog(),
                (values, _) -> figures.add(values),
                () -> SENT);

        assertThatThrownBy(() -> handler.handle(EVENT, SENT)).isSameAs(throttled);
    }

    private PatientHandler handler(RuntimeException failure, Duration age) {
        return handler(failing(failure), age);
    }

    private PatientHandler handler(MessageHandler inner, Duration age) {
        return new PatientHandler(
                inner, queue::add, structuredLog(), (values, _) -> figures.add(values), () -> SENT.plus(age));
    }

    private static MessageHandler failing(RuntimeException failure) {
        return (_, _) -> {
            throw failure;
        };
    }

    private StructuredLog structuredLog() {
        return new StructuredLog("detect", () -> SENT, new PrintStream(log, true, StandardCharsets.UTF_8));
    }

    private static String event() {
        try {
            return Files.readString(Path.of("../../events/task-crash-migration-conflict.json"));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
