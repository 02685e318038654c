package io.deployguard.decision;

import io.deployguard.classification.RollbackHelps;

/** Whether going back to the last healthy revision would restore the service, in one sentence of reason. */
public record RollbackOutlook(RollbackHelps helps, String because) {}
