package io.deployguard.classification;

import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.classification.CorpusScore.Rate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The project's own labelled failures, and the page that says how well they are named. {@code -Dgolden=rewrite} writes the page anew. */
class CorpusTest {

    private static final Path FOLDER = Path.of("../../corpus");
    private static final Path PAGE = Path.of("../../docs/accuracy.md");
    private static final List<Scored> CASES = new ArrayList<>();
    /** Whether a case resembles its own cause most, going by its words alone. */
    private static final List<Boolean> RESEMBLING = new ArrayList<>();
    /** The files are learned from in so many parts, each time all but one. */
    private static final int PARTS = 4;

    /** Each file by a classifier that has learned nothing from it. */
    @BeforeAll
    static void score() throws IOException {
        List<Path> all;
        try (var files = Files.list(FOLDER)) {
            all = files.filter(each -> each.toString().endsWith(".jsonl"))
                    .sorted()
                    .toList();
        }
        var catalog = CauseCatalog.load();
        for (int part = 0; part < PARTS; part++) {
            int own = part;
            var learned = Resemblance.read(ResemblanceTrainer.train(IntStream.range(0, all.size())
                    .filter(index -> index % PARTS != own)
                    .boxed()
                    .flatMap(index -> ResemblanceTrainer.casesOf(all.get(index)))
                    .toList()));
            var classifier = new Classifier(catalog, () -> learned);
            for (int index = own; index < all.size(); index += PARTS) {
                CASES.addAll(Scored.in(all.get(index), classifier));
                ResemblanceTrainer.casesOf(all.get(index))
                        .forEach(each -> RESEMBLING.add(
                                learned.read(each.wording()).cause().equals(each.cause())));
            }
        }
    }

    @Test
    void almostEveryCauseIsNamed() {
        var misses = CASES.stream()
                .filter(scored -> !scored.isRight())
                .map(CorpusScore::miss)
                .toList();

        assertThat(CASES).hasSizeGreaterThanOrEqualTo(300);
        assertThat(misses).as("misses of %d cases", CASES.size()).hasSizeLessThanOrEqualTo(CASES.size() * 3 / 100);
    }

    @Test
    void confidenceIsEarned() {
        var confident = CASES.stream().filter(Scored::isConfident).toList();

        assertThat(confident).hasSizeGreaterThan(CASES.size() / 2);
        assertThat(confident.stream().filter(scored -> !scored.isRight()).map(CorpusScore::miss))
                .as("wrong with confidence")
                .hasSizeLessThanOrEqualTo(confident.size() * 2 / 100);
    }

    @Test
    void wordsAloneTellMuch() {
        assertThat(Rate.of(RESEMBLING, Boolean::booleanValue).share()).isGreaterThan(0.75);
    }

    @Test
    void whatNoRuleWasWrittenForIsNamedAsWell() {
        var unseen = unseen();
        var confident = unseen.stream().filter(Scored::isConfident).toList();

        assertThat(unseen).hasSizeGreaterThan(100);
        assertThat(Rate.of(unseen, Scored::isRight).share()).isGreaterThanOrEqualTo(0.95);
        assertThat(Rate.of(unseen, Scored::isConfident).share()).isGreaterThanOrEqualTo(0.5);
        assertThat(Rate.of(confident, Scored::isRight).share()).isGreaterThanOrEqualTo(0.98);
    }

    /** See {@code corpus/README.md}. */
    private static List<Scored> unseen() {
        return CASES.stream().filter(scored -> scored.id().startsWith("last-")).toList();
    }

    @Test
    void whatIsNoFailureIsNotCalledOne() {
        assertThat(CASES.stream()
                        .filter(scored -> scored.expected().equals(CauseId.NOT_A_FAILURE.value()))
                        .filter(scored -> scored.isConfident() && !scored.isRight())
                        .map(CorpusScore::miss))
                .isEmpty();
    }

    @Test
    void namesAndRollbackAreRight() {
        var wanting = CorpusScore.wantingKey(CASES);
        var rollback = CASES.stream()
                .filter(scored -> scored.wantedRollback().isPresent())
                .toList();

        assertThat(Rate.of(wanting, Scored::hasKey).share()).isGreaterThanOrEqualTo(0.9);
        assertThat(Rate.of(rollback, Scored::hasRollback).share()).isGreaterThanOrEqualTo(0.9);
    }

    @Test
    void noTwoCasesShareAnId() {
        assertThat(CASES.stream().map(scored -> scored.labelled().path("id").asText()))
                .doesNotHaveDuplicates();
    }

    @Test
    void thePageSaysHowWell() throws IOException {
        var page = page();
        if ("rewrite".equals(System.getProperty("golden"))) {
            Files.writeString(PAGE, page);
        }
        assertThat(PAGE).as(PAGE + "; -Dgolden=rewrite takes it over").hasContent(page);
    }

    private static String page() {
        var page = new StringBuilder("""
                # How well failures are named

                Written by the build from the labelled cases in [`corpus/`](../corpus/README.md): each is classified as a live failure would be.

                | measure | cases |
                |---|---|
                """);
        var confident = CASES.stream().filter(Scored::isConfident).toList();
        page.append("| cause right | %s |\n".formatted(Rate.of(CASES, Scored::isRight)));
        page.append(
                "| answered with a confidence of 0.9 or more | %s |\n".formatted(Rate.of(CASES, Scored::isConfident)));
        page.append("| of these right | %s |\n".formatted(Rate.of(confident, Scored::isRight)));
        page.append("| name right, where the label gives one | %s |\n"
                .formatted(Rate.of(CorpusScore.wantingKey(CASES), Scored::hasKey)));
        page.append("| would a rollback help, where the label says yes or no | %s |\n"
                .formatted(Rate.of(
                        CASES.stream()
                                .filter(scored -> scored.wantedRollback().isPresent())
                                .toList(),
                        Scored::hasRollback)));
        page.append("| the cause that the words alone resemble most | %s |\n\n"
                .formatted(Rate.of(RESEMBLING, Boolean::booleanValue)));
        page.append("""
                Rules are written with these cases in view: on failures that nobody here has seen they do worse. What the words resemble is learned from
                cases too, here each time from other files than the one that is scored; %s answers are such guesses.

                """.formatted(CASES.stream()
                .filter(scored -> scored.rule().equals(Rule.RESEMBLANCE))
                .count()));
        var unseen = unseen();
        page.append("""
                Of the cases of `corpus/unseen.jsonl`, for which no rule is written: cause right %s, answered with a confidence of 0.9 or more %s, of these
                right %s, name right %s.

                """.formatted(
                        Rate.of(unseen, Scored::isRight),
                        Rate.of(unseen, Scored::isConfident),
                        Rate.of(unseen.stream().filter(Scored::isConfident).toList(), Scored::isRight),
                        Rate.of(CorpusScore.wantingKey(unseen), Scored::hasKey)));
        page.append("Where the cases come from: ")
                .append(CASES.stream()
                        .collect(groupingBy(
                                scored -> scored.labelled().path("origin").asText(),
                                TreeMap::new,
                                Collectors.counting()))
                        .entrySet()
                        .stream()
                        .map(entry -> entry.getValue() + " " + entry.getKey())
                        .collect(Collectors.joining(", ")))
                .append(".\n\n| cause | cases | right | answered instead |\n|---|---|---|---|\n");
        CASES.stream()
                .collect(groupingBy(Scored::expected, TreeMap::new, Collectors.toList()))
                .forEach((cause, cases) -> page.append("| `%s` | %d | %d | %s |\n"
                        .formatted(
                                cause,
                                cases.size(),
                                cases.stream().filter(Scored::isRight).count(),
                                cases.stream()
                                        .filter(scored -> !scored.isRight())
                                        .map(scored -> "`" + scored.answer() + "`")
                                        .distinct()
                                        .collect(Collectors.joining(", ")))));
        return page.toString();
    }
}
