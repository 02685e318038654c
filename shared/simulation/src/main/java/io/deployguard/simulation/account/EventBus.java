package io.deployguard.simulation.account;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import software.amazon.event.ruler.Machine;

/**
 * The default event bus of the account: rules with the patterns of EventBridge, matched by AWS's own event-ruler, and queues as targets.
 *
 * <p>Any number of threads may share it.
 */
public final class EventBus {
    /** How many events a rule has seen, and how many of them it let through to its queue. */
    public record Traffic(long seen, long matched) {
        /** The share that was let through, from 0 to 1; 0 while nothing was seen. */
        public double share() {
            return seen == 0 ? 0 : (double) matched / seen;
        }
    }

    /** A pattern and the queue that gets what matches. */
    public static final class Rule {
        private final String name;
        private final Machine pattern;
        private final SimulatedQueue target;
        private final AtomicLong seen = new AtomicLong();
        private final AtomicLong matched = new AtomicLong();

        private Rule(String name, Machine pattern, SimulatedQueue target) {
            this.name = name;
            this.pattern = pattern;
            this.target = target;
        }

        public String name() {
            return name;
        }

        public Traffic traffic() {
            return new Traffic(seen.get(), matched.get());
        }

        private void offer(String event) {
            seen.incrementAndGet();
            if (lets(pattern, event)) {
                matched.incrementAndGet();
                target.send(event, Duration.ZERO);
            }
        }
    }

    private final List<Rule> rules = new CopyOnWriteArrayList<>();

    EventBus() {}

    /**
     * Adds a rule whose matching events go to {@code target} as they are.
     *
     * @param pattern JSON, as a rule in a template has it
     * @throws IllegalArgumentException when EventBridge would refuse the pattern
     */
    public Rule rule(String name, String pattern, SimulatedQueue target) {
        var rule = new Rule(name, compile(pattern), target);
        rules.add(rule);
        return rule;
    }

    public List<Rule> rules() {
        return List.copyOf(rules);
    }

    /** Puts an event on the bus, as PutEvents or an AWS service does. */
    public void put(JsonNode event) {
        if (!rules.isEmpty()) {
            var text = event.toString();
            rules.forEach(rule -> rule.offer(text));
        }
    }

    /**
     * Whether EventBridge would let {@code event} pass.
     *
     * @throws IllegalArgumentException when EventBridge would refuse the pattern
     */
    public static boolean matches(String pattern, String event) {
        return lets(compile(pattern), event);
    }

    private static Machine compile(String pattern) {
        try {
            var machine = Machine.builder().build();
            machine.addRule("pattern", pattern);
            return machine;
        } catch (IOException malformed) {
            throw new IllegalArgumentException("event pattern " + pattern, malformed);
        }
    }

    private static boolean lets(Machine pattern, String event) {
        try {
            return !pattern.rulesForJSONEvent(event).isEmpty();
        } catch (Exception malformed) { // event-ruler declares no narrower type
            throw new IllegalArgumentException("event " + event, malformed);
        }
    }
}
