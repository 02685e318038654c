package io.deployguard.classification;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which cause, how sure, and what proves it. */
public sealed interface Diagnosis {

    /** Sentence for people: what was seen and what follows from it. */
    String explanation();

    /** The decisive lines, in the order in which they were written; at most 8. */
    List<Proof> proof();

    /** Other causes that the evidence spoke for, most likely first. */
    List<Alternative> alternatives();

    /**
     * The evidence tells.
     *
     * @param title of the cause, in words
     * @param confidence 0 to 1, calibrated: of the answers given with 0.9 or more at most 2 in 100 may be wrong
     * @param key the one concrete name a person needs (table, variable, host, module, path)
     * @param rule id of the deciding rule, such as {@code postgres-42P07}
     * @param captures all names the rule found, {@code key} and {@code migration} for instance
     * @param hopeless whether starting the same task again cannot succeed, so that the first stop decides
     * @param proven whether it may lead to an action: proven rules alone give the same answer. A rule on trial only informs
     */
    record Identified(
            CauseId cause,
            String title,
            double confidence,
            Optional<String> key,
            String rule,
            Map<String, String> captures,
            RollbackHelps rollback,
            boolean hopeless,
            boolean proven,
            List<Proof> proof,
            List<Alternative> alternatives,
            List<Remedy> remedies,
            String explanation)
            implements Diagnosis {

        public Identified {
            if (!(confidence >= 0 && confidence <= 1)) {
                throw new IllegalArgumentException("confidence: expected 0 to 1, got " + confidence);
            }
            captures = Map.copyOf(captures);
            proof = List.copyOf(proof);
            alternatives = List.copyOf(alternatives);
            remedies = List.copyOf(remedies);
        }
    }

    /** Whether no rule names the cause: it is not known, or only guessed from what the words resemble. More evidence may tell. */
    default boolean isOpen() {
        return switch (this) {
            case Unknown _ -> true;
            case Identified found -> found.rule().equals(Rule.RESEMBLANCE);
        };
    }

    /**
     * The evidence does not tell.
     *
     * @param proof the most telling lines all the same
     */
    record Unknown(List<Proof> proof, List<Alternative> alternatives, String explanation) implements Diagnosis {

        public Unknown {
            proof = List.copyOf(proof);
            alternatives = List.copyOf(alternatives);
        }
    }

    /**
     * A line that decided.
     *
     * @param source where it stood: {@code log app}, {@code stopped reason}, {@code container app}, {@code service event}, {@code target health},
     *     {@code fact}
     */
    record Proof(String source, String text) {}

    /**
     * A cause that was considered.
     *
     * @param rollback whether the last healthy revision would serve if it were this one; absent in what was kept before this was asked
     */
    record Alternative(CauseId cause, double confidence, Optional<RollbackHelps> rollback) {}
}
