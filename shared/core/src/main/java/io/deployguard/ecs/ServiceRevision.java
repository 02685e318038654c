package io.deployguard.ecs;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An immutable version of a service: what exactly a deployment puts in place.
 *
 * @param arn {@code arn:aws:ecs:R:A:service-revision/C/S/N}
 * @param images with the digests that ECS resolved when the revision was first deployed
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-revision.html">Service revisions</a>
 */
public record ServiceRevision(
        String arn, String taskDefinitionArn, List<ContainerImage> images, Optional<Instant> createdAt) {

    public ServiceRevision {
        images = List.copyOf(images);
    }

    public DeploymentId deploymentId() {
        return DeploymentId.ofRevision(arn);
    }

    /**
     * The image of one container.
     *
     * @param digest {@code sha256:…}; absent when ECS could not resolve the tag
     */
    public record ContainerImage(String container, String image, Optional<String> digest) {}
}
