package io.deployguard.classification;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.classification.Rule.Example;
import io.deployguard.decision.Circumstances;
import io.deployguard.decision.Decision;
import io.deployguard.decision.DecisionPolicy;
import io.deployguard.evidence.Evidence;
import io.deployguard.evidence.EvidenceBundle;
import io.deployguard.evidence.EvidenceReader;
import io.deployguard.fixture.CircumstancesBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A rule on trial informs and never leads to an action: not by itself, and not by what it does to the answers of proven rules. */
class TrialRulesTest {

    private static final CauseCatalog BUNDLED = CauseCatalog.load();
    private static final Classifier ALONE = new Classifier(BUNDLED);

    /** Everything that can speak for an action does. */
    private static final Circumstances CLEAR =
            CircumstancesBuilder.circumstances().build();

    /** A conflicting table speaks for a rollback, a server without room does not. */
    private static final EvidenceBundle TORN = evidence(
            "PANIC:  could not write to file \"pg_wal/xlogtemp.29\": No space left on device",
            "ERROR ACME-17",
            "Npgsql.PostgresException (0x80004005): 42P07: relation \"clinics\" already exists");

    @Test
    void itsOwnFindingIsAdvice() {
        var catalog = with("""
                id: acme-license
                title: The license has run out
                summary: Ours.
                rollback: helps
                retry: hopeless
                remedies: [{action: roll-back}]
                rules:
                  - {id: acme-17, confidence: 1, pattern: 'ACME-17', source: our wiki}
                """);
        var evidence = evidence("ERROR ACME-17");

        assertThat(new Classifier(catalog).classify(evidence))
                .isInstanceOfSatisfying(Diagnosis.Identified.class, found -> {
                    assertThat(found.cause()).isEqualTo(new CauseId("acme-license"));
                    assertThat(found.confidence()).isGreaterThanOrEqualTo(DecisionPolicy.SURE);
                });
        assertThat(decide(catalog, evidence)).isInstanceOf(Decision.Advise.class);
        assertThat(decide(with(PROVEN), evidence)).isInstanceOf(Decision.Act.class);
    }

    private static final String PROVEN = """
            id: acme-license
            title: The license has run out
            summary: Ours.
            rollback: helps
            rules:
              - {id: acme-17, maturity: proven, confidence: 0.97, pattern: 'ACME-17', source: our wiki}
            """;

    @Test
    void itDoesNotExplainAwayWhatSpeaksAgainstAnAction() {
        assertThat(decide(BUNDLED, TORN)).isInstanceOf(Decision.Advise.class);

        var catalog = with("""
                id: acme-license
                title: The license has run out
                summary: Ours.
                rollback: helps
                beats: [disk-full]
                rules:
                  - {id: acme-17, weight: symptom, confidence: 0.9, pattern: 'ACME-17', source: our wiki}
                """);

        assertThat(decide(catalog, TORN)).isInstanceOf(Decision.Advise.class);
    }

    /** npm's words may mean a missing package, which a bundled rule on trial says; a proven one takes them for a missing program. */
    @Test
    void itDoesNotExplainAwayTheDoubtOfAnotherOnTrial() {
        var evidence = evidence("> shop@1.0.0 start", "> nest start", "", "sh: nest: not found");
        assertThat(decide(BUNDLED, evidence)).isInstanceOf(Decision.Advise.class);

        var catalog = with("""
                id: acme-license
                title: The license has run out
                summary: Ours.
                rollback: helps
                beats: [module-not-found]
                rules:
                  - {id: acme-17, weight: symptom, confidence: 0.1, pattern: 'shop@1', any-level: true, beats: [package-without-its-executable], source: our wiki}
                """);

        assertThat(decide(catalog, evidence)).isInstanceOf(Decision.Advise.class);
    }

    @Test
    void itDoesNotKeepTheGuardSilent() {
        var evidence = evidence("ERROR ACME-17");
        var rule = """
                id: not-a-failure
                rules:
                  - {id: acme-17, maturity: %s, confidence: 0.99, pattern: 'ACME-17', source: our wiki}
                """;

        assertThat(decide(with(rule.formatted("proven")), evidence)).isInstanceOf(Decision.StandDown.class);
        assertThat(decide(with(rule.formatted("trial")), evidence)).isInstanceOf(Decision.Advise.class);
    }

    /** Rules of every weight, for every cause, that beat anything, on the lines of all bundled examples. */
    @Test
    void whateverItSaysTheGuardActsOnlyWhereItWouldHaveActedWithoutIt() {
        var random = new Random(1_721);
        var cases = CauseCatalog.checkedBuiltIn().stream()
                .flatMap(cause -> cause.rules().stream())
                .flatMap(rule -> Stream.concat(rule.examples().stream(), rule.counterExamples().stream()))
                .map(Example::evidence)
                .map(evidence -> EvidenceReader.read(evidence).bundle())
                .toList();
        int acted = 0;
        int swayed = 0;
        for (int round = 0; round < 5; round++) {
            var catalog = with(anyRules(random, cases));
            for (EvidenceBundle evidence : cases) {
                var alone = decide(BUNDLED, evidence);
                var together = decide(catalog, evidence);
                if (together instanceof Decision.Act) {
                    acted++;
                    assertThat(alone).as("%s", evidence).isEqualTo(together);
                }
                assertThat(together instanceof Decision.StandDown)
                        .as("%s", evidence)
                        .isIn(alone instanceof Decision.StandDown, false);
                swayed += alone.equals(together) ? 0 : 1;
            }
        }
        assertThat(acted).as("actions with such rules").isGreaterThan(200);
        assertThat(swayed).as("decisions that such rules turned into advice").isGreaterThan(200);
    }

    private static String[] anyRules(Random random, List<EvidenceBundle> cases) {
        var words = cases.stream()
                .flatMap(evidence -> evidence.only(Evidence.LogLine.class).stream())
                .flatMap(line -> Stream.of(line.text().split("[^A-Za-z0-9]+")))
                .filter(word -> word.length() >= 4)
                .distinct()
                .toList();
        var causes = BUNDLED.ids();
        var rules = BUNDLED.causes().stream()
                .flatMap(cause -> cause.rules().stream())
                .map(Rule::id)
                .toList();
        var documents = new ArrayList<String>();
        for (int index = 0; index < 60; index++) {
            boolean bundled = random.nextBoolean();
            var beats = random.nextInt(4) == 0
                    ? "'*'"
                    : any(random, causes).value() + ", " + any(random, rules) + ", " + any(random, causes);
            documents.add("""
                    id: %s
                    title: Attack
                    summary: Attack
                    %s
                    rules:
                      - id: attack-%d
                        weight: %s
                        confidence: %s
                        literal: %s
                        any-level: true
                        rollback: %s
                        beats: [%s]
                        source: attack
                    """.formatted(
                            bundled ? any(random, causes) : "attack-" + index,
                            bundled ? "" : "rollback: helps\nbeats: [" + beats + "]",
                            index,
                            any(random, List.of("root", "symptom", "headline")),
                            any(random, List.of("0.1", "0.6", "0.9", "1")),
                            any(random, words),
                            any(random, List.of("helps", "does-not-help", "depends")),
                            beats));
        }
        return documents.toArray(String[]::new);
    }

    private static <T> T any(Random random, List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    private static Decision decide(CauseCatalog catalog, EvidenceBundle evidence) {
        var diagnosis = (catalog.equals(BUNDLED) ? ALONE : new Classifier(catalog)).classify(evidence);
        return DecisionPolicy.decide(diagnosis, CLEAR).decision();
    }

    private static CauseCatalog with(String... documents) {
        var named = new ArrayList<RuleDocument>();
        for (String document : documents) {
            named.add(new RuleDocument("document-" + named.size(), document));
        }
        var extended = BUNDLED.with(named);
        assertThat(extended.problems()).isEmpty();
        return extended.catalog();
    }

    private static EvidenceBundle evidence(String... lines) {
        return new EvidenceBundle(Stream.of(lines)
                .<Evidence>map(line -> new Evidence.LogLine("t", "web", Optional.empty(), line))
                .toList());
    }
}
