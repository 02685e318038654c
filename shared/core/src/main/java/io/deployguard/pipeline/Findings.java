package io.deployguard.pipeline;

import io.deployguard.classification.Diagnosis;
import io.deployguard.decision.Decision;
import io.deployguard.incident.Situation;

/** What one look at a failing revision brought. */
public record Findings(Diagnosis diagnosis, Decision decision, Situation situation) {}
