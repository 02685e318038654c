package io.deployguard.pipeline;

import io.deployguard.classification.Classifier;
import io.deployguard.classification.Diagnosis;
import io.deployguard.evidence.Cleaning;
import io.deployguard.evidence.EvidenceBundle;

/** Cleans and redacts what AWS gave, then asks the catalogue. Nothing the classifier sees, and so nothing anybody else does, holds a secret. */
public final class CatalogDiagnose implements Diagnose {

    private final Classifier classifier;

    public CatalogDiagnose(Classifier classifier) {
        this.classifier = classifier;
    }

    @Override
    public Diagnosis diagnose(EvidenceBundle evidence) {
        return classifier.classify(Cleaning.of(evidence));
    }
}
