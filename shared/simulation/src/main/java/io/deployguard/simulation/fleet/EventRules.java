package io.deployguard.simulation.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Map;
import java.util.function.Predicate;
import software.amazon.event.ruler.Machine;

/** The shipped event rules in one machine: whether any of them lets an event pass. */
final class EventRules implements Predicate<JsonNode> {

    private final Machine machine = Machine.builder().build();

    /** @param patterns JSON by the rules' names */
    EventRules(Map<String, String> patterns) {
        patterns.forEach((name, pattern) -> {
            try {
                machine.addRule(name, pattern);
            } catch (IOException malformed) {
                throw new IllegalArgumentException("event rule " + name, malformed);
            }
        });
    }

    @Override
    public boolean test(JsonNode event) {
        return !machine.rulesForJSONEvent(event).isEmpty();
    }
}
