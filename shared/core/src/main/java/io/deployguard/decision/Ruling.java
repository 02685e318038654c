package io.deployguard.decision;

import java.util.List;
import java.util.Optional;

/** A decision with what it rests on. */
public record Ruling(Decision decision, Grounds grounds) {

    /** The rule by which an action of several steps ends before its last one. */
    public static final String BEGUN_NOT_COMPLETED = "begun-not-completed";

    /** A decision that another rule takes later, on the facts of the first one. */
    public static Ruling later(String rule, Decision decision, Optional<Grounds> first) {
        return new Ruling(
                decision, first.map(grounds -> grounds.decidedBy(rule)).orElseGet(() -> new Grounds(rule, List.of())));
    }
}
