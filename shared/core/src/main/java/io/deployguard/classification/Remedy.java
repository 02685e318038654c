package io.deployguard.classification;

/** What may be done about a cause. */
public sealed interface Remedy {

    /** Something a person does; one sentence. */
    record Advice(String text) implements Remedy {}

    /** Something the guard can do, where the service's policy allows it; names an action such as {@code roll-back}. */
    record Automatic(String action) implements Remedy {}
}
