package io.deployguard.aws.ecr;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.deployguard.aws.AwsClients;
import io.deployguard.aws.JsonCalls;
import io.deployguard.ecs.EcrImage;
import io.deployguard.ecs.ImageName;
import io.deployguard.ecs.ImageState;
import io.deployguard.ecs.ServiceRevision;
import io.deployguard.ecs.ServiceRevision.ContainerImage;
import io.deployguard.fault.GuardFault;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether the images of a revision can still be pulled, by their digests: the lifecycle policy of a repository deletes what is old or untagged, and
 * a tag that moved says nothing of the image that ran. Thread-safe.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImages.html">DescribeImages</a>
 */
public final class EcrImages {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final List<String> MANIFESTS = List.of(
            "application/vnd.oci.image.index.v1+json",
            "application/vnd.docker.distribution.manifest.list.v2+json",
            "application/vnd.oci.image.manifest.v1+json",
            "application/vnd.docker.distribution.manifest.v2+json");

    private final JsonCalls ecr;

    public EcrImages(AwsClients clients) {
        this.ecr = new JsonCalls(clients.signed("ecr", "api.ecr"), "ecr", "AmazonEC2ContainerRegistry_V20150921");
    }

    /** Repositories of other accounts and regions are not asked for: they need rights that the guard has no reason to have. */
    public ImageState of(ServiceRevision revision) {
        var account = revision.arn().split(":", 6)[4];
        var notChecked = new ArrayList<String>();
        for (var image : revision.images()) {
            var place = EcrImage.find(image.image())
                    .filter(known ->
                            known.account().equals(account) && known.region().equals(ecr.region()));
            if (place.isEmpty()) {
                notChecked.add("%s is not in a registry of this account and region".formatted(image.image()));
            } else if (image.digest().isEmpty()) {
                notChecked.add("ECS names no digest for %s".formatted(image.image()));
            } else {
                try {
                    var gone = whyGone(place.get(), image, image.digest().get());
                    if (gone.isPresent()) {
                        return new ImageState.Gone(gone.get());
                    }
                } catch (GuardFault fault) {
                    notChecked.add(String.valueOf(fault.getMessage()));
                    if (fault instanceof GuardFault.Unavailable || fault instanceof GuardFault.TimedOut) {
                        // From a network without a way to ECR each further question would cost seconds.
                        break;
                    }
                }
            }
        }
        return notChecked.isEmpty() ? new ImageState.Present() : new ImageState.NotChecked(notChecked);
    }

    /**
     * For which architectures an image is built ({@code amd64}, {@code arm64}); none when it is one image without an index, absent when it is not
     * in its repository.
     *
     * @throws GuardFault when it cannot be asked for
     * @see <a href="https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_BatchGetImage.html">BatchGetImage</a>
     */
    public Optional<List<String>> architectures(String image, EcrImage place) {
        var name = ImageName.parse(image);
        var question =
                JsonCalls.question().put("registryId", place.account()).put("repositoryName", place.repository());
        name.digest()
                .ifPresentOrElse(
                        digest -> question.putArray("imageIds").addObject().put("imageDigest", digest),
                        () -> question.putArray("imageIds").addObject().put("imageTag", name.tag()));
        MANIFESTS.forEach(question.putArray("acceptedMediaTypes")::add);
        JsonNode answer;
        try {
            answer = ecr.ask("BatchGetImage", "image " + image, question);
        } catch (GuardFault.NotFound noRepository) {
            return Optional.empty();
        }
        var manifest = answer.path("images").path(0).path("imageManifest");
        return manifest.isTextual() ? Optional.of(architectures(manifest.textValue())) : Optional.empty();
    }

    private static List<String> architectures(String manifest) {
        try {
            var names = new ArrayList<String>();
            JSON.readTree(manifest)
                    .path("manifests")
                    .forEach(each ->
                            names.add(each.path("platform").path("architecture").asText("unknown")));
            // What attests to an image stands beside it in the index, for the architecture unknown.
            return names.stream()
                    .filter(name -> !name.equals("unknown"))
                    .distinct()
                    .toList();
        } catch (JsonProcessingException unreadable) {
            return List.of();
        }
    }

    private Optional<String> whyGone(EcrImage place, ContainerImage image, String digest) {
        var question =
                JsonCalls.question().put("registryId", place.account()).put("repositoryName", place.repository());
        question.putArray("imageIds").addObject().put("imageDigest", digest);
        try {
            ecr.ask("DescribeImages", "image " + image.image() + " with digest " + digest, question);
            return Optional.empty();
        } catch (GuardFault.NotFound gone) {
            return Optional.of("image %s of container %s is not in repository %s any more"
                    .formatted(digest, image.container(), place.repository()));
        }
    }
}
