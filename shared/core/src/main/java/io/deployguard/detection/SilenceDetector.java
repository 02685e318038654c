package io.deployguard.detection;

import io.deployguard.ecs.Container;
import io.deployguard.ecs.ServiceDeployment;
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
                .filter(look -> !isHeldBeforeItsTasks(look))
                .filter(look -> hasNoHealthyTask(observation, look))
                .filter(look -> lasting(look).compareTo(allowed(look, settings)) >= 0)
                .map(look -> new Detection.Silence(
                        observation.service(),
                        observation.deployment(),
                        observation.now(),
                        lasting(look),
                        inWords(look, settings)));
    }

    private static boolean isInProgress(Observation observation, Observation.Look look) {
        return look.snapshot()
                .service()
                .findRollout(observation.deployment())
                .filter(ServiceDescription.Rollout::isInProgress)
                .isPresent();
    }

    /** A hook or a person holds it, and nobody has asked for a task of it yet. */
    private static boolean isHeldBeforeItsTasks(Observation.Look look) {
        return look.snapshot()
                .currentDeployment()
                .filter(ServiceDeployment::isBeforeItsTasks)
                .isPresent();
    }

    /** A container check without a result yet is known from the definition only; until it has passed, the task is not healthy. */
    private static boolean hasNoHealthyTask(Observation observation, Observation.Look look) {
        var healthy = TaskHealth.healthyTasksOf(observation.deployment(), look.snapshot());
        return look.hasContainerCheck()
                ? healthy.stream().noneMatch(task -> task.health() == Container.Health.HEALTHY)
                : healthy.isEmpty();
    }

    private static Duration lasting(Observation.Look look) {
        return Duration.between(look.startedAt(), look.snapshot().observedAt());
    }

    private static Duration allowed(Observation.Look look, DetectionSettings settings) {
        var expected = look.usual().map(usual -> usual.multipliedBy(2)).orElseGet(look::patience);
        return expected.compareTo(settings.silenceAtLeast()) > 0 ? expected : settings.silenceAtLeast();
    }

    /** The same words every minute, since it is the same sign. */
    private static String inWords(Observation.Look look, DetectionSettings settings) {
        var usual = look.usual()
                .map(known -> "; deployments of this service usually take %d seconds".formatted(known.toSeconds()))
                .orElse("");
        return "the deployment has been in progress for more than %d minutes without a healthy task%s"
                .formatted(allowed(look, settings).toMinutes(), usual);
    }
}
