package io.deployguard.simulation.lab;

import com.fasterxml.jackson.databind.JsonNode;
import io.deployguard.simulation.lab.Invocation.Answered;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The event source mapping between a queue and a function, with {@code ReportBatchItemFailures}.
 *
 * <p>It polls the queue, invokes the function with each batch, deletes the messages that succeeded and leaves the others: they come
 * again after the queue's visibility timeout, until its redrive policy moves them to the dead-letter queue. A failed invocation or an
 * unusable reply fails the whole batch. One batch is under way at a time; Lambda runs five and more beside each other.
 */
public final class QueuePoller implements AutoCloseable {
    private static final Duration LONG_POLL = Duration.ofSeconds(20);
    private static final Duration PAUSE_AFTER_FAULT = Duration.ofSeconds(1);
    private static final int MAX_BATCH = 10_000;
    private static final Duration MAX_WINDOW = Duration.ofMinutes(5);

    private final Mapping mapping;
    private final LambdaRuntime function;
    private final Listener listener;
    private final SqsQueue queue;
    private final Thread thread;
    private volatile boolean closed;

    /**
     * What the template says about the event source.
     *
     * @param endpoint where SQS answers
     * @param queueUrl as {@code GetQueueUrl} returns it
     * @param batchSize 1 to 10,000; above 10 a window of a second or more is needed
     * @param window how long to gather a batch, at most 300 s and in whole seconds; zero takes what is there
     * @param timeout the function's own
     */
    public record Mapping(
            URI endpoint, String queueUrl, String queueArn, int batchSize, Duration window, Duration timeout) {
        public Mapping {
            if (batchSize < 1
                    || batchSize > MAX_BATCH
                    || (batchSize > SqsQueue.MAX_MESSAGES && window.toSeconds() < 1)) {
                throw new IllegalArgumentException(
                        "batch size %d with a window of %d s: Lambda takes 1 to 10000, above 10 with a window of 1 s or more"
                                .formatted(batchSize, window.toSeconds()));
            }
            if (window.isNegative() || window.compareTo(MAX_WINDOW) > 0) {
                throw new IllegalArgumentException(
                        "window of %d s: Lambda takes 0 to 300".formatted(window.toSeconds()));
            }
            if (queueArn.split(":", -1).length != 6) {
                throw new IllegalArgumentException("queue ARN '%s': expected six parts".formatted(queueArn));
            }
        }

        /** Ten messages at most, no window: Lambda's own defaults. */
        public static Mapping of(URI endpoint, String queueUrl, String queueArn, Duration timeout) {
            return new Mapping(endpoint, queueUrl, queueArn, SqsQueue.MAX_MESSAGES, Duration.ZERO, timeout);
        }
    }

    /** Hears, on the poller's thread, what happened. */
    public interface Listener {
        /** One invocation; {@code failed} are the ids of the messages that stay in the queue. */
        void batchDone(int messages, Set<String> failed, Invocation invocation);

        /** The queue could not be polled, or messages could not be deleted; the poller goes on. */
        void pollFailed(IOException fault);
    }

    private QueuePoller(Mapping mapping, LambdaRuntime function, Listener listener) {
        this.mapping = mapping;
        this.function = function;
        this.listener = listener;
        this.queue = new SqsQueue(mapping.endpoint(), mapping.queueUrl());
        this.thread = Thread.ofVirtual()
                .name("poll-for-" + function.function().name())
                .unstarted(this::run);
    }

    /** Polls until it is closed. */
    public static QueuePoller start(Mapping mapping, LambdaRuntime function, Listener listener) {
        var poller = new QueuePoller(mapping, function, listener);
        poller.thread.start();
        return poller;
    }

    private void run() {
        while (!closed) {
            try {
                pollOnce();
            } catch (IOException e) {
                if (!closed) {
                    listener.pollFailed(e);
                    pause();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (IllegalStateException e) {
                if (!closed && !Processes.isEnding()) {
                    throw e;
                }
            }
        }
    }

    private void pollOnce() throws IOException, InterruptedException {
        var messages = gather();
        if (messages.isEmpty()) {
            return;
        }
        var batch = new SqsBatch(mapping.queueArn(), messages);
        var invocation = function.invoke(batch.event(), mapping.timeout());
        var failed = invocation instanceof Answered answered ? batch.failedIds(answered.payload()) : batch.messageIds();
        queue.delete(messages.stream()
                .filter(message -> !failed.contains(message.path("MessageId").asText()))
                .toList());
        listener.batchDone(messages.size(), failed, invocation);
    }

    /** The window opens with the first message, and closes early when the batch is full. */
    private List<JsonNode> gather() throws IOException, InterruptedException {
        var messages = new ArrayList<>(queue.receive(room(0), LONG_POLL));
        var end = System.nanoTime() + mapping.window().toNanos();
        while (!messages.isEmpty() && messages.size() < mapping.batchSize()) {
            var left = Duration.ofNanos(end - System.nanoTime());
            if (left.compareTo(Duration.ofSeconds(1)) < 0) {
                break;
            }
            messages.addAll(queue.receive(room(messages.size()), left.compareTo(LONG_POLL) < 0 ? left : LONG_POLL));
        }
        return messages;
    }

    private int room(int taken) {
        return Math.min(SqsQueue.MAX_MESSAGES, mapping.batchSize() - taken);
    }

    private static void pause() {
        try {
            TimeUnit.NANOSECONDS.sleep(PAUSE_AFTER_FAULT.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Stops polling; an invocation under way is given up and its function killed, so that its messages come again. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        queue.close();
    }
}
