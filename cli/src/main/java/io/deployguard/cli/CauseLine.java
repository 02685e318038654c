package io.deployguard.cli;

import io.deployguard.classification.Diagnosis;

/** The cause in one line of a page: what broke, how sure that is, and by which rule; or that it is guessed, or not known. */
final class CauseLine {

    private CauseLine() {}

    static String of(Diagnosis diagnosis) {
        return switch (diagnosis) {
            case Diagnosis.Identified found ->
                "Cause%s: %s%s, %d %% sure (%s, %s)"
                        .formatted(
                                found.isOpen() ? ", guessed" : "",
                                found.title(),
                                found.key().map(key -> ": " + key).orElse(""),
                                Math.round(found.confidence() * 100),
                                found.cause(),
                                found.isOpen() ? "by the words of the log" : "rule " + found.rule());
            case Diagnosis.Unknown unknown -> "Cause: not known. " + unknown.explanation();
        };
    }
}
