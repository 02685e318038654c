package io.deployguard.simulation.account;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The ECR repositories of the account: which tag points to which digest, and for which processors an image was built.
 *
 * <p>Images of repositories that were never named here are taken to exist, with a digest derived from their name.
 */
public final class ContainerImages {
    private record Image(String digest, Instant pushedAt, List<String> architectures, Set<String> tags) {}

    private final Agenda agenda;
    private final Arns arns;
    private final Map<String, Map<String, Image>> repositories = new LinkedHashMap<>();

    ContainerImages(Agenda agenda, Arns arns) {
        this.agenda = agenda;
        this.arns = arns;
    }

    /** Pushes an image built for {@code architectures} ({@code amd64}, {@code arm64}); the tag moves to it. Returns its digest. */
    public String push(String repository, String tag, String content, String... architectures) {
        return agenda.exclusively(() -> {
            var images = repositories.computeIfAbsent(repository, name -> new LinkedHashMap<>());
            images.values().forEach(image -> image.tags().remove(tag));
            var digest = digestOf(content);
            images.computeIfAbsent(
                            digest,
                            key -> new Image(
                                    key,
                                    agenda.now(),
                                    architectures.length == 0 ? List.of("amd64") : List.of(architectures),
                                    new LinkedHashSet<>()))
                    .tags()
                    .add(tag);
            return digest;
        });
    }

    /** Removes what {@code tag} points to, as a lifecycle rule does. */
    public void expire(String repository, String tag) {
        agenda.exclusively(() -> repositories
                .getOrDefault(repository, Map.of())
                .values()
                .removeIf(image -> image.tags().contains(tag)));
    }

    /** The name by which a task definition refers to a tag of this account. */
    public String uri(String repository, String tag) {
        return registry() + repository + ":" + tag;
    }

    /** The digest that {@code image} means now; empty when its tag or digest is not in a known repository. */
    Optional<String> resolve(String image) {
        var pinned = image.indexOf("@sha256:");
        var repository = repositoryOf(image);
        var known = repositories.get(repository);
        if (!image.startsWith(registry()) || known == null) {
            return Optional.of(pinned >= 0 ? image.substring(pinned + 1) : digestOf(image));
        }
        return pinned >= 0
                ? Optional.of(image.substring(pinned + 1)).filter(known::containsKey)
                : find(repository, tagOf(image)).map(Image::digest);
    }

    /** Whether an image of {@code digest} can still be pulled. */
    public boolean canPull(String image, String digest) {
        var known = repositories.get(repositoryOf(image));
        return !image.startsWith(registry()) || known == null || known.containsKey(digest);
    }

    /** One entry of {@code imageDetails} of DescribeImages for each image that is asked for. */
    public List<ObjectNode> describe(String repository, List<String> tags, List<String> digests) {
        return agenda.exclusively(() -> {
            var images = require(repository);
            tags.stream()
                    .filter(tag -> find(repository, tag).isEmpty())
                    .findFirst()
                    .ifPresent(tag -> {
                        throw notFound(repository, "imageTag:'" + tag + "'");
                    });
            digests.stream()
                    .filter(digest -> !images.containsKey(digest))
                    .findFirst()
                    .ifPresent(digest -> {
                        throw notFound(repository, "imageDigest:'" + digest + "'");
                    });
            return images.values().stream()
                    .filter(image -> (tags.isEmpty() && digests.isEmpty())
                            || digests.contains(image.digest())
                            || image.tags().stream().anyMatch(tags::contains))
                    .map(image -> detail(repository, image))
                    .toList();
        });
    }

    /** The OCI index of an image, naming its architectures; empty when there is no such image. */
    public Optional<ObjectNode> manifest(String repository, String tagOrDigest) {
        return agenda.exclusively(() -> Optional.ofNullable(require(repository).get(tagOrDigest))
                .or(() -> find(repository, tagOrDigest))
                .map(ContainerImages::index));
    }

    private static ObjectNode index(Image image) {
        var index = Json.object().put("schemaVersion", 2).put("mediaType", "application/vnd.oci.image.index.v1+json");
        var manifests = index.putArray("manifests");
        image.architectures()
                .forEach(architecture -> manifests
                        .addObject()
                        .put("mediaType", "application/vnd.oci.image.manifest.v1+json")
                        .put("digest", digestOf(image.digest() + architecture))
                        .put("size", 1_203)
                        .putObject("platform")
                        .put("architecture", architecture)
                        .put("os", "linux"));
        return index;
    }

    private ObjectNode detail(String repository, Image image) {
        var detail = Json.object()
                .put("registryId", arns.account())
                .put("repositoryName", repository)
                .put("imageDigest", image.digest())
                .put("imageSizeInBytes", 61_203_442L)
                .put("imagePushedAt", Json.epochSeconds(image.pushedAt()));
        detail.set("imageTags", Json.texts(image.tags()));
        return detail;
    }

    private Map<String, Image> require(String repository) {
        var images = repositories.get(repository);
        if (images == null) {
            throw AwsError.refused(
                    "RepositoryNotFoundException",
                    "The repository with name '%s' does not exist in the registry with id '%s'"
                            .formatted(repository, arns.account()));
        }
        return images;
    }

    private Optional<Image> find(String repository, String tag) {
        return repositories.getOrDefault(repository, Map.of()).values().stream()
                .filter(image -> image.tags().contains(tag))
                .findFirst();
    }

    private AwsError notFound(String repository, String image) {
        return AwsError.refused(
                "ImageNotFoundException",
                "The image with imageId {%s} does not exist within the repository with name '%s' in the registry with id '%s'"
                        .formatted(image, repository, arns.account()));
    }

    private String registry() {
        return "%s.dkr.ecr.%s.amazonaws.com/".formatted(arns.account(), arns.region());
    }

    private String repositoryOf(String image) {
        var path = image.startsWith(registry()) ? image.substring(registry().length()) : image;
        int end = path.contains("@") ? path.indexOf('@') : path.lastIndexOf(':');
        return end < 0 ? path : path.substring(0, end);
    }

    private static String tagOf(String image) {
        int colon = image.lastIndexOf(':');
        return colon > image.lastIndexOf('/') ? image.substring(colon + 1) : "latest";
    }

    private static String digestOf(String content) {
        try {
            var sha = MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
            return "sha256:" + HexFormat.of().formatHex(sha);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
