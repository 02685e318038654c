package io.deployguard.simulation.account;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The SQS queues of the account. Any number of threads may share it. */
public final class Queues {
    private static final Duration USUAL_VISIBILITY_TIMEOUT = Duration.ofSeconds(30);

    private final Arns arns;
    private final Map<String, SimulatedQueue> queues = new ConcurrentHashMap<>();

    Queues(Arns arns) {
        this.arns = arns;
    }

    /** A queue with the visibility timeout that AWS sets, 30 s, and without a dead-letter queue; an existing one is returned again. */
    public SimulatedQueue create(String name) {
        return create(name, USUAL_VISIBILITY_TIMEOUT, Optional.empty());
    }

    /** A queue; an existing one of that name is returned as it is. */
    public SimulatedQueue create(String name, Duration visibilityTimeout, Optional<SimulatedQueue.Redrive> redrive) {
        return create(name, visibilityTimeout, redrive, 1);
    }

    /**
     * The same.
     *
     * @param speed seconds of its delays and timeouts that pass in one second of the wall
     */
    public SimulatedQueue create(
            String name, Duration visibilityTimeout, Optional<SimulatedQueue.Redrive> redrive, double speed) {
        return queues.computeIfAbsent(
                name, key -> new SimulatedQueue(key, arns.queue(key), visibilityTimeout, redrive, speed));
    }

    /**
     * The queue of that name.
     *
     * @throws AwsError QueueDoesNotExist
     */
    public SimulatedQueue require(String name) {
        var queue = queues.get(name);
        if (queue == null) {
            throw AwsError.refused("QueueDoesNotExist", "The specified queue does not exist.");
        }
        return queue;
    }
}
