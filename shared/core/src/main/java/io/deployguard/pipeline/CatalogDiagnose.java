package io.deployguard.pipeline;

import io.deployguard.classification.Classifier;
import io.deployguard.classification.Diagnosis;
import io.deployguard.evidence.Cleaning;
import io.deployguard.evidence.EvidenceBundle;
import java.util.List;
import java.util.function.Supplier;

/** Cleans and redacts what AWS gave, then asks the catalogue. Nothing the classifier sees, and so nothing anybody else does, holds a secret. */
public final class CatalogDiagnose implements Diagnose {

    private final Supplier<Classifier> classifier;
    private final Supplier<List<String>> gaps;

    /** Asks the causes that are in force at the moment. */
    public CatalogDiagnose(RuleBook rules) {
        this.classifier = rules::classifier;
        this.gaps = rules::faults;
    }

    /** Asks always the same causes. */
    public CatalogDiagnose(Classifier classifier) {
        this.classifier = () -> classifier;
        this.gaps = List::of;
    }

    @Override
    public Diagnosis diagnose(EvidenceBundle evidence) {
        return classifier.get().classify(Cleaning.of(evidence));
    }

    @Override
    public List<String> gaps() {
        return gaps.get();
    }
}
