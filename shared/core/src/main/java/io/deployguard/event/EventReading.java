package io.deployguard.event;

/** What came of reading an event's text. */
public sealed interface EventReading {

    /** An event the guard knows. */
    record Understood(GuardEvent event) implements EventReading {}

    /** A sound event that is none of the guard's business, and why. */
    record NotForUs(String because) implements EventReading {}

    /** An event of an account that the guard does not look after. Nothing is read or done for it. */
    record Refused(String because) implements EventReading {}

    /**
     * Not an event, or one that lacks what its kind cannot do without. Reading it again will not help.
     *
     * @param field path such as {@code detail.clusterArn}
     * @param expectation what should have stood there
     */
    record Malformed(String field, String expectation) implements EventReading {

        @Override
        public String toString() {
            return field + ": expected " + expectation;
        }
    }
}
