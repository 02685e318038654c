package io.deployguard.simulation.account;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What one deployment of a service wants to run, with its image digests resolved once.
 *
 * @param number the N of {@code ecs-svc/N}, up to 19 digits
 */
record ServiceRevision(
        String arn,
        String number,
        Cluster cluster,
        String serviceArn,
        ServiceSettings settings,
        List<Image> images,
        Instant createdAt) {

    /** A container's image; {@code digest} is empty when its tag could not be resolved. */
    record Image(String container, String image, Optional<String> digest) {}

    /** A port of the tasks that a target group checks. */
    record TargetPort(String groupArn, int port) {}

    TaskDefinition definition() {
        return settings.definition();
    }

    /** As tasks name it in {@code startedBy}, and deployments in their {@code id}. */
    String deploymentId() {
        return "ecs-svc/" + number;
    }

    boolean runsAs(SimulatedTask task) {
        return task.launch().revision().filter(this::equals).isPresent();
    }

    Optional<String> digest(String container) {
        return images.stream()
                .filter(image -> image.container().equals(container))
                .findFirst()
                .flatMap(Image::digest);
    }

    List<TargetPort> targets() {
        return settings.loadBalancers().stream()
                .map(node -> new TargetPort(
                        node.path("targetGroupArn").asText(),
                        node.path("containerPort").asInt()))
                .toList();
    }

    /** As DescribeServiceRevisions tells it. */
    ObjectNode describe() {
        var node = Json.object()
                .put("serviceRevisionArn", arn)
                .put("serviceArn", serviceArn)
                .put("clusterArn", cluster.arn())
                .put("taskDefinition", definition().arn())
                .put("launchType", "FARGATE")
                .put("platformVersion", "1.4.0")
                .put("platformFamily", "Linux")
                .put("createdAt", Json.epochSeconds(createdAt));
        node.putArray("loadBalancers").addAll(settings.loadBalancers());
        node.set("networkConfiguration", settings.networkConfiguration());
        node.putObject("resolvedConfiguration")
                .putArray("loadBalancers")
                .addAll(settings.loadBalancers().stream()
                        .map(balancer -> Json.object()
                                .put(
                                        "targetGroupArn",
                                        balancer.path("targetGroupArn").asText()))
                        .toList());
        var described = node.putArray("containerImages");
        images.forEach(image -> {
            var entry = described
                    .addObject()
                    .put("containerName", image.container())
                    .put("image", image.image());
            image.digest().ifPresent(digest -> entry.put("imageDigest", digest));
        });
        return node;
    }
}
