package io.deployguard.decision;

import java.util.List;

/**
 * What a decision rests on.
 *
 * @param rule id of the row that decided, as in {@code docs/how-it-decides.md}
 * @param inputs every fact that was before the table, in its order
 */
public record Grounds(String rule, List<Input> inputs) {

    public Grounds {
        inputs = List.copyOf(inputs);
    }

    /** One fact, by name and as it was. */
    public record Input(String name, String value) {}

    /** The same facts, decided anew by another rule. */
    public Grounds decidedBy(String otherRule) {
        return new Grounds(otherRule, inputs);
    }
}
