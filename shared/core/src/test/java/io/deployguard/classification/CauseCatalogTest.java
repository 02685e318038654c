package io.deployguard.classification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deployguard.evidence.EvidenceReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CauseCatalogTest {

    private static final String RULE = """
            id: missing-config
            title: A required setting is absent
            summary: Ours.
            rollback: helps
            rules:
              - id: our-own
                confidence: 0.95
                pattern: 'ACME-17: lacks (?P<key>\\w+)'
                source: https://wiki.example.com/acme-17
                examples:
                  - {name: ours, log: 'ACME-17: lacks LICENSE'}
            """;

    @Test
    void theLeanLoadHasTheRulesOfTheCheckedOne() {
        assertThat(CauseCatalog.load().causes().stream()
                        .flatMap(cause -> cause.rules().stream())
                        .map(Rule::id))
                .containsExactlyElementsOf(CauseCatalog.checkedBuiltIn().stream()
                        .flatMap(cause -> cause.rules().stream())
                        .map(Rule::id)
                        .toList());
    }

    @Test
    void aUsersRuleJoinsItsCauseAndOnlyInforms(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("ours.yaml"), RULE);

        Diagnosis diagnosis = new Classifier(CauseCatalog.load(folder))
                .classify(EvidenceReader.read("{\"logs\":[\"ERROR ACME-17: lacks LICENSE\"]}")
                        .bundle());

        assertThat(diagnosis).isInstanceOfSatisfying(Diagnosis.Identified.class, identified -> {
            assertThat(identified.cause()).isEqualTo(new CauseId("missing-config"));
            assertThat(identified.key()).contains("LICENSE");
            assertThat(identified.proven()).isFalse();
        });
    }

    @Test
    void everyFaultIsToldWithFileAndLine(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("bad.yaml"), """
                id: Bad Id
                title: [a, b]
                summary: x
                rollback: maybe
                colour: red
                rules:
                  - id: one
                    confidence: 7
                    pattern: '(unclosed'
                    in: nowhere
                    source: x
                  - id: two
                    confidence: 0.9
                    pattern: '[a-z]+'
                    source: x
                  - id: three
                    confidence: 0.9
                    literal: [foo]
                    pattern: 'foo|bar'
                    source: x
                  - id: four
                    confidence: 0.9
                    fact: the-moon-is-full
                    source: x
                """);

        assertThatThrownBy(() -> CauseCatalog.load(folder))
                .isInstanceOfSatisfying(
                        CatalogException.class,
                        exception -> assertThat(exception.problems())
                                .anyMatch(problem -> problem.startsWith("bad.yaml:1: cause id"))
                                .anyMatch(problem -> problem.startsWith("bad.yaml:2: title: expected text"))
                                .anyMatch(problem -> problem.startsWith("bad.yaml:4: rollback: expected one of"))
                                .anyMatch(problem -> problem.startsWith("bad.yaml:5: colour: is not a known field"))
                                .anyMatch(problem -> problem.startsWith("bad.yaml:8: confidence: expected a number"))
                                .anyMatch(problem -> problem.startsWith("bad.yaml:9: pattern: "))
                                .anyMatch(problem -> problem.startsWith("bad.yaml:10: in: no place is called nowhere"))
                                .anyMatch(problem -> problem.startsWith("bad.yaml:14: pattern: has no plain text"))
                                .anyMatch(problem -> problem.startsWith(
                                        "bad.yaml:19: pattern: can match a text that has none of the literals"))
                                .anyMatch(problem ->
                                        problem.startsWith("bad.yaml:23: fact: no fact is called the-moon-is-full")));
    }

    @Test
    void twoRulesOfOneIdAreRefused(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("ours.yaml"), RULE.replace("our-own", "enospc"));

        assertThatThrownBy(() -> CauseCatalog.load(folder)).hasMessageContaining("rule enospc is already in");
    }

    @Test
    void whatIsNoYamlIsToldByItsFile(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("broken.yaml"), "id: [");

        assertThatThrownBy(() -> CauseCatalog.load(folder)).hasMessageContaining("broken.yaml: is no YAML");
    }
}
