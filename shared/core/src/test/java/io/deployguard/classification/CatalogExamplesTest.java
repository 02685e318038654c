package io.deployguard.classification;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.classification.Rule.Example;
import io.deployguard.evidence.EvidenceReader;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every example and counter-example of every rule, against the whole catalogue: what rules say, without guesses. */
class CatalogExamplesTest {

    private static final List<Cause> CHECKED = CauseCatalog.checkedBuiltIn();
    private static final Classifier CLASSIFIER = new Classifier(CauseCatalog.load(), Resemblance::nothing);

    @ParameterizedTest(name = "{0}")
    @MethodSource("examples")
    void anExampleIsNamedByItsCause(String name, Cause cause, Rule rule, Example example) {
        Diagnosis diagnosis = classify(example);

        assertThat(cause(diagnosis))
                .as("cause; %s", diagnosis)
                .isEqualTo(example.expect().getOrDefault("cause", cause.id().value()));
        if (diagnosis instanceof Diagnosis.Identified identified) {
            example.expect().forEach((expected, value) -> {
                switch (expected) {
                    case "cause", "confidence-below" -> {}
                    case "rollback" ->
                        assertThat(identified.rollback().answer())
                                .as("rollback")
                                .isEqualTo(value);
                    default ->
                        assertThat(identified.captures())
                                .as("captures of %s", identified.rule())
                                .containsEntry(expected, value);
                }
            });
            example.confidenceBelow()
                    .ifPresent(most -> assertThat(identified.confidence()).isLessThan(most));
            assertThat(identified.proof()).isNotEmpty();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("counterExamples")
    void aCounterExampleIsNotNamedByItsRule(String name, Cause cause, Rule rule, Example example) {
        Diagnosis diagnosis = classify(example);

        String expected = example.expect().get("cause");
        if (expected != null) {
            assertThat(cause(diagnosis)).as("cause; %s", diagnosis).isEqualTo(expected);
        }
        if (diagnosis instanceof Diagnosis.Identified identified) {
            assertThat(identified.rule()).as("rule; %s", diagnosis).isNotEqualTo(rule.id());
        }
    }

    @Test
    void everyRuleHasASourceAndAnExample() {
        assertThat(CHECKED.stream().flatMap(cause -> cause.rules().stream()))
                .allSatisfy(rule -> assertThat(rule.source()).as(rule.id()).isNotBlank())
                .allSatisfy(rule -> assertThat(rule.examples())
                        .as("examples of %s", rule.id())
                        .isNotEmpty());
    }

    private static Diagnosis classify(Example example) {
        return CLASSIFIER.classify(EvidenceReader.read(example.evidence()).bundle());
    }

    private static String cause(Diagnosis diagnosis) {
        return switch (diagnosis) {
            case Diagnosis.Identified identified -> identified.cause().value();
            case Diagnosis.Unknown unknown -> "unknown";
        };
    }

    static Stream<Arguments> examples() {
        return rules().flatMap(pair -> named(pair, pair.rule().examples()));
    }

    static Stream<Arguments> counterExamples() {
        return rules().flatMap(pair -> named(pair, pair.rule().counterExamples()));
    }

    private record Pair(Cause cause, Rule rule) {}

    private static Stream<Pair> rules() {
        return CHECKED.stream().flatMap(cause -> cause.rules().stream().map(rule -> new Pair(cause, rule)));
    }

    private static Stream<Arguments> named(Pair pair, List<Example> examples) {
        return examples.stream()
                .map(example -> Arguments.of(
                        pair.cause().id() + "/" + pair.rule().id() + ": " + example.name(),
                        pair.cause(),
                        pair.rule(),
                        example));
    }
}
