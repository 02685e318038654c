package io.deployguard.pipeline;

import io.deployguard.classification.Diagnosis;
import io.deployguard.decision.Decision;
import io.deployguard.evidence.EvidenceBundle;
import io.deployguard.incident.Situation;

/**
 * What one look at a revision brought.
 *
 * @param evidence that was gathered for it, as it was found: {@link io.deployguard.evidence.Cleaning} makes it fit to be shown
 */
public record Findings(Diagnosis diagnosis, Decision decision, Situation situation, EvidenceBundle evidence) {}
