package io.deployguard.classification;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.deployguard.classification.Diagnosis.Identified;
import io.deployguard.evidence.EvidenceReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Scores the classifier on labelled cases, one JSON object per line: {@code java -cp … CorpusScore FILE [FILE…]}. */
final class CorpusScore {

    private static final JsonMapper JSON = new JsonMapper();

    private final Classifier classifier = new Classifier(CauseCatalog.load());
    private final Rate cause = new Rate();
    private final Rate confident = new Rate();
    private final Rate confidentRight = new Rate();
    private final Rate key = new Rate();
    private final Rate exactKey = new Rate();
    private final Rate rollback = new Rate();

    public static void main(String[] files) throws IOException {
        var score = new CorpusScore();
        for (String file : files) {
            for (String line : Files.readAllLines(Path.of(file))) {
                score.add(JSON.readTree(line));
            }
        }
        score.print();
    }

    private void add(JsonNode labelled) {
        Diagnosis diagnosis = classifier.classify(EvidenceReader.read(labelled).bundle());
        JsonNode expect = labelled.path("expect");
        Optional<Identified> identified = diagnosis instanceof Identified found ? Optional.of(found) : Optional.empty();
        String answer = identified.map(found -> found.cause().value()).orElse("unknown");
        boolean right = answer.equals(expect.path("cause").asText())
                || expect.path("alsoAccept")
                        .valueStream()
                        .anyMatch(also -> also.asText().equals(answer));
        cause.add(right);
        double confidence = identified.map(Identified::confidence).orElse(0.0);
        confident.add(confidence >= 0.9);
        if (confidence >= 0.9) {
            confidentRight.add(right);
        }
        String found = identified.flatMap(Identified::key).orElse("-");
        String id = labelled.path("id").asText() + " " + labelled.path("stack").asText();
        if (!right) {
            System.out.printf(
                    Locale.ROOT,
                    "WRONG    %s: %s %.2f (%s), expected %s%n",
                    id,
                    answer,
                    confidence,
                    rule(identified),
                    expect.path("cause").asText());
            diagnosis.proof().stream()
                    .limit(3)
                    .forEach(
                            proof -> System.out.println("           " + proof.source() + ": " + shorten(proof.text())));
        }
        if (expect.path("key").isTextual()) {
            String wanted = expect.path("key").asText();
            boolean same = sameKey(found, wanted);
            key.add(same);
            exactKey.add(found.equalsIgnoreCase(wanted));
            if (!found.equalsIgnoreCase(wanted)) {
                System.out.printf(
                        "%s %s: %s, expected %s (%s)%n",
                        same ? "key ~   " : "KEY     ", id, found, wanted, rule(identified));
            }
        }
        String helps = expect.path("rollbackHelps").asText();
        if (List.of("yes", "no").contains(helps)) {
            String said = identified.map(each -> each.rollback().answer()).orElse("depends");
            rollback.add(said.equals(helps));
            if (!said.equals(helps)) {
                System.out.printf("ROLLBACK %s: %s, expected %s (%s)%n", id, said, helps, answer);
            }
        }
        if (right && confidence < 0.9) {
            System.out.printf(
                    Locale.ROOT,
                    "unsure   %s: %s %.2f (%s) %s%n",
                    id,
                    answer,
                    confidence,
                    rule(identified),
                    diagnosis.alternatives());
        }
    }

    private static String rule(Optional<Identified> identified) {
        return identified.map(Identified::rule).orElse("-");
    }

    private static String shorten(String text) {
        return text.substring(0, Math.min(text.length(), 160));
    }

    /** A host counts with or without its port, a module with or without its version. */
    private static boolean sameKey(String found, String wanted) {
        String a = found.toLowerCase(Locale.ROOT);
        String b = wanted.toLowerCase(Locale.ROOT);
        return a.equals(b) || (a.length() > 1 && (a.contains(b) || b.contains(a)));
    }

    private void print() {
        System.out.printf(
                "top-1 %s, confident %s, of these right %s, key %s (exact %s), rollback %s%n",
                cause, confident, confidentRight, key, exactKey, rollback);
    }

    private static final class Rate {
        private int right;
        private int all;

        void add(boolean isRight) {
            right += isRight ? 1 : 0;
            all++;
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%d/%d = %.1f %%", right, all, all == 0 ? 100.0 : 100.0 * right / all);
        }
    }
}
