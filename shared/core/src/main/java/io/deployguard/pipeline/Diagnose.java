package io.deployguard.pipeline;

import io.deployguard.classification.Diagnosis;
import io.deployguard.evidence.EvidenceBundle;

/** From evidence as AWS gave it to a diagnosis: cleans, redacts, classifies. Deterministic. */
public interface Diagnose {

    Diagnosis diagnose(EvidenceBundle evidence);
}
