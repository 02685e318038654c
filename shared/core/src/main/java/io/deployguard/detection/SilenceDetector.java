package io.deployguard.detection;

import io.deployguard.ecs.ServiceDescription;
import io.deployguard.ecs.TaskHealth;
import java.time.Duration;
import java.util.Optional;

/**
 * A deployment is in progress and no task of it becomes healthy, though nothing stops: an entrypoint that waits for ever emits no event at all.
 * It lasts from the start of the deployment, and counts once start period, retries and grace period are over, not before the least time of the
 * settings.
 */
final class SilenceDetector implements Detector {

    @Override
    public Optional<Detection.Silence> detect(Observation observation, DetectionSettings settings) {
        return observation
                .look()
                .filter(look -> isInProgress(observation, look))
                .filter(look -> look.snapshot().service().desired() > 0)
                .filter(look -> TaskHealth.healthyTasksOf(observation.deployment(), look.snapshot())
                        .isEmpty())
                .filter(look -> lasting(look).compareTo(allowed(look, settings)) >= 0)
                .map(look -> new Detection.Silence(
                        observation.service(),
                        observation.deployment(),
                        observation.now(),
                        lasting(look),
                        "the deployment is in progress without a healthy task, longer than its checks allow"));
    }

    private static boolean isInProgress(Observation observation, Observation.Look look) {
        return look.snapshot()
                .service()
                .findRollout(observation.deployment())
                .filter(ServiceDescription.Rollout::isInProgress)
                .isPresent();
    }

    private static Duration lasting(Observation.Look look) {
        return Duration.between(look.startedAt(), look.snapshot().observedAt());
    }

    private static Duration allowed(Observation.Look look, DetectionSettings settings) {
        var patience = look.patience();
        return patience.compareTo(settings.silenceAtLeast()) > 0 ? patience : settings.silenceAtLeast();
    }
}
