package io.deployguard.simulation.account;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The deployment circuit breaker of ECS, for one deployment.
 *
 * <p>Stage 1 counts tasks in a row that never reach RUNNING and ends with the first that does; stage 2 counts failed health checks. A
 * container that runs and then ends, without any check to notice, is counted by neither.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html">Circuit breaker</a>
 */
final class CircuitBreaker {
    private enum Status {
        DISABLED,
        MONITORING,
        TRIGGERED,
        MONITORING_COMPLETE
    }

    private final int threshold;
    private Status status;
    private int failures;
    private boolean running;

    CircuitBreaker(boolean enabled, int desiredCount) {
        this.threshold = threshold(desiredCount);
        this.status = enabled ? Status.MONITORING : Status.DISABLED;
    }

    /** Half the desired count, rounded up, at least 3 and at most 200. */
    static int threshold(int desiredCount) {
        return Math.clamp(Math.ceilDiv(desiredCount, 2), 3, 200);
    }

    void taskRuns() {
        if (!running) {
            running = true;
            failures = 0;
        }
    }

    /** Counts a failure where the stage allows; true when it is the one that breaks the circuit. */
    boolean breaksAt(TaskWatcher.Failure failure) {
        if (status != Status.MONITORING) {
            return false;
        }
        var counts = switch (failure) {
            case START -> !running;
            case HEALTH_CHECK -> running;
            case EXIT -> false;
        };
        if (counts && ++failures >= threshold) {
            status = Status.TRIGGERED;
            return true;
        }
        return false;
    }

    void deploymentEnded() {
        if (status == Status.MONITORING) {
            status = Status.MONITORING_COMPLETE;
        }
    }

    int failures() {
        return failures;
    }

    ObjectNode describe() {
        return Json.object()
                .put("status", status.name())
                .put("failureCount", failures)
                .put("threshold", threshold);
    }
}
