package io.deployguard.detection;

import java.util.Optional;

/** The release runs and its users do not reach it, or get the wrong answer: a listener that leads elsewhere emits no event at all. */
final class UnreachableEndpointDetector implements Detector {

    @Override
    public Optional<Detection.UnreachableEndpoint> detect(Observation observation, DetectionSettings settings) {
        return observation
                .look()
                .flatMap(Observation.Look::endpoint)
                .flatMap(asked -> asked.endpoint().complaint(asked.answer()))
                .map(complaint -> new Detection.UnreachableEndpoint(
                        observation.service(),
                        observation.deployment(),
                        observation.now(),
                        "the deployment is complete, but " + complaint));
    }
}
