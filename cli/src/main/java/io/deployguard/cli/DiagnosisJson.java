package io.deployguard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.deployguard.action.Actions;
import io.deployguard.classification.Diagnosis;
import io.deployguard.classification.Remedy;
import io.deployguard.evidence.LineCleaner;
import java.util.List;

/** A diagnosis in the form that every command prints with {@code --json}. */
final class DiagnosisJson {

    /** Writes numbers and texts the same way everywhere. */
    static final JsonMapper JSON = JsonMapper.builder().build();

    private DiagnosisJson() {}

    static ObjectNode of(Diagnosis diagnosis) {
        var answer = JsonNodeFactory.instance.objectNode();
        switch (diagnosis) {
            case Diagnosis.Identified found ->
                answer.put("cause", found.cause().value())
                        .put("confidence", found.confidence())
                        .put("key", found.key().orElse(null))
                        .put("rollbackHelps", found.rollback().answer())
                        .put("rule", found.rule());
            case Diagnosis.Unknown _ ->
                answer.put("cause", "unknown")
                        .put("confidence", 0.0)
                        .putNull("key")
                        .put("rollbackHelps", "depends")
                        .putNull("rule");
        }
        var lines = answer.putArray("evidenceLines");
        diagnosis.proof().forEach(proof -> lines.add(proof.text()));
        var alternatives = answer.putArray("alternatives");
        diagnosis
                .alternatives()
                .forEach(other -> alternatives
                        .addObject()
                        .put("cause", other.cause().value())
                        .put("confidence", other.confidence()));
        answer.put("explanation", diagnosis.explanation());
        var remedy = answer.putArray("remedy");
        remedies(diagnosis).forEach(remedy::add);
        return answer;
    }

    /** The same with every text fit for a terminal: JSON escapes the control characters of ASCII and no others. */
    static ObjectNode harmless(ObjectNode json) {
        json.properties().forEach(field -> field.setValue(harmless(field.getValue())));
        return json;
    }

    private static JsonNode harmless(JsonNode node) {
        return switch (node) {
            case ObjectNode object -> harmless(object);
            case ArrayNode array -> {
                for (var index = 0; index < array.size(); index++) {
                    array.set(index, harmless(array.get(index)));
                }
                yield array;
            }
            case TextNode text -> TextNode.valueOf(LineCleaner.clean(text.textValue()));
            default -> node;
        };
    }

    /** What to do, one sentence each. */
    static List<String> remedies(Diagnosis diagnosis) {
        return switch (diagnosis) {
            case Diagnosis.Identified found ->
                found.remedies().stream()
                        .filter(DiagnosisJson::isKnown)
                        .map(DiagnosisJson::inWords)
                        .toList();
            case Diagnosis.Unknown _ -> List.of();
        };
    }

    /** What a person can do, one sentence each. */
    static List<String> advice(Diagnosis diagnosis) {
        return switch (diagnosis) {
            case Diagnosis.Identified found ->
                found.remedies().stream()
                        .filter(Remedy.Advice.class::isInstance)
                        .map(DiagnosisJson::inWords)
                        .toList();
            case Diagnosis.Unknown _ -> List.of();
        };
    }

    /** The catalogue may name a remedy that this guard has not learnt yet. */
    private static boolean isKnown(Remedy remedy) {
        return switch (remedy) {
            case Remedy.Advice _ -> true;
            case Remedy.Automatic automatic -> Actions.find(automatic.action()).isPresent();
        };
    }

    private static String inWords(Remedy remedy) {
        return switch (remedy) {
            case Remedy.Advice advice -> advice.text();
            case Remedy.Automatic automatic ->
                "The guard can do it, where the service allows it: " + automatic.action();
        };
    }
}
