package io.deployguard.pipeline;

import io.deployguard.classification.Diagnosis;
import io.deployguard.decision.Decision;
import io.deployguard.decision.Ruling;
import io.deployguard.evidence.EvidenceBundle;
import io.deployguard.incident.Situation;
import java.util.Optional;

/**
 * What one look at a revision brought.
 *
 * @param evidence that was gathered for it, as it was found: {@link io.deployguard.evidence.Cleaning} makes it fit to be shown
 */
public record Findings(Diagnosis diagnosis, Ruling ruling, Situation situation, EvidenceBundle evidence) {

    public Decision decision() {
        return ruling.decision();
    }

    /** The same when another rule decides after all. */
    Findings ruledBy(String rule, Decision decision) {
        return new Findings(
                diagnosis, Ruling.later(rule, decision, Optional.of(ruling.grounds())), situation, evidence);
    }
}
