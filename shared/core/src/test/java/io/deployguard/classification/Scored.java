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

/**
 * One labelled case and the classifier's answer to it.
 *
 * @param labelled the case, with {@code expect}
 */
record Scored(JsonNode labelled, Diagnosis diagnosis) {

    /** From here on an answer counts as given with confidence. */
    static final double CONFIDENT = 0.9;

    private static final JsonMapper JSON = new JsonMapper();

    /** All cases of a file, one JSON object per line. */
    static List<Scored> in(Path file, Classifier classifier) throws IOException {
        return Files.readAllLines(file).stream()
                .map(line -> of(line, classifier))
                .toList();
    }

    private static Scored of(String line, Classifier classifier) {
        try {
            var labelled = JSON.readTree(line);
            return new Scored(
                    labelled, classifier.classify(EvidenceReader.read(labelled).bundle()));
        } catch (com.fasterxml.jackson.core.JsonProcessingException notJson) {
            throw new IllegalArgumentException("expected a JSON object per line, got " + line, notJson);
        }
    }

    String id() {
        return (labelled.path("id").asText() + " " + labelled.path("stack").asText()).strip();
    }

    String expected() {
        return labelled.path("expect").path("cause").asText();
    }

    Optional<Identified> identified() {
        return diagnosis instanceof Identified found ? Optional.of(found) : Optional.empty();
    }

    String answer() {
        return identified().map(found -> found.cause().value()).orElse("unknown");
    }

    String rule() {
        return identified().map(Identified::rule).orElse("-");
    }

    double confidence() {
        return identified().map(Identified::confidence).orElse(0.0);
    }

    boolean isConfident() {
        return confidence() >= CONFIDENT;
    }

    boolean isRight() {
        return answer().equals(expected())
                || labelled.path("expect")
                        .path("alsoAccept")
                        .valueStream()
                        .anyMatch(also -> also.asText().equals(answer()));
    }

    /** The name that was wanted; absent when the label gives none. */
    Optional<String> wantedKey() {
        return Optional.of(labelled.path("expect").path("key"))
                .filter(JsonNode::isTextual)
                .map(JsonNode::asText);
    }

    String key() {
        return identified().flatMap(Identified::key).orElse("-");
    }

    boolean hasExactKey() {
        return wantedKey().filter(key()::equalsIgnoreCase).isPresent();
    }

    /** A host counts with or without its port, a module with or without its version. */
    boolean hasKey() {
        return wantedKey()
                .filter(wanted -> {
                    String a = key().toLowerCase(Locale.ROOT);
                    String b = wanted.toLowerCase(Locale.ROOT);
                    return a.equals(b) || (a.length() > 1 && (a.contains(b) || b.contains(a)));
                })
                .isPresent();
    }

    /** Yes or no as labelled; absent where it depends. */
    Optional<String> wantedRollback() {
        return Optional.of(labelled.path("expect").path("rollbackHelps").asText())
                .filter(List.of("yes", "no")::contains);
    }

    String rollback() {
        return identified().map(each -> each.rollback().answer()).orElse("depends");
    }

    boolean hasRollback() {
        return wantedRollback().filter(rollback()::equals).isPresent();
    }
}
