package io.deployguard.simulation.fleet;

import java.util.Optional;

/**
 * A version of a service's software.
 *
 * @param taskDefinition its ARN
 * @param ailment what is wrong with it, for good or at first; empty when nothing is
 */
record Release(String taskDefinition, Optional<Ailment> ailment) {

    /** Whether it does not become well by itself. */
    boolean isBad() {
        return ailment.filter(wrong -> !wrong.passes()).isPresent();
    }

    /** {@code family:revision}, with what is wrong. */
    String name() {
        return taskDefinition.substring(taskDefinition.lastIndexOf('/') + 1)
                + ailment.map(wrong -> " (" + wrong.name() + ")").orElse("");
    }
}
