package io.deployguard.pipeline;

import io.deployguard.classification.Diagnosis;
import io.deployguard.evidence.EvidenceBundle;
import java.util.List;

/** From evidence as AWS gave it to a diagnosis: cleans, redacts, classifies. Deterministic. */
public interface Diagnose {

    Diagnosis diagnose(EvidenceBundle evidence);

    /** What it should know and does not, one sentence each: an operator's own rules that cannot be read. */
    default List<String> gaps() {
        return List.of();
    }
}
