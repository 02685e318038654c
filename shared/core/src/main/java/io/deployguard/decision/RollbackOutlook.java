package io.deployguard.decision;

import io.deployguard.classification.Diagnosis;
import io.deployguard.classification.RollbackHelps;

/** Whether going back to the last healthy revision would restore the service, in one sentence of reason. */
public record RollbackOutlook(RollbackHelps helps, String because) {

    /** The cause's usual answer, overruled by what is the case right now. */
    public static RollbackOutlook of(Diagnosis diagnosis, Circumstances now) {
        return switch (diagnosis) {
            case Diagnosis.Unknown _ ->
                new RollbackOutlook(
                        RollbackHelps.DEPENDS, "the cause is not known, so nobody can say whether going back helps");
            case Diagnosis.Identified found -> of(found, now);
        };
    }

    private static RollbackOutlook of(Diagnosis.Identified found, Circumstances now) {
        if (found.rollback() == RollbackHelps.DOES_NOT_HELP) {
            return new RollbackOutlook(
                    RollbackHelps.DOES_NOT_HELP,
                    "the cause lies outside the image and the task definition, and the earlier revision meets it as well");
        }
        if (now.oldIsBrokenToo()) {
            return new RollbackOutlook(
                    RollbackHelps.DOES_NOT_HELP, "the tasks of the earlier revision are not healthy either");
        }
        if (now.targetTaskDefinition().isEmpty()) {
            return new RollbackOutlook(
                    RollbackHelps.DOES_NOT_HELP, "no earlier revision is known to have been healthy");
        }
        if (now.schemaMoved().isPresent()) {
            return new RollbackOutlook(
                    RollbackHelps.DEPENDS,
                    "%s, so %s meets a newer schema than the one it was healthy with; tag %s=backward-compatible says that it can"
                            .formatted(now.schemaMoved().get(), now.target().orElseThrow(), SchemaMovement.TAG));
        }
        return switch (found.rollback()) {
            case HELPS ->
                new RollbackOutlook(
                        RollbackHelps.HELPS,
                        "the defect came with this revision, and "
                                + now.target().orElseThrow() + " was healthy before it");
            case DEPENDS ->
                new RollbackOutlook(
                        RollbackHelps.DEPENDS,
                        "it helps only if " + now.target().orElseThrow()
                                + " can do without what is missing or broken now");
            case DOES_NOT_HELP -> throw new IllegalStateException("answered above");
        };
    }
}
