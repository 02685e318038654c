package io.deployguard.classification;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.evidence.EvidenceReader;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CauseCatalogTest {

    private static final CauseCatalog BUNDLED = CauseCatalog.load();

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
        assertThat(BUNDLED.causes().stream()
                        .flatMap(cause -> cause.rules().stream())
                        .map(Rule::id))
                .containsExactlyElementsOf(CauseCatalog.checkedBuiltIn().stream()
                        .flatMap(cause -> cause.rules().stream())
                        .map(Rule::id)
                        .toList());
    }

    @Test
    void aUsersRuleJoinsItsCauseAndOnlyInforms() {
        Diagnosis diagnosis = new Classifier(extended(document("ours.yaml", RULE)))
                .classify(EvidenceReader.read("{\"logs\":[\"ERROR ACME-17: lacks LICENSE\"]}")
                        .bundle());

        assertThat(diagnosis).isInstanceOfSatisfying(Diagnosis.Identified.class, identified -> {
            assertThat(identified.cause()).isEqualTo(new CauseId("missing-config"));
            assertThat(identified.title()).isEqualTo("A required setting is absent");
            assertThat(identified.key()).contains("LICENSE");
            assertThat(identified.proven()).isFalse();
        });
    }

    @Test
    void aCauseOfTheUsersOwnMaySpreadOverDocuments() {
        String cause = """
                id: acme-license
                title: The license has run out
                summary: Ours.
                rollback: does-not-help
                rules:
                  - {id: %s, confidence: 0.95, pattern: '%s', source: our wiki}
                """;

        CauseCatalog catalog = extended(
                document("a.yaml", cause.formatted("first", "ACME-1")),
                document("b.yaml", cause.formatted("second", "ACME-2")));

        assertThat(catalog.find(new CauseId("acme-license")).orElseThrow().rules())
                .extracting(Rule::id)
                .containsExactly("first", "second");
        assertThat(problems(
                        document("a.yaml", cause.formatted("first", "ACME-1")),
                        document("b.yaml", cause.formatted("second", "ACME-2").replace("does-not-help", "helps"))))
                .containsExactly("b.yaml: tells otherwise of the cause acme-license than another document");
    }

    @Test
    void everyFaultIsToldWithDocumentAndLine() {
        String bad = """
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
                """;

        assertThat(problems(document("s3://acme/rules/bad.yaml", bad)))
                .extracting(problem -> problem.replace("s3://acme/rules/", ""))
                .anyMatch(problem -> problem.startsWith("bad.yaml:1: cause id"))
                .anyMatch(problem -> problem.startsWith("bad.yaml:2: title: expected text"))
                .anyMatch(problem -> problem.startsWith("bad.yaml:4: rollback: expected one of"))
                .anyMatch(problem -> problem.startsWith("bad.yaml:5: colour: is not a known field"))
                .anyMatch(problem -> problem.startsWith("bad.yaml:8: confidence: expected a number"))
                .anyMatch(problem -> problem.startsWith("bad.yaml:9: pattern: "))
                .anyMatch(problem -> problem.startsWith("bad.yaml:10: in: no place is called nowhere"))
                .anyMatch(problem -> problem.startsWith("bad.yaml:14: pattern: has no plain text"))
                .anyMatch(problem ->
                        problem.startsWith("bad.yaml:19: pattern: can match a text that has none of the literals"))
                .anyMatch(problem -> problem.startsWith("bad.yaml:23: fact: no fact is called the-moon-is-full"));
    }

    @Test
    void aRuleWhoseIdIsTakenIsRefused() {
        assertThat(problems(document("ours.yaml", RULE.replace("our-own", "enospc"))))
                .containsExactly("ours.yaml:6: id: rule enospc is already in disk-full; choose another id");
        assertThat(problems(document("a.yaml", RULE), document("b.yaml", RULE)))
                .containsExactly("b.yaml:6: id: rule our-own is already in missing-config; choose another id");
    }

    @Test
    void aBundledCauseStaysAsItIs() {
        assertThat(problems(document("ours.yaml", RULE.replace("rollback: helps", """
                                rollback: does-not-help
                                retry: may-help
                                beats: ['*']
                                cleared-by:
                                  - literal: ready
                                names:
                                  - pattern: 'for host (?P<key>[a-z]+)'
                                remedies:
                                  - action: roll-back"""))))
                .hasSize(6)
                .allMatch(problem -> problem.contains("missing-config is a bundled cause"))
                .anyMatch(problem -> problem.startsWith("ours.yaml:4: rollback: "))
                .anyMatch(problem -> problem.startsWith("ours.yaml:6: beats: "));
        assertThat(extended(document("ours.yaml", "id: missing-config\nrules: []\n"))
                        .ids())
                .isEqualTo(BUNDLED.ids());
    }

    @Test
    void aReferenceThatLeadsNowhereIsRefused() {
        String rule = RULE.replace("confidence: 0.95", "confidence: 0.95\n    beats: [code-error, enospc, %s]");

        assertThat(problems(document("ours.yaml", rule.formatted("out-of-memroy"))))
                .containsExactly("ours.yaml:8: beats: no cause or rule is called out-of-memroy");
        assertThat(problems(document("ours.yaml", rule.formatted("our-own")))).isEmpty();
        assertThat(problems(document(
                        "ours.yaml", RULE.replace("log: 'ACME-17: lacks LICENSE'", "log: x, expect: {cause: enospc}"))))
                .containsExactly("ours.yaml:11: expect: no cause is called enospc");
    }

    @Test
    void whatABrokenDocumentNamesIsMissedByTheOthers() {
        String friend =
                RULE.replace("our-own", "friend").replace("confidence: 0.95", "confidence: 0.95\n    beats: our-own");
        String broken = RULE.replace("0.95", "9.5");

        CauseCatalog.Extended extended = BUNDLED.with(List.of(
                document("broken.yaml", broken),
                document("friend.yaml", friend),
                document("sound.yaml", RULE.replace("our-own", "sound"))));

        assertThat(extended.problems())
                .hasSize(2)
                .anyMatch(problem -> problem.startsWith("broken.yaml:7: confidence: expected a number"))
                .anyMatch(problem -> problem.startsWith("friend.yaml:8: beats: no cause or rule is called our-own"));
        assertThat(extended.catalog()
                        .find(new CauseId("missing-config"))
                        .orElseThrow()
                        .rules())
                .extracting(Rule::id)
                .contains("sound")
                .doesNotContain("our-own", "friend");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "id: [",
                "- a\n- b",
                "just text",
                "\u0000",
                "id: a\n\tb: c",
                "id: missing-config\nid: missing-config",
                "a: &a [*a]",
                "%YAML 9.9\n---\nid: x",
                "? [complex]\n: key",
                "id: missing-config\nrules: 7",
                "id: missing-config\nrules: [7, {id: x}]",
                "id: missing-config\nrules: [{id: x, confidence: 0.9, source: x, pattern: abc, examples: [{name: n, evidence: [1]}]}]",
                "id: missing-config\n--- \nid: schema-missing",
                "!!java.net.URL [\"http://example.com\"]",
            })
    void whatIsNoRuleFileIsToldAndDoesNoHarm(String text) {
        CauseCatalog.Extended extended = BUNDLED.with(List.of(document("odd.yaml", text)));

        assertThat(extended.problems()).isNotEmpty().allMatch(problem -> problem.startsWith("odd.yaml:"));
        assertThat(extended.catalog().ids()).isEqualTo(BUNDLED.ids());
    }

    @Test
    void aDocumentMadeToExhaustTheReaderIsRefused() {
        String deep = "id: missing-config\nrules:\n  - examples:\n      - {name: x, evidence: " + "[".repeat(30_000);
        var laughs = new StringBuilder("id: missing-config\na0: &a0 [x, x]\n");
        for (int level = 1; level < 40; level++) {
            laughs.append("a%d: &a%d [*a%d, *a%d]%n".formatted(level, level, level - 1, level - 1));
        }

        assertThat(problems(document("deep.yaml", deep))).isNotEmpty();
        assertThat(problems(document("laughs.yaml", laughs.toString()))).isNotEmpty();
    }

    /** Every cut and every changed character of a sound document: never anything but a sentence. */
    @Test
    void noDamageToADocumentIsMoreThanAProblem() {
        var random = new Random(17);
        for (int round = 0; round < 200; round++) {
            var damaged = new StringBuilder(RULE);
            for (int times = random.nextInt(3); times >= 0; times--) {
                int at = random.nextInt(damaged.length());
                switch (random.nextInt(3)) {
                    case 0 -> damaged.setLength(Math.max(1, at));
                    case 1 -> damaged.setCharAt(at, "[]{}:-'\"&*!%\n\t\u0000(\\".charAt(random.nextInt(17)));
                    default -> damaged.insert(at, damaged.substring(0, at));
                }
            }
            CauseCatalog.Extended extended = BUNDLED.with(List.of(document("damaged.yaml", damaged.toString())));

            assertThat(extended.catalog().ids()).containsAll(BUNDLED.ids());
            assertThat(extended.problems()).allMatch(problem -> problem.startsWith("damaged.yaml:"));
        }
    }

    @Test
    void everyReferenceOfTheBundledFilesLeadsSomewhere() {
        assertThat(CauseCatalog.checkedBuiltIn()).flatMap(Cause::beats).isNotEmpty();
    }

    private static RuleDocument document(String name, String text) {
        return new RuleDocument(name, text);
    }

    private static List<String> problems(RuleDocument... documents) {
        return BUNDLED.with(List.of(documents)).problems();
    }

    private static CauseCatalog extended(RuleDocument... documents) {
        CauseCatalog.Extended extended = BUNDLED.with(List.of(documents));
        assertThat(extended.problems()).isEmpty();
        return extended.catalog();
    }
}
