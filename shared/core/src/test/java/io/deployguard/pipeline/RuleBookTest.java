package io.deployguard.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.classification.CauseCatalog;
import io.deployguard.classification.Diagnosis;
import io.deployguard.classification.RuleDocument;
import io.deployguard.classification.RuleSource;
import io.deployguard.evidence.EvidenceBundle;
import io.deployguard.evidence.EvidenceReader;
import io.deployguard.fault.GuardFault;
import io.deployguard.fixture.FixedTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class RuleBookTest {

    private static final String RULE = """
            id: acme-license
            title: The license has run out
            summary: Ours.
            rollback: helps
            rules:
              - {id: acme-17, confidence: 0.95, pattern: 'ACME-17', source: our wiki}
            """;
    private static final EvidenceBundle OURS = evidence("ERROR ACME-17");
    private static final EvidenceBundle BUNDLED = evidence("ERROR: relation \"orders\" does not exist");

    private Instant now = FixedTime.NOON;
    private final Shelf shelf = new Shelf();
    private final List<String> reported = new ArrayList<>();
    private final RuleBook book = new RuleBook(CauseCatalog.load(), Optional.of(shelf), () -> now, reported::add);
    private final CatalogDiagnose diagnose = new CatalogDiagnose(book);

    @Test
    void anOperatorsRulesJoinTheBundledOnes() {
        shelf.holds(RULE);

        assertThat(cause(OURS)).isEqualTo("acme-license");
        assertThat(cause(BUNDLED)).isEqualTo("schema-missing");
        assertThat(diagnose.gaps()).isEmpty();
        assertThat(reported).isEmpty();
    }

    @Test
    void theyAreReadOnceAndAgainAfterSomeMinutes() {
        shelf.holds(RULE);
        cause(OURS);
        shelf.holds(RULE.replace("ACME-17", "ACME-18"));
        now = now.plus(RuleBook.FRESH).minusSeconds(1);
        assertThat(cause(OURS)).isEqualTo("acme-license");
        assertThat(shelf.readings).isEqualTo(1);

        now = now.plusSeconds(1);

        assertThat(cause(OURS)).isEqualTo("unknown");
        assertThat(cause(evidence("ERROR ACME-18"))).isEqualTo("acme-license");
        assertThat(shelf.readings).isEqualTo(2);
    }

    @Test
    void aBrokenDocumentIsLeftOutAndTold() {
        shelf.holds(RULE, RULE.replace("0.95", "95").replace("acme-license", "acme-other"));

        assertThat(cause(OURS)).isEqualTo("acme-license");
        assertThat(cause(BUNDLED)).isEqualTo("schema-missing");
        assertThat(diagnose.gaps())
                .containsExactly("left out: shelf/1.yaml:6: confidence: expected a number from 0.05 to 1.0, got 95");
        assertThat(reported).isEqualTo(diagnose.gaps());
    }

    @Test
    void whatTheSourceCouldNotTakeIsTold() {
        shelf.answer = () -> new RuleSource.Reading(
                List.of(new RuleDocument("shelf/0.yaml", RULE)), List.of("shelf/1.yaml: expected UTF-8"));

        assertThat(cause(OURS)).isEqualTo("acme-license");
        assertThat(diagnose.gaps()).containsExactly("left out: shelf/1.yaml: expected UTF-8");
    }

    @Test
    void aPlaceThatCannotBeReadLeavesTheBundledCausesInForce() {
        shelf.answer = () -> {
            throw new GuardFault.Denied(
                    "s3:ListBucket for bucket acme: denied; allow s3:ListBucket for this role", null);
        };

        assertThat(cause(OURS)).isEqualTo("unknown");
        assertThat(cause(BUNDLED)).isEqualTo("schema-missing");
        assertThat(diagnose.gaps()).singleElement().asString().contains("shelf", "the bundled rules alone", "denied");
    }

    @Test
    void aPlaceThatIsAwayForAWhileLosesNoRules() {
        shelf.holds(RULE);
        cause(OURS);
        now = now.plus(RuleBook.FRESH);
        shelf.answer = () -> {
            throw new GuardFault.Unavailable("s3 is away", null);
        };

        assertThat(cause(OURS)).isEqualTo("acme-license");
        assertThat(diagnose.gaps()).singleElement().asString().contains("those read before stay", "s3 is away");

        shelf.holds(RULE);
        now = now.plus(RuleBook.RETRY);
        assertThat(diagnose.gaps()).isEmpty();
        assertThat(cause(OURS)).isEqualTo("acme-license");
    }

    @Test
    void nothingThatASourceThrowsStopsADiagnosis() {
        shelf.answer = () -> {
            throw new IllegalStateException("nobody thought of this");
        };

        assertThat(cause(BUNDLED)).isEqualTo("schema-missing");
        assertThat(diagnose.gaps()).singleElement().asString().contains("nobody thought of this");
    }

    @Test
    void aFaultIsReportedWhenItIsNewAndNotEveryTime() {
        shelf.holds("id: [");
        for (int times = 0; times < 5; times++) {
            cause(OURS);
            now = now.plus(RuleBook.FRESH);
        }
        assertThat(reported).hasSize(1);

        shelf.holds(RULE);
        cause(OURS);
        now = now.plus(RuleBook.FRESH);
        shelf.holds("id: [");
        cause(OURS);

        assertThat(reported).hasSize(2);
    }

    @Test
    void withoutAPlaceNothingIsRead() {
        var alone = new CatalogDiagnose(
                new RuleBook(CauseCatalog.load(), Optional.empty(), () -> now.plus(Duration.ofDays(9)), reported::add));

        assertThat(alone.diagnose(BUNDLED)).isInstanceOf(Diagnosis.Identified.class);
        assertThat(alone.gaps()).isEmpty();
    }

    private String cause(EvidenceBundle evidence) {
        return switch (diagnose.diagnose(evidence)) {
            case Diagnosis.Identified found -> found.cause().value();
            case Diagnosis.Unknown _ -> "unknown";
        };
    }

    private static EvidenceBundle evidence(String line) {
        return EvidenceReader.read("{\"logs\":[\"" + line.replace("\"", "\\\"") + "\"]}")
                .bundle();
    }

    /** A place with documents {@code shelf/0.yaml} and so on. */
    private static final class Shelf implements RuleSource {
        private Supplier<Reading> answer = () -> new Reading(List.of(), List.of());
        private int readings;

        void holds(String... texts) {
            var documents = new ArrayList<RuleDocument>();
            for (var text : texts) {
                documents.add(new RuleDocument("shelf/" + documents.size() + ".yaml", text));
            }
            answer = () -> new Reading(documents, List.of());
        }

        @Override
        public String location() {
            return "shelf";
        }

        @Override
        public Reading read() {
            readings++;
            return answer.get();
        }
    }
}
