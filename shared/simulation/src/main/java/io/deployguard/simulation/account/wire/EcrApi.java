package io.deployguard.simulation.account.wire;

import static io.deployguard.simulation.account.wire.Action.read;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deployguard.simulation.account.ContainerImages;
import io.deployguard.simulation.account.Json;
import java.util.List;

/** The actions of ECR that the endpoint serves. */
final class EcrApi {
    private final ContainerImages images;

    private EcrApi(ContainerImages images) {
        this.images = images;
    }

    static List<Action> of(ContainerImages images) {
        var api = new EcrApi(images);
        return List.of(
                read("ecr", "DescribeImages", "registryId repositoryName imageIds maxResults", api::describeImages),
                read(
                        "ecr",
                        "BatchGetImage",
                        "registryId repositoryName imageIds acceptedMediaTypes",
                        api::batchGetImage));
    }

    private ObjectNode describeImages(ObjectNode request) {
        var answer = Json.object();
        answer.putArray("imageDetails")
                .addAll(images.describe(
                        request.path("repositoryName").asText(),
                        named(request, "imageTag"),
                        named(request, "imageDigest")));
        return answer;
    }

    private ObjectNode batchGetImage(ObjectNode request) {
        var repository = request.path("repositoryName").asText();
        var answer = Json.object();
        var found = answer.putArray("images");
        var failures = answer.putArray("failures");
        for (var id : Json.elements(request, "imageIds")) {
            images.manifest(
                            repository,
                            id.path("imageDigest").asText(id.path("imageTag").asText()))
                    .ifPresentOrElse(
                            manifest -> {
                                var image = found.addObject()
                                        .put("repositoryName", repository)
                                        .put("imageManifest", manifest.toString())
                                        .put(
                                                "imageManifestMediaType",
                                                manifest.path("mediaType").asText());
                                image.set("imageId", id);
                            },
                            () -> failures.addObject()
                                    .put("failureCode", "ImageNotFound")
                                    .put("failureReason", "Requested image not found")
                                    .set("imageId", id));
        }
        return answer;
    }

    private static List<String> named(JsonNode request, String field) {
        return Json.elements(request, "imageIds").stream()
                .filter(id -> id.has(field))
                .map(id -> id.path(field).asText())
                .toList();
    }
}
