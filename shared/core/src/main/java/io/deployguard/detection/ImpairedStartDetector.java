package io.deployguard.detection;

import io.deployguard.event.GuardEvent;
import java.util.Map;
import java.util.Optional;

/**
 * The service scheduler says that it cannot start tasks. The event's name decides: one public sample of a placement failure is typed INFO.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_events.html">Service action events</a>
 */
final class ImpairedStartDetector implements Detector {

    private static final Map<String, String> NAMES = Map.of(
            "SERVICE_TASK_START_IMPAIRED", "ECS is unable to consistently start tasks",
            "SERVICE_TASK_PLACEMENT_FAILURE", "ECS finds no place for a task",
            "SERVICE_TASK_CONFIGURATION_FAILURE", "ECS cannot start a task with this configuration",
            "SERVICE_DAEMON_PLACEMENT_CONSTRAINT_VIOLATED", "a daemon task no longer fits its host",
            "SERVICE_DEPLOYMENT_FAILED", "ECS gave the deployment up");

    @Override
    public Optional<Detection.ImpairedStart> detect(Observation observation, DetectionSettings settings) {
        return observation
                .event()
                .filter(GuardEvent.ServiceAction.class::isInstance)
                .map(GuardEvent.ServiceAction.class::cast)
                .filter(ImpairedStartDetector::isImpairment)
                .map(action -> new Detection.ImpairedStart(
                        action.service(), observation.deployment(), action.at(), action.name(), inWords(action)));
    }

    static boolean isImpairment(GuardEvent.ServiceAction action) {
        return NAMES.containsKey(action.name());
    }

    private static String inWords(GuardEvent.ServiceAction action) {
        return NAMES.get(action.name()) + (action.reason().isBlank() ? "" : " (" + action.reason() + ")");
    }
}
