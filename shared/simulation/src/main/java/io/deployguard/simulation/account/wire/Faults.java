package io.deployguard.simulation.account.wire;

import io.deployguard.simulation.account.AwsError;
import io.deployguard.simulation.account.SimulatedClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What goes wrong on purpose between a caller and the account, by action ({@code ecs:UpdateService}) or for all of a service ({@code ecs:*}).
 *
 * <p>Any number of threads may share it.
 */
public final class Faults {
    private record Outage(Instant from, Instant until) {
        boolean covers(Instant now) {
            return !now.isBefore(from) && now.isBefore(until);
        }
    }

    private final SimulatedClock clock;
    private final Map<String, Double> throttled = new ConcurrentHashMap<>();
    private final Map<String, Boolean> denied = new ConcurrentHashMap<>();
    private final Map<String, Duration> latency = new ConcurrentHashMap<>();
    private final Map<String, Outage> outages = new ConcurrentHashMap<>();

    Faults(SimulatedClock clock) {
        this.clock = clock;
    }

    /** Answers ThrottlingException to a share of the calls, from 0 to 1. */
    public void throttle(String action, double share) {
        throttled.put(action, share);
    }

    /** Answers AccessDeniedException. */
    public void deny(String action) {
        denied.put(action, true);
    }

    /** Answers only after {@code delay} of wall time. */
    public void delay(String action, Duration delay) {
        latency.put(action, delay);
    }

    /** Answers 503 for {@code length} of simulated time from {@code from} on. */
    public void outage(String action, Instant from, Duration length) {
        outages.put(action, new Outage(from, from.plus(length)));
    }

    /** Lets everything pass again. */
    public void clear() {
        throttled.clear();
        denied.clear();
        latency.clear();
        outages.clear();
    }

    void apply(Action action) throws InterruptedException {
        var now = clock.instant();
        for (var name : new String[] {action.service() + ":" + action.name(), action.service() + ":*"}) {
            Thread.sleep(latency.getOrDefault(name, Duration.ZERO));
            var outage = outages.get(name);
            if (outage != null && outage.covers(now)) {
                throw new AwsError("ServiceUnavailableException", 503, "The service is unavailable.");
            }
            if (denied.containsKey(name)) {
                throw AwsError.refused(
                        "AccessDeniedException",
                        "User: arn:aws:sts::123456789012:assumed-role/simulated/session is not authorized to perform: "
                                + name);
            }
            if (ThreadLocalRandom.current().nextDouble() < throttled.getOrDefault(name, 0.0)) {
                throw AwsError.refused("ThrottlingException", "Rate exceeded");
            }
        }
    }
}
