package io.deployguard.simulation.account;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;

/** An entry of {@code deployments[]} of a service: one revision that has, or should have, tasks. Guarded by the lock of the account. */
final class Rollout {
    /** What became of it. */
    enum State {
        IN_PROGRESS,
        COMPLETED,
        FAILED
    }

    private final ServiceRevision revision;
    private final Instant createdAt;
    private State state = State.IN_PROGRESS;
    private String stateReason;
    private Instant updatedAt;
    private CircuitBreaker breaker;
    private int failedTasks;

    Rollout(ServiceRevision revision, Instant createdAt, CircuitBreaker breaker) {
        this.revision = revision;
        this.createdAt = createdAt;
        this.updatedAt = createdAt;
        this.breaker = breaker;
        this.stateReason = "ECS deployment " + revision.deploymentId() + " in progress.";
    }

    ServiceRevision revision() {
        return revision;
    }

    String id() {
        return revision.deploymentId();
    }

    State state() {
        return state;
    }

    CircuitBreaker breaker() {
        return breaker;
    }

    /** Starts anew, as the target of a rollback. */
    void restart(CircuitBreaker newBreaker) {
        breaker = newBreaker;
        failedTasks = 0;
    }

    void turn(State next, String reason, Instant now) {
        state = next;
        stateReason = reason;
        updatedAt = now;
    }

    /** Consecutive failures, as ECS counts them: none once a task runs. */
    void taskFailed() {
        failedTasks++;
    }

    void taskRuns() {
        failedTasks = 0;
    }

    boolean owns(SimulatedTask task) {
        return revision.runsAs(task);
    }

    /** As DescribeServices tells it. */
    ObjectNode describe(String status, int desired, List<SimulatedTask> tasks) {
        var own = tasks.stream().filter(this::owns).toList();
        var node = Json.object()
                .put("id", id())
                .put("status", status)
                .put("taskDefinition", revision.definition().arn())
                .put("desiredCount", desired)
                .put("pendingCount", Service.pending(own))
                .put("runningCount", Service.running(own))
                .put("failedTasks", failedTasks)
                .put("createdAt", Json.epochSeconds(createdAt))
                .put("updatedAt", Json.epochSeconds(updatedAt))
                .put("launchType", "FARGATE")
                .put("platformVersion", "1.4.0")
                .put("platformFamily", "Linux")
                .put("rolloutState", state.name())
                .put("rolloutStateReason", stateReason);
        node.set("networkConfiguration", revision.settings().networkConfiguration());
        return node;
    }
}
