package io.deployguard.simulation.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deployguard.simulation.lab.Invocation.Answered;
import io.deployguard.simulation.lab.Invocation.Failed;
import io.deployguard.simulation.lab.QueuePoller.Mapping;
import io.deployguard.simulation.lab.SchedulePoller.Schedule;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class PollersIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final String ARN = "arn:aws:sqs:eu-central-1:123456789012:events";

    private final LambdaRuntime function =
            new LambdaRuntime(LambdaRuntimeIT.function(QueueHandler.class.getName()), RuntimeClient.PLAIN, line -> {});

    @AfterEach
    void stop() {
        function.close();
    }

    @Nested
    class OfAQueue implements QueuePoller.Listener {
        private final FakeSqs sqs = new FakeSqs();
        private final List<Invocation> invocations = new CopyOnWriteArrayList<>();
        private final List<Integer> sizes = new CopyOnWriteArrayList<>();
        private final List<IOException> faults = new CopyOnWriteArrayList<>();

        @AfterEach
        void stopQueue() {
            sqs.close();
        }

        @Override
        public void batchDone(int messages, Set<String> failed, Invocation invocation) {
            sizes.add(messages);
            invocations.add(invocation);
        }

        @Override
        public void pollFailed(IOException fault) {
            faults.add(fault);
        }

        private QueuePoller poll(int batchSize, Duration window) {
            return QueuePoller.start(
                    new Mapping(sqs.uri(), sqs.uri() + "/123456789012/events", ARN, batchSize, window, TIMEOUT),
                    function,
                    this);
        }

        private void drain(int batchSize, int batches) {
            try (var _ = poll(batchSize, Duration.ZERO)) {
                Eventually.holds(() -> assertThat(invocations).hasSize(batches));
            }
        }

        @Test
        void deletesWhatSucceededAndLeavesWhatFailed() {
            sqs.send("a", "bad1", "b", "bad2", "c");
            drain(10, 1);
            assertThat(sqs.left()).containsExactly("bad1", "bad2");
            assertThat(sqs.calls()).containsExactly("DeleteMessageBatch of 3");
        }

        @Test
        void leavesAllWhenTheFunctionFails() {
            sqs.send("a", "throw");
            drain(10, 1);
            assertThat(sqs.left()).containsExactly("a", "throw");
            assertThat(invocations).singleElement().isInstanceOf(Failed.class);
        }

        @Test
        void leavesAllWhenTheReplyIsNoJson() {
            sqs.send("a", "garbage");
            drain(10, 1);
            assertThat(sqs.left()).containsExactly("a", "garbage");
            assertThat(invocations).singleElement().isInstanceOf(Answered.class);
        }

        @Test
        void keepsToTheBatchSize() {
            sqs.send("a", "b", "c", "d", "e");
            drain(2, 3);
            assertThat(sizes).containsExactly(2, 2, 1);
            assertThat(sqs.left()).isEmpty();
        }

        @Test
        void gathersALargeBatchWithinTheWindow() {
            var bodies = new ArrayList<String>();
            for (var i = 0; i < 25; i++) {
                bodies.add("n" + i);
            }
            sqs.send(bodies.toArray(String[]::new));
            try (var _ = poll(25, Duration.ofSeconds(20))) {
                Eventually.holds(() -> assertThat(sizes).containsExactly(25));
            }
            assertThat(sqs.left()).isEmpty();
        }

        @Test
        void goesOnAfterTheQueueWasDown() {
            sqs.failNext(1);
            sqs.send("a");
            drain(10, 1);
            assertThat(faults).singleElement().asString().contains("ReceiveMessage", "HTTP 500", "InternalError");
            assertThat(sqs.left()).isEmpty();
        }
    }

    @Test
    void refusesAMappingThatLambdaWouldRefuse() {
        var uri = URI.create("http://127.0.0.1:1");
        assertThatThrownBy(() -> new Mapping(uri, "q", ARN, 11, Duration.ZERO, TIMEOUT))
                .hasMessageContaining("above 10 with a window of 1 s or more");
        assertThatThrownBy(() -> new Mapping(uri, "q", "events", 10, Duration.ZERO, TIMEOUT))
                .hasMessageContaining("six parts");
    }

    @Test
    void invokesOnceForEachIntervalOfTheClockAndOnceAfterAJump() {
        var noon = Instant.parse("2026-11-20T12:00:00Z");
        var now = new AtomicReference<>(noon);
        var ended = new CopyOnWriteArrayList<Invocation>();
        var schedule = new Schedule("watch", Duration.ofMinutes(1), TIMEOUT);
        try (var _ = SchedulePoller.start(schedule, now::get, function, ended::add)) {
            now.set(noon.plusSeconds(61));
            Eventually.holds(() -> assertThat(ended).hasSize(1));
            now.set(noon.plusSeconds(600));
            Eventually.holds(() -> assertThat(ended).hasSize(2));
            now.set(noon.plusSeconds(660));
            Eventually.holds(() -> assertThat(ended).hasSize(3));
        }
        assertThat(ended).allMatch(Answered.class::isInstance);
    }
}
