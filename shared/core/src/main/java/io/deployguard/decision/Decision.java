package io.deployguard.decision;

import io.deployguard.classification.Remedy;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What the guard will do about a diagnosis, and why. */
public sealed interface Decision {

    /** The deciding rule of the table with the facts it read, in one sentence. */
    String because();

    /** The guard does it. */
    record Act(Remedy.Automatic remedy, RollbackOutlook outlook, String because) implements Decision {}

    /** The guard does it once a person agrees. */
    record Ask(Remedy.Automatic remedy, RollbackOutlook outlook, Instant until, String because) implements Decision {}

    /**
     * A person acts.
     *
     * @param wouldDo what the guard would have done in mode {@code auto}
     */
    record Advise(
            List<Remedy.Advice> remedies, RollbackOutlook outlook, Optional<Remedy.Automatic> wouldDo, String because)
            implements Decision {

        public Advise {
            remedies = List.copyOf(remedies);
        }
    }

    /** It is too early to say. */
    record Wait(Instant until, String because) implements Decision {}

    /** The guard keeps its hands off. */
    record StandDown(Reason reason, String because) implements Decision {}

    /** Why the guard keeps its hands off. */
    enum Reason {
        /** Another deployment took the failing one's place. */
        SUPERSEDED,
        /** ECS or somebody else is rolling back already. */
        ROLLBACK_UNDER_WAY,
        /** It is no failure. */
        NOTHING_WRONG,
        /** What was decided could not or must not be done any more when its time came. */
        OVERTAKEN
    }
}
