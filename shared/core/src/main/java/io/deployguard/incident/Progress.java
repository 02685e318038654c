package io.deployguard.incident;

import io.deployguard.detection.Detection;
import java.time.Instant;
import java.util.Optional;

/** How far an incident has come. */
public sealed interface Progress {

    /** Where an incident begins: one stop is only a suspicion. */
    static Progress first(Detection detection, Instant now) {
        return switch (detection) {
            case Detection.SuspiciousStop _ -> new Suspected();
            case Detection.RestartLoop _,
                    Detection.FailedDeployment _,
                    Detection.ImpairedStart _,
                    Detection.UnreachableEndpoint _,
                    Detection.UnchangedImage _,
                    Detection.Alarm _,
                    Detection.Silence _ -> new Investigating(now, 0);
        };
    }

    /** One stop, not yet a loop: looked at, not told. */
    record Suspected() implements Progress {}

    /** A suspicion that came to nothing. */
    record Dismissed(Instant at, String because) implements Progress {}

    /**
     * Something is wrong; the cause is not known, or not known well enough.
     *
     * @param lookAgainAt when the evidence is worth reading once more, since logs arrive late
     * @param looks how often it was read
     */
    record Investigating(Instant lookAgainAt, int looks) implements Progress {}

    /** The cause and the decision stand; a person acts, or nobody needs to. */
    record Advised() implements Progress {}

    /**
     * An action was decided and waits for the function that may carry it out, or for the end of a step of it.
     *
     * @param awaited absent before its first step
     */
    record Planned(Instant since, Optional<Awaited> awaited) implements Progress {

        /** Nothing of it has been done. */
        public Planned(Instant since) {
            this(since, Optional.empty());
        }

        /** The same once a step of it was sent. */
        public Planned awaiting(Awaited step) {
            return new Planned(since, Optional.of(step));
        }
    }

    /**
     * What an action waits for.
     *
     * @param what in words, such as {@code the end of migration task web-migrate}
     */
    record Awaited(Instant since, String what) {}

    /**
     * Commands were sent; whether they healed the service is being watched.
     *
     * @param goal in words
     * @param targetTaskDefinitionArn what should run
     * @param steadySince since when everything looks well, absent while it does not
     */
    record Verifying(Instant actedAt, String goal, String targetTaskDefinitionArn, Optional<Instant> steadySince)
            implements Progress {}

    /**
     * The end.
     *
     * @param serves whether it is the revision itself that is well and serves, and not one that took its place
     */
    record Closed(Outcome outcome, Instant at, String because, boolean serves) implements Progress {

        /** The end of a revision that does not serve. */
        public Closed(Outcome outcome, Instant at, String because) {
            this(outcome, at, because, false);
        }
    }

    /** How it ended. */
    enum Outcome {
        /** The guard acted and the service is well. */
        HEALED,
        /** The guard acted and the service is not well; a person takes over. */
        NOT_HEALED,
        /** The service is well without the guard's doing. */
        RECOVERED,
        /** Another deployment took its place. */
        SUPERSEDED
    }
}
