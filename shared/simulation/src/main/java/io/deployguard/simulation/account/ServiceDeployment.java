package io.deployguard.simulation.account;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A service deployment: the history of one attempt to bring a revision up. Guarded by the lock of the account. */
final class ServiceDeployment {
    /** The statuses of ECS. */
    enum Status {
        PENDING,
        IN_PROGRESS,
        STOP_REQUESTED,
        STOPPED,
        SUCCESSFUL,
        ROLLBACK_REQUESTED,
        ROLLBACK_IN_PROGRESS,
        ROLLBACK_SUCCESSFUL,
        ROLLBACK_FAILED
    }

    private record Rollback(String reason, Instant startedAt, ServiceRevision to) {}

    private static final Set<Status> RUNNING = EnumSet.of(
            Status.PENDING,
            Status.IN_PROGRESS,
            Status.STOP_REQUESTED,
            Status.ROLLBACK_REQUESTED,
            Status.ROLLBACK_IN_PROGRESS);

    private final String arn;
    private final Service service;
    private final ServiceRevision target;
    private final List<ServiceRevision> sources;
    private final CircuitBreaker breaker;
    private final Instant createdAt;
    private Status status = Status.IN_PROGRESS;
    private String statusReason = "";
    private Instant updatedAt;
    private @Nullable Instant finishedAt;
    private @Nullable Instant stoppedAt;
    private @Nullable Rollback rollback;
    private @Nullable TrafficShift shift;

    ServiceDeployment(
            String arn,
            Service service,
            ServiceRevision target,
            List<ServiceRevision> sources,
            CircuitBreaker breaker,
            Optional<TrafficShift> shift,
            Instant createdAt) {
        this.arn = arn;
        this.service = service;
        this.target = target;
        this.sources = List.copyOf(sources);
        this.breaker = breaker;
        this.shift = shift.orElse(null);
        this.createdAt = createdAt;
        this.updatedAt = createdAt;
    }

    String arn() {
        return arn;
    }

    Service service() {
        return service;
    }

    ServiceRevision target() {
        return target;
    }

    Status status() {
        return status;
    }

    Instant createdAt() {
        return createdAt;
    }

    /** How it shifts traffic, until it has completed; absent for a rolling update. */
    Optional<TrafficShift> shift() {
        return Optional.ofNullable(shift);
    }

    void endShift() {
        shift = null;
    }

    boolean isRunning() {
        return RUNNING.contains(status);
    }

    boolean isRollingBack() {
        return status == Status.ROLLBACK_REQUESTED || status == Status.ROLLBACK_IN_PROGRESS;
    }

    void turn(Status next, String reason, Instant now) {
        status = next;
        statusReason = reason;
        updatedAt = now;
        switch (next) {
            case STOPPED -> stoppedAt = now;
            case SUCCESSFUL, ROLLBACK_SUCCESSFUL, ROLLBACK_FAILED -> finishedAt = now;
            case PENDING, IN_PROGRESS, STOP_REQUESTED, ROLLBACK_REQUESTED, ROLLBACK_IN_PROGRESS -> {}
        }
    }

    void rollBack(ServiceRevision to, String reason, Instant now) {
        rollback = new Rollback(reason, now, to);
    }

    /** As ListServiceDeployments tells it. */
    ObjectNode brief() {
        var node = Json.object()
                .put("serviceDeploymentArn", arn)
                .put("serviceArn", service.arn())
                .put("clusterArn", service.cluster().arn())
                .put("status", status.name())
                .put("statusReason", statusReason)
                .put("createdAt", Json.epochSeconds(createdAt))
                .put("startedAt", Json.epochSeconds(createdAt))
                .put("targetServiceRevisionArn", target.arn());
        if (finishedAt != null) {
            node.put("finishedAt", Json.epochSeconds(finishedAt));
        }
        return node;
    }

    /** As DescribeServiceDeployments tells it. */
    ObjectNode describe() {
        var node = brief();
        node.remove("targetServiceRevisionArn");
        node.put("updatedAt", Json.epochSeconds(updatedAt));
        if (stoppedAt != null) {
            node.put("stoppedAt", Json.epochSeconds(stoppedAt));
        }
        var described = node.putArray("sourceServiceRevisions");
        sources.forEach(source -> described.add(service.summary(source)));
        node.set("targetServiceRevision", service.summary(target));
        node.set("deploymentConfiguration", target.settings().deploymentConfiguration());
        node.set("deploymentCircuitBreaker", breaker.describe());
        node.putObject("alarms").put("status", "DISABLED").putArray("alarmNames");
        shift().ifPresent(on -> on.describe(node));
        if (rollback != null) {
            node.putObject("rollback")
                    .put("reason", rollback.reason())
                    .put("startedAt", Json.epochSeconds(rollback.startedAt()))
                    .put("serviceRevisionArn", rollback.to().arn());
        }
        return node;
    }
}
