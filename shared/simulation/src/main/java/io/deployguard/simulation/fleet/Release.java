package io.deployguard.simulation.fleet;

import java.util.Optional;

/**
 * A version of a service's software.
 *
 * @param taskDefinition its ARN
 * @param ailment what is wrong with it; empty when it is good
 */
record Release(String taskDefinition, Optional<Ailment> ailment) {

    boolean isBad() {
        return ailment.isPresent();
    }

    /** {@code family:revision}, with what is wrong. */
    String name() {
        return taskDefinition.substring(taskDefinition.lastIndexOf('/') + 1)
                + ailment.map(wrong -> " (" + wrong.name() + ")").orElse("");
    }
}
