package io.deployguard.classification;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.deployguard.classification.Diagnosis.Identified;
import io.deployguard.classification.ResemblanceTrainer.Case;
import io.deployguard.evidence.Evidence;
import io.deployguard.evidence.EvidenceBundle;
import io.deployguard.evidence.EvidenceReader;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a classifier says where its rules say nothing, little, or something that the rest of the log does not fit. Learned from cases of our own. */
class GuessTest {

    private static final List<String> SAILS = List.of(
            "warning: the seam of the mainsail tears and the boat heels over, the crew can not reef",
            "squall: the seam of the mainsail tears and the boat heels over, the crew can not reef it",
            "again the seam of the mainsail tears and the boat heels over, the crew can not reef");
    private static final List<String> BREAD = List.of(
            "the dough of the loaf rises and never bakes through since the oven stays cold",
            "alas, the dough of the loaf rises and never bakes through since the oven stays cold",
            "the dough of the loaf rises and never bakes through since the oven stays cold again");

    private static final String TORN = "the crew can not reef: the seam of the mainsail tears and the boat heels over";
    private static final Resemblance LEARNED = Resemblance.read(ResemblanceTrainer.train(cases()));
    private static final CauseCatalog CATALOG = CauseCatalog.load();
    private static final Classifier CLASSIFIER = new Classifier(CATALOG, () -> LEARNED);
    private static final Classifier RULES_ALONE = new Classifier(CATALOG, Resemblance::nothing);

    @Test
    void namesWhatTheWordsResembleWhereNoRuleKnowsThem() {
        var found = identified("Starting", TORN);

        assertThat(found.cause().value()).isEqualTo("disk-full");
        assertThat(found.isOpen()).isTrue();
        assertThat(found.proven()).isFalse();
        assertThat(found.hopeless()).isFalse();
        assertThat(found.confidence()).isBetween(0.2, 0.75);
        assertThat(found.explanation()).contains("a guess");
        assertThat(found.proof().getFirst().text()).isEqualTo(TORN);
        assertThat(RULES_ALONE.classify(crash("Starting", TORN))).isInstanceOf(Diagnosis.Unknown.class);
    }

    @Test
    void saysNothingWhereLittleIsSaidOrNothingIsKnown() {
        assertThat(CLASSIFIER.classify(crash("mainsail tears"))).isInstanceOf(Diagnosis.Unknown.class);
        assertThat(CLASSIFIER.classify(
                        crash("a b c", "quartz feldspar mica gneiss basalt granite schist slate marble chalk flint")))
                .isInstanceOf(Diagnosis.Unknown.class);
        assertThat(CLASSIFIER.classify(crash())).isInstanceOf(Diagnosis.Unknown.class);
    }

    @Test
    void saysNothingByWhatHealthyTasksWriteAsWell() {
        var usual = new Evidence.UsualLine("app", TORN);

        assertThat(CLASSIFIER.classify(crash(TORN).plus(List.of(usual)))).isInstanceOf(Diagnosis.Unknown.class);
    }

    @Test
    void saysNothingOfAProgramThatRuns() {
        assertThat(CLASSIFIER.classify(
                        EvidenceReader.read(json("""
                        {"evidence": {"targetHealth": [{"state": "healthy"}], "logs": ["%s"]}}""".formatted(TORN))).bundle()))
                .isInstanceOf(Diagnosis.Unknown.class);
    }

    @Test
    void replacesARuleThatKnowsOnlyThatTheProgramBroke() {
        var panic = "panic: " + TORN;

        assertThat(RULES_ALONE.classify(crash(panic)))
                .isInstanceOfSatisfying(
                        Identified.class,
                        found -> assertThat(found.cause().value()).isEqualTo("code-error"));
        var found = identified(panic);
        assertThat(found.cause().value()).isEqualTo("disk-full");
        assertThat(found.alternatives())
                .extracting(each -> each.cause().value())
                .contains("code-error");
    }

    @Test
    void takesSuretyFromARuleThatTheRestOfTheLogDoesNotFit() {
        var lines = new String[] {TORN, "Error: connect ECONNREFUSED 10.0.3.7:5432", SAILS.getFirst(), SAILS.get(1)};
        var alone = (Identified) RULES_ALONE.classify(crash(lines));
        var doubted = identified(lines);

        assertThat(alone.confidence()).isGreaterThanOrEqualTo(0.9);
        assertThat(doubted.cause()).isEqualTo(alone.cause());
        assertThat(doubted.confidence()).isLessThan(0.9);
        assertThat(doubted.alternatives())
                .extracting(each -> each.cause().value())
                .contains("disk-full");
    }

    @Test
    void leavesAloneWhatEcsItselfSays() {
        var pull = """
                {"evidence": {"stopCode": "TaskFailedToStart", "stoppedReason": "CannotPullContainerError: pull image manifest has been retried 1 \
                time(s): failed to resolve ref 123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop:7: not found", "logs": ["%s"]}}""".formatted(String.join("\", \"", SAILS));

        assertThat(CLASSIFIER.classify(EvidenceReader.read(json(pull)).bundle()))
                .isEqualTo(RULES_ALONE.classify(EvidenceReader.read(json(pull)).bundle()));
    }

    @Test
    void theSameCasesTeachTheSame() {
        assertThat(ResemblanceTrainer.train(cases())).isEqualTo(ResemblanceTrainer.train(cases()));
    }

    @Test
    void theBuildHasTaughtTheBundledOne() {
        assertThat(Resemblance.bundled()
                        .read(Scene.of(crash(
                                "Traceback (most recent call last):",
                                "  File \"/app/settings.py\", line 4, in <module>",
                                "environment variable PAYMENT_URL is required but not set")))
                        .cause()
                        .value())
                .isEqualTo("missing-config");
    }

    private static List<Case> cases() {
        var cases = new ArrayList<Case>();
        SAILS.forEach(line -> cases.add(taught("disk-full", line)));
        BREAD.forEach(line -> cases.add(taught("image-not-found", line)));
        Stream.of(
                        "connect ECONNREFUSED to the peer",
                        "the peer refused: ECONNREFUSED on connect",
                        "ECONNREFUSED, connect to peer failed")
                .forEach(line -> cases.add(taught("database-unreachable", line)));
        Stream.of("panic: nobody handled it", "it was a panic that nobody handled", "nobody handled this panic")
                .forEach(line -> cases.add(taught("code-error", line)));
        return cases;
    }

    private static Case taught(String cause, String line) {
        return ResemblanceTrainer.read("""
                {"evidence": {"logs": ["%s"]}, "expect": {"cause": "%s"}}""".formatted(line, cause));
    }

    private static Identified identified(String... lines) {
        return (Identified) CLASSIFIER.classify(crash(lines));
    }

    private static EvidenceBundle crash(String... lines) {
        var logs = Stream.of(lines)
                .map(line -> "\"" + line.replace("\"", "\\\"") + "\"")
                .toList();
        return EvidenceReader.read(json("""
                        {"evidence": {"stopCode": "EssentialContainerExited", "stoppedReason": "Essential container in task exited",
                         "containers": [{"name": "app", "exitCode": 1}], "logs": %s}}""".formatted(logs))).bundle();
    }

    private static JsonNode json(String text) {
        try {
            return new JsonMapper().readTree(text);
        } catch (JsonProcessingException notJson) {
            throw new AssertionError(notJson);
        }
    }
}
