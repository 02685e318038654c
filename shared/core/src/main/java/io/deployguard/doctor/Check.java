package io.deployguard.doctor;

import java.util.stream.Stream;

/** One thing to look at before a deployment. Pure: what had to be asked for was asked before. */
public sealed interface Check {

    /** Kebab-case, public: pipelines compare it. */
    String id();

    /** What it looks for, as one sentence of the page in docs. */
    String about();

    /** The page on which the rule rests. */
    String source();

    /** One that a task definition alone answers. */
    non-sealed interface OfDefinition extends Check {

        /** Everything that is not in order; nothing when all is. */
        Stream<Result> examine(Draft draft);
    }

    /** One that needs the service which is to run the definition. */
    non-sealed interface OfService extends Check {

        /** Everything that is not in order, and what could not be seen; nothing when all is in order. */
        Stream<Result> examine(Draft draft, Surroundings around);
    }
}
