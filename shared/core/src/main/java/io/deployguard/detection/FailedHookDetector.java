package io.deployguard.detection;

import io.deployguard.ecs.ServiceDeployment;
import io.deployguard.event.GuardEvent;
import java.util.Optional;

/**
 * A lifecycle hook turned a blue/green, linear or canary deployment around: its function refused the new revision, or nobody answered a pause in
 * time. ECS goes back by itself and sends no event that calls the deployment failed, unless the service has deployment alarms.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-lifecycle-hooks.html">Lifecycle hooks</a>
 */
final class FailedHookDetector implements Detector {

    @Override
    public Optional<Detection.FailedDeployment> detect(Observation observation, DetectionSettings settings) {
        return observation
                .event()
                .filter(GuardEvent.HookStateChange.class::isInstance)
                .map(GuardEvent.HookStateChange.class::cast)
                .filter(hook -> hook.isFailed() || (hook.isTimedOut() && endsTheDeployment(hook, observation)))
                .map(hook -> new Detection.FailedDeployment(
                        observation.service(),
                        observation.deployment(),
                        hook.at(),
                        "lifecycle hook %s at %s %s, so that ECS gives the deployment up"
                                .formatted(
                                        hook.hookId(),
                                        hook.stage(),
                                        hook.isFailed() ? "failed" : "was not answered in time")));
    }

    /** A pause may be set to go on when its time is over; then nothing has failed. */
    private static boolean endsTheDeployment(GuardEvent.HookStateChange timedOut, Observation observation) {
        return observation.look().stream()
                .flatMap(look -> look.snapshot().deployments().stream())
                .filter(deployment -> deployment.arn().equals(timedOut.serviceDeploymentArn()))
                .anyMatch(deployment -> deployment.status().isRollingBack()
                        || deployment.rollbackRevisionArn().isPresent()
                        || goesBackOnTimeout(deployment, timedOut.hookId()));
    }

    private static boolean goesBackOnTimeout(ServiceDeployment deployment, String hookId) {
        return deployment.hooks().stream()
                .filter(hook -> hook.id().equals(hookId))
                .anyMatch(hook -> hook.onTimeout().filter("ROLLBACK"::equals).isPresent());
    }
}
