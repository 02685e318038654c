package io.deployguard.detection;

import io.deployguard.ecs.DeploymentId;
import io.deployguard.ecs.ServiceDeployment;
import io.deployguard.ecs.ServiceRevision;
import io.deployguard.ecs.ServiceSnapshot;
import io.deployguard.event.GuardEvent;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A completed deployment whose images are, digest by digest, those of the one before, though another tag was named or a new deployment forced.
 * Whether that is a mistake only its owner knows: a release of many services at once leaves most of them as they were. So the service's tag
 * {@value #TAG} must ask for it.
 */
final class UnchangedImageDetector implements Detector {

    static final String TAG = "deploy-guard:unchanged-image";
    private static final String TELL = "tell";

    @Override
    public Optional<Detection.UnchangedImage> detect(Observation observation, DetectionSettings settings) {
        return observation
                .event()
                .filter(event -> event instanceof GuardEvent.DeploymentStateChange change && change.isCompleted())
                .flatMap(_ -> observation.look())
                .map(Observation.Look::snapshot)
                .filter(snapshot -> TELL.equals(snapshot.service().tags().get(TAG)))
                .filter(snapshot -> !isRollback(snapshot, observation.deployment()))
                .flatMap(snapshot -> unchanged(snapshot, observation.deployment()))
                .map(image -> new Detection.UnchangedImage(
                        observation.service(),
                        observation.deployment(),
                        observation.now(),
                        "the deployment is complete, but %s is the image that ran before".formatted(image)));
    }

    /** The image that stayed; absent when one changed, or when that cannot be told. */
    private static Optional<String> unchanged(ServiceSnapshot snapshot, DeploymentId deployment) {
        var now = snapshot.findRevision(deployment);
        var before = previous(snapshot, deployment);
        if (now.isEmpty() || before.isEmpty()) {
            return Optional.empty();
        }
        var digests = digests(now.get());
        var meantToChange = !names(now.get()).equals(names(before.get()))
                || now.get().taskDefinitionArn().equals(before.get().taskDefinitionArn());
        return meantToChange && !digests.isEmpty() && digests.equals(digests(before.get()))
                ? now.get().images().stream()
                        .map(ServiceRevision.ContainerImage::image)
                        .findFirst()
                : Optional.empty();
    }

    private static Optional<ServiceRevision> previous(ServiceSnapshot snapshot, DeploymentId deployment) {
        return snapshot.deployments().stream()
                .dropWhile(known -> !known.deploymentId().equals(deployment))
                .skip(1)
                .filter(known -> known.status() == ServiceDeployment.Status.SUCCESSFUL)
                .flatMap(known -> snapshot.findRevision(known.deploymentId()).stream())
                .findFirst();
    }

    private static boolean isRollback(ServiceSnapshot snapshot, DeploymentId deployment) {
        return snapshot.deployments().stream()
                .filter(known -> known.deploymentId().equals(deployment))
                .anyMatch(known -> known.rollbackRevisionArn().isPresent()
                        || known.status().isRollingBack());
    }

    private static Map<String, String> names(ServiceRevision revision) {
        var names = new HashMap<String, String>();
        revision.images().forEach(image -> names.put(image.container(), image.image()));
        return names;
    }

    /** Container → digest; empty when one is not known. */
    private static Map<String, String> digests(ServiceRevision revision) {
        var digests = new HashMap<String, String>();
        revision.images()
                .forEach(image -> digests.put(image.container(), image.digest().orElse("")));
        return digests.values().stream().anyMatch(digest -> Objects.equals(digest, "")) ? Map.of() : digests;
    }
}
