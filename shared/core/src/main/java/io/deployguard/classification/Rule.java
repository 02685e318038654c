package io.deployguard.classification;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One way in which a cause shows itself.
 *
 * @param proven whether it may lead to an action; a trial rule only informs
 * @param probe what it looks for; empty for a rule on a fact only in its patterns
 * @param requires all of these must be in the evidence too
 * @param excludes none of these may be in the evidence
 * @param context further names to find around the match, {@code key} among them when the match itself has none
 * @param key template that makes the key from captures, such as {@code ${host}:${port}}; absent for the capture {@code key}
 * @param anyLevel believed although the line calls itself INFO
 * @param whileUp believed although the program came up afterwards
 * @param confidence how often the cause is right when the rule matches and nothing contradicts
 * @param rollback overrules the cause's usual answer
 * @param beats ids of causes or rules, or {@code *}, that this one explains away when both are found
 * @param source page or source file that says so
 */
record Rule(
        String id,
        boolean proven,
        Weight weight,
        Probe probe,
        List<Condition> requires,
        List<Condition> excludes,
        List<Condition> context,
        Optional<String> key,
        boolean anyLevel,
        boolean whileUp,
        double confidence,
        Optional<RollbackHelps> rollback,
        Optional<Boolean> hopeless,
        Set<String> beats,
        String source,
        List<Example> examples,
        List<Example> counterExamples) {

    /** Of an answer that no rule gave. */
    static final String RESEMBLANCE = "resemblance";

    Rule {
        requires = List.copyOf(requires);
        excludes = List.copyOf(excludes);
        context = List.copyOf(context);
        beats = Set.copyOf(beats);
        examples = List.copyOf(examples);
        counterExamples = List.copyOf(counterExamples);
    }

    /** Stands for no rule: the words as a whole resemble those of other failures. */
    static Rule resemblance(double confidence) {
        return new Rule(
                RESEMBLANCE,
                false,
                Weight.HEADLINE,
                new Probe(Set.of(), List.of(), List.of(), 1, List.of()),
                List.of(),
                List.of(),
                List.of(),
                Optional.empty(),
                false,
                false,
                confidence,
                Optional.empty(),
                Optional.of(false),
                Set.of(),
                "corpus/README.md",
                List.of(),
                List.of());
    }

    /**
     * Something that must, must not, or may stand elsewhere in the evidence.
     *
     * @param lines how far from the match it may stand; anywhere when absent
     * @param side on which side of the match
     * @param until what ends it: between it and a later match, none of this may stand
     */
    record Condition(Probe probe, Optional<Integer> lines, Side side, Optional<Probe> until) {

        Stream<Probe> probes() {
            return Stream.concat(Stream.of(probe), until.stream());
        }

        boolean reaches(int match, int other) {
            int distance = other - match;
            boolean rightSide = switch (side) {
                case ANY -> true;
                case BEFORE -> distance <= 0;
                case AFTER -> distance >= 0;
            };
            return rightSide && lines.map(most -> Math.abs(distance) <= most).orElse(true);
        }
    }

    enum Side {
        ANY,
        BEFORE,
        AFTER
    }

    /**
     * A failure that the rule must, or must not, make into its cause. It runs against the whole catalogue.
     *
     * @param evidence as the contract's evidence object
     * @param expect captures by name; {@code cause}, {@code rollback} and {@code confidence-below} have their own meaning
     */
    record Example(String name, JsonNode evidence, Map<String, String> expect) {

        OptionalDouble confidenceBelow() {
            String most = expect.get("confidence-below");
            return most == null ? OptionalDouble.empty() : OptionalDouble.of(Double.parseDouble(most));
        }
    }
}
