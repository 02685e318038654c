package io.deployguard.decision;

import java.util.List;
import java.util.Optional;

/** A decision with what it rests on. */
public record Ruling(Decision decision, Grounds grounds) {

    /** A decision that another rule takes later, on the facts of the first one. */
    public static Ruling later(String rule, Decision decision, Optional<Grounds> first) {
        return new Ruling(
                decision, first.map(grounds -> grounds.decidedBy(rule)).orElseGet(() -> new Grounds(rule, List.of())));
    }
}
