package io.deployguard.detection;

import io.deployguard.ecs.ServiceDescription;
import io.deployguard.ecs.TaskHealth;
import java.time.Duration;
import java.util.Optional;

/**
 * A deployment is in progress and no task of it becomes healthy, though nothing stops: an entrypoint that waits for ever emits no event at all.
 * It counts after twice the time that deployments of this service usually take; where none is known, once start period, retries and grace
 * period are over; and never before the least time of the settings.
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
                        inWords(look)));
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
        var expected = look.usual().map(usual -> usual.multipliedBy(2)).orElseGet(look::patience);
        return expected.compareTo(settings.silenceAtLeast()) > 0 ? expected : settings.silenceAtLeast();
    }

    private static String inWords(Observation.Look look) {
        var usual = look.usual()
                .map(known -> "; deployments of this service usually take %d seconds".formatted(known.toSeconds()))
                .orElse(", longer than its checks allow");
        return "the deployment has been in progress for %d minutes without a healthy task%s"
                .formatted(lasting(look).toMinutes(), usual);
    }
}
