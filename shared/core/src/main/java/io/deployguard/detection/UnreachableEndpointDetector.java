package io.deployguard.detection;

import io.deployguard.ecs.DeploymentId;
import java.util.Optional;

/** The release runs and its users do not reach it, or get the wrong answer: a listener that leads elsewhere emits no event at all. */
final class UnreachableEndpointDetector implements Detector {

    @Override
    public Optional<Detection.UnreachableEndpoint> detect(Observation observation, DetectionSettings settings) {
        return observation
                .look()
                .filter(look -> serves(observation.deployment(), look))
                .flatMap(Observation.Look::endpoint)
                .flatMap(asked -> asked.endpoint().complaint(asked.answer()))
                .map(complaint -> new Detection.UnreachableEndpoint(
                        observation.service(),
                        observation.deployment(),
                        observation.now(),
                        "the deployment is complete, but " + complaint));
    }

    /** Whoever took its place answers in its stead. */
    private static boolean serves(DeploymentId deployment, Observation.Look look) {
        return look.snapshot()
                .service()
                .primary()
                .filter(primary -> primary.id().equals(deployment))
                .isPresent();
    }
}
