package io.deployguard.simulation.account;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A Fargate task from PROVISIONING to STOPPED. Guarded by the lock of the account; {@link TaskLifecycle} alone moves it. */
final class SimulatedTask {
    /** The life cycle in its order. */
    enum Status {
        PROVISIONING,
        PENDING,
        ACTIVATING,
        RUNNING,
        DEACTIVATING,
        STOPPING,
        DEPROVISIONING,
        STOPPED
    }

    /** Why a task ends; both texts appear in its events. */
    record Stop(String code, String reason) {}

    /** What a task is started with; {@code service} is empty for RunTask. */
    record Launch(
            TaskDefinition definition,
            String group,
            Optional<String> startedBy,
            Optional<ServiceRevision> revision,
            Optional<Service> service,
            ObjectNode overrides) {
        List<String> command() {
            return Json.elements(overrides, "containerOverrides").stream()
                    .map(override -> Json.textsIn(override, "command"))
                    .filter(command -> !command.isEmpty())
                    .findFirst()
                    .orElse(List.of());
        }
    }

    private final String id;
    private final String arn;
    private final Cluster cluster;
    private final Launch launch;
    private final String attachmentId;
    private final List<SimulatedContainer> containers = new ArrayList<>();
    private final List<TargetGroup.Target> targets = new ArrayList<>();
    private final Map<String, Instant> moments = new LinkedHashMap<>();
    private Status status = Status.PROVISIONING;
    private long version;
    private @Nullable Stop stop;
    private @Nullable String address;
    private boolean wasHealthy;

    SimulatedTask(String id, String arn, Cluster cluster, Launch launch, String attachmentId) {
        this.id = id;
        this.arn = arn;
        this.cluster = cluster;
        this.launch = launch;
        this.attachmentId = attachmentId;
    }

    String id() {
        return id;
    }

    String arn() {
        return arn;
    }

    Cluster cluster() {
        return cluster;
    }

    Launch launch() {
        return launch;
    }

    String attachmentId() {
        return attachmentId;
    }

    Status status() {
        return status;
    }

    Optional<Stop> stop() {
        return Optional.ofNullable(stop);
    }

    Optional<String> address() {
        return Optional.ofNullable(address);
    }

    List<SimulatedContainer> containers() {
        return containers;
    }

    SimulatedContainer mainContainer() {
        var name = launch.definition().mainContainer().name();
        return containers.stream()
                .filter(container -> container.definition.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    List<TargetGroup.Target> targets() {
        return targets;
    }

    /** Whether the task is wanted: its desired status is RUNNING. */
    boolean isWanted() {
        return stop == null;
    }

    boolean isRunning() {
        return isWanted() && status == Status.RUNNING;
    }

    boolean wasHealthy() {
        return wasHealthy;
    }

    void noteHealthy() {
        wasHealthy = true;
    }

    Optional<Instant> startedAt() {
        return moment("startedAt");
    }

    Optional<Instant> moment(String name) {
        return Optional.ofNullable(moments.get(name));
    }

    void note(String moment, Instant at) {
        moments.putIfAbsent(moment, at);
    }

    void attach(String privateAddress) {
        address = privateAddress;
    }

    void want(Stop stopped) {
        stop = stopped;
    }

    void move(Status next) {
        status = next;
    }

    long nextVersion() {
        return ++version;
    }

    boolean hasContainerChecks() {
        return checkedContainers().findAny().isPresent();
    }

    /** HEALTHY, UNHEALTHY or UNKNOWN, from the essential containers that have a health check. */
    String healthStatus() {
        var states =
                checkedContainers().map(container -> container.healthStatus).toList();
        if (states.contains("UNHEALTHY")) {
            return "UNHEALTHY";
        }
        return states.isEmpty() || states.contains("UNKNOWN") ? "UNKNOWN" : "HEALTHY";
    }

    private Stream<SimulatedContainer> checkedContainers() {
        return containers.stream()
                .filter(container -> container.definition.essential())
                .filter(container -> container.definition.healthCheck().isPresent());
    }

    /** As DescribeTasks tells it. */
    ObjectNode describe() {
        var node = common("ElasticNetworkInterface");
        node.put("healthStatus", healthStatus());
        moments.forEach((name, at) -> node.put(name, Json.epochSeconds(at)));
        var described = node.putArray("containers");
        containers.forEach(
                container -> described.add(container.describe(this).put("healthStatus", container.healthStatus)));
        return node;
    }

    /** As the detail of an event: times as text, no health status. */
    ObjectNode detail(Instant updatedAt) {
        var node = common("eni");
        moments.forEach((name, at) -> node.put(name, Json.iso(at)));
        node.put("updatedAt", Json.iso(updatedAt));
        var described = node.putArray("containers");
        containers.forEach(container -> described.add(container.describe(this)));
        return node;
    }

    private ObjectNode common(String attachmentType) {
        var request = launch.definition().request();
        var node = Json.object()
                .put("taskArn", arn)
                .put("clusterArn", cluster.arn())
                .put("taskDefinitionArn", launch.definition().arn())
                .put("group", launch.group())
                .put("availabilityZone", cluster.availabilityZone())
                .put("connectivity", address == null ? "DISCONNECTED" : "CONNECTED")
                .put("cpu", request.path("cpu").asText("256"))
                .put("memory", request.path("memory").asText("512"))
                .put("launchType", "FARGATE")
                .put("platformVersion", "1.4.0")
                .put("platformFamily", "Linux")
                .put("enableExecuteCommand", false)
                .put("desiredStatus", isWanted() ? "RUNNING" : "STOPPED")
                .put("lastStatus", status.name())
                .put("version", version);
        launch.startedBy().ifPresent(starter -> node.put("startedBy", starter));
        stop().ifPresent(why -> node.put("stopCode", why.code()).put("stoppedReason", why.reason()));
        node.putObject("ephemeralStorage").put("sizeInGiB", 20);
        node.set("overrides", launch.overrides());
        node.putArray("attributes")
                .addObject()
                .put("name", "ecs.cpu-architecture")
                .put(
                        "value",
                        request.path("runtimePlatform")
                                .path("cpuArchitecture")
                                .asText("x86_64")
                                .toLowerCase(Locale.ROOT));
        node.putArray("attachments").add(attachment(attachmentType));
        return node;
    }

    private ObjectNode attachment(String type) {
        // The API says ElasticNetworkInterface where the event says eni.
        var attachment = Json.object().put("id", attachmentId).put("type", type).put("status", attachmentStatus());
        var details = attachment.putArray("details");
        details.addObject().put("name", "subnetId").put("value", "subnet-0a1b2c3d4e5f60718");
        address().ifPresent(ip -> {
            details.addObject().put("name", "networkInterfaceId").put("value", "eni-" + id.substring(0, 17));
            details.addObject().put("name", "privateIPv4Address").put("value", ip);
        });
        return attachment;
    }

    private String attachmentStatus() {
        return switch (status) {
            case PROVISIONING -> "PRECREATED";
            case PENDING, ACTIVATING, RUNNING, DEACTIVATING, STOPPING -> "ATTACHED";
            case DEPROVISIONING -> "DETACHING";
            case STOPPED -> "DELETED";
        };
    }
}
