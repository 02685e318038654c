package io.deployguard.pipeline;

import io.deployguard.incident.Incident;

/** What came of an event. */
public sealed interface Handled {

    /** In words. */
    String outcome();

    /** The guard has taken it in and nothing is wrong. */
    record Noted(String outcome) implements Handled {}

    /** It was taken in before. */
    record Duplicate(String outcome) implements Handled {}

    /** It belongs to an incident, which now reads like this. */
    record Pursued(Incident incident, String outcome) implements Handled {}
}
