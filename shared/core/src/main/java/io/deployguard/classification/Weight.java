package io.deployguard.classification;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How deep a rule sees. A finding of a higher weight wins, however sure one of a lower weight is. */
enum Weight {
    /** Says only that something failed: "Application run failed". */
    HEADLINE,
    /** Has more than one possible cause, or follows from one: a failed health check, a null pointer. */
    SYMPTOM,
    /** Names the cause itself: an error code, the missing name. */
    ROOT;

    static Optional<Weight> find(String yaml) {
        return Arrays.stream(values())
                .filter(weight -> weight.name().toLowerCase(Locale.ROOT).equals(yaml))
                .findFirst();
    }

    Weight oneLess() {
        return this == ROOT ? SYMPTOM : HEADLINE;
    }
}
