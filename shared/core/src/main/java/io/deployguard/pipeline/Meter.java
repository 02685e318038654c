package io.deployguard.pipeline;

import java.util.Map;

/** Where the guard's figures about itself go. Never fails and never holds its caller up; may be shared by threads. */
public interface Meter {

    /** For programs that nobody watches. */
    Meter NONE = (_, _) -> {};

    /**
     * Takes the figures of one happening.
     *
     * @param values in the unit of each metric
     * @param about what they are about, in the fixed fields of the log
     */
    void record(Map<Metric, Double> values, Map<String, ?> about);
}
