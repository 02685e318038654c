package io.deployguard.simulation.account;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/**
 * A standard SQS queue: delays, visibility timeouts, long polls and a dead-letter queue.
 *
 * <p>It runs on wall time, whatever the clock of the account shows, because its receivers do; at a speed of its own its delays and visibility
 * timeouts pass so much faster. Any number of threads may share it.
 */
public final class SimulatedQueue {
    /**
     * When a message is given up.
     *
     * @param maxReceiveCount receptions after which it moves to {@code deadLetters}
     */
    public record Redrive(SimulatedQueue deadLetters, int maxReceiveCount) {}

    /** A message as a receiver sees it; the handle is good for this reception only. */
    public record Received(String id, String receiptHandle, String body, int receiveCount, Instant sentAt) {}

    private static final class Message {
        private final String id = UUID.randomUUID().toString();
        private final Instant sentAt = Instant.now();
        private final String body;
        private Instant visibleAt;
        private int receiveCount;
        private String receiptHandle = "";

        private Message(String body, Duration delay) {
            this.body = body;
            this.visibleAt = sentAt.plus(delay);
        }
    }

    private final String name;
    private final String arn;
    private final Duration visibilityTimeout;
    private final Optional<Redrive> redrive;
    private final double speed;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final List<Message> messages = new ArrayList<>();

    SimulatedQueue(String name, String arn, Duration visibilityTimeout, Optional<Redrive> redrive, double speed) {
        this.speed = speed;
        this.name = name;
        this.arn = arn;
        this.visibilityTimeout = visibilityTimeout;
        this.redrive = redrive;
    }

    public String name() {
        return name;
    }

    public String arn() {
        return arn;
    }

    public Duration visibilityTimeout() {
        return visibilityTimeout;
    }

    public Optional<Redrive> redrive() {
        return redrive;
    }

    /** Puts a message in that can be received after {@code delay}; returns its id. */
    public String send(String body, Duration delay) {
        lock.lock();
        try {
            var message = new Message(body, onTheWall(delay));
            messages.add(message);
            arrived.signalAll();
            return message.id;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Up to {@code most} messages, oldest first; waits for the first one up to {@code wait}.
     *
     * @param hidden how long others do not see what is received
     */
    public List<Received> receive(int most, Duration wait, Duration hidden) throws InterruptedException {
        var deadline = Instant.now().plus(wait);
        lock.lock();
        try {
            while (true) {
                var received = takeVisible(most, onTheWall(hidden));
                var left = Duration.between(Instant.now(), deadline);
                if (!received.isEmpty() || left.isNegative() || left.isZero()) {
                    return received;
                }
                var next = messages.stream().map(message -> message.visibleAt).min(Instant::compareTo);
                var pause =
                        next.map(at -> Duration.between(Instant.now(), at)).filter(until -> until.compareTo(left) < 0);
                // At least a millisecond: what is due within less would otherwise spin.
                arrived.await(Math.max(1, pause.orElse(left).toMillis()), TimeUnit.MILLISECONDS);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Removes the message of a reception; false when the handle is no longer good. */
    public boolean delete(String receiptHandle) {
        lock.lock();
        try {
            return messages.removeIf(message -> message.receiptHandle.equals(receiptHandle));
        } finally {
            lock.unlock();
        }
    }

    /** Hides the message of a reception for {@code hidden} from now; false when the handle is no longer good. */
    public boolean changeVisibility(String receiptHandle, Duration hidden) {
        lock.lock();
        try {
            var found = messages.stream()
                    .filter(message -> message.receiptHandle.equals(receiptHandle))
                    .findFirst();
            found.ifPresent(message -> message.visibleAt = Instant.now().plus(onTheWall(hidden)));
            arrived.signalAll();
            return found.isPresent();
        } finally {
            lock.unlock();
        }
    }

    /** How many messages could be received now. */
    public long visible() {
        return count(message -> !message.visibleAt.isAfter(Instant.now()));
    }

    /** How many messages were received and are hidden. */
    public long inFlight() {
        return count(message -> message.receiveCount > 0 && message.visibleAt.isAfter(Instant.now()));
    }

    /** How many messages wait for the end of their delay. */
    public long delayed() {
        return count(message -> message.receiveCount == 0 && message.visibleAt.isAfter(Instant.now()));
    }

    private Duration onTheWall(Duration time) {
        return Duration.ofNanos((long) (time.toNanos() / speed));
    }

    private List<Received> takeVisible(int most, Duration hidden) {
        var now = Instant.now();
        redrive.ifPresent(policy -> messages.removeIf(message -> {
            var exhausted = message.receiveCount >= policy.maxReceiveCount() && !message.visibleAt.isAfter(now);
            if (exhausted) {
                policy.deadLetters().send(message.body, Duration.ZERO);
            }
            return exhausted;
        }));
        return messages.stream()
                .filter(message -> !message.visibleAt.isAfter(now))
                .limit(most)
                .map(message -> hand(message, now.plus(hidden)))
                .toList();
    }

    private static Received hand(Message message, Instant visibleAgainAt) {
        message.receiveCount++;
        message.receiptHandle = UUID.randomUUID().toString();
        message.visibleAt = visibleAgainAt;
        return new Received(message.id, message.receiptHandle, message.body, message.receiveCount, message.sentAt);
    }

    private long count(Predicate<Message> which) {
        lock.lock();
        try {
            return messages.stream().filter(which).count();
        } finally {
            lock.unlock();
        }
    }
}
