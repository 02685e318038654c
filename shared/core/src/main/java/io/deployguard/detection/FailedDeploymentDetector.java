package io.deployguard.detection;

import io.deployguard.event.GuardEvent;
import java.util.Optional;

/**
 * ECS or CodeDeploy says itself that the deployment failed. ECS does so only for services with a circuit breaker or deployment alarms.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_deployment_events.html">Service deployment state change
 *     events</a>
 */
final class FailedDeploymentDetector implements Detector {

    @Override
    public Optional<Detection.FailedDeployment> detect(Observation observation, DetectionSettings settings) {
        return observation
                .event()
                .filter(GuardEvent.DeploymentStateChange.class::isInstance)
                .map(GuardEvent.DeploymentStateChange.class::cast)
                .filter(GuardEvent.DeploymentStateChange::isFailed)
                .map(event -> new Detection.FailedDeployment(
                        event.service(),
                        event.deployment(),
                        event.at(),
                        event.isOfCodeDeploy()
                                ? event.reason()
                                : "ECS gave the deployment up"
                                        + (event.reason().isBlank() ? "" : ": " + event.reason())));
    }
}
