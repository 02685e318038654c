package io.deployguard.simulation.account;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What one deployment of a service wants to run, with its image digests resolved once.
 *
 * @param number the N of {@code ecs-svc/N}, up to 19 digits
 * @param routes the target groups that its tasks register with: of a pair the one that was free when it was made
 */
record ServiceRevision(
        String arn,
        String number,
        Cluster cluster,
        String serviceArn,
        ServiceSettings settings,
        List<Image> images,
        List<Route> routes,
        Instant createdAt) {

    /** A container's image; {@code digest} is empty when its tag could not be resolved. */
    record Image(String container, String image, Optional<String> digest) {}

    /**
     * A port of the tasks that a target group checks.
     *
     * @param advanced {@code advancedConfiguration} of the load balancer; empty for a group without a pair
     */
    record Route(String groupArn, int port, JsonNode advanced) {
        /** Those of a service's settings, whose tasks shall not share a group with those of {@code neighbor}. */
        static List<Route> of(ServiceSettings settings, Optional<ServiceRevision> neighbor) {
            var taken = neighbor.map(other -> Set.copyOf(other.groupsByPort().values()))
                    .orElse(Set.of());
            return settings.loadBalancers().stream()
                    .map(balancer -> {
                        var advanced = balancer.path("advancedConfiguration");
                        var first = balancer.path("targetGroupArn").asText();
                        return new Route(
                                taken.contains(first)
                                        ? Json.text(advanced, "alternateTargetGroupArn")
                                                .orElse(first)
                                        : first,
                                balancer.path("containerPort").asInt(),
                                advanced);
                    })
                    .toList();
        }
    }

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

    Map<Integer, String> groupsByPort() {
        return routes.stream().collect(Collectors.toMap(Route::port, Route::groupArn, (first, _) -> first));
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
        var resolved = node.putObject("resolvedConfiguration").putArray("loadBalancers");
        routes.forEach(route -> {
            var entry = resolved.addObject().put("targetGroupArn", route.groupArn());
            Json.text(route.advanced(), "productionListenerRule")
                    .ifPresent(rule -> entry.put("productionListenerRule", rule));
        });
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
