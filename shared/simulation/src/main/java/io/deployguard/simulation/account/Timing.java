package io.deployguard.simulation.account;

import java.time.Duration;

/**
 * How long the steps of the simulated account take.
 *
 * @param provisioning until the network interface of a task is attached (PROVISIONING)
 * @param pulling until its images are there (PENDING)
 * @param pullingSpread by how much at most one task's images come later than another's
 * @param activating until its targets are registered (ACTIVATING)
 * @param stopping from SIGTERM to the end of its containers (STOPPING)
 * @param deprovisioning until its network interface is removed (DEPROVISIONING); 67 s and 125 s were seen in public samples
 * @param scheduling until the service scheduler reacts to a change
 * @param healthyWithoutChecks after RUNNING, when a task without any health check counts as healthy
 * @param eventDelay from a change to its event
 * @param logLag from the writing of a line until a read returns it
 * @param steadyStateEvery how often SERVICE_STEADY_STATE is repeated
 */
public record Timing(
        Duration provisioning,
        Duration pulling,
        Duration pullingSpread,
        Duration activating,
        Duration stopping,
        Duration deprovisioning,
        Duration scheduling,
        Duration healthyWithoutChecks,
        Duration eventDelay,
        Duration logLag,
        Duration steadyStateEvery) {
    /** What a small Fargate service in a calm hour shows. */
    public static Timing fargate() {
        return new Timing(
                Duration.ofSeconds(8),
                Duration.ofSeconds(14),
                Duration.ZERO,
                Duration.ofSeconds(2),
                Duration.ofSeconds(3),
                Duration.ofSeconds(67),
                Duration.ofSeconds(5),
                Duration.ofSeconds(40),
                Duration.ofSeconds(1),
                Duration.ofSeconds(5),
                Duration.ofHours(6));
    }

    /** The same with another delay between the writing of a log line and its arrival. */
    public Timing withLogLag(Duration lag) {
        return new Timing(
                provisioning,
                pulling,
                pullingSpread,
                activating,
                stopping,
                deprovisioning,
                scheduling,
                healthyWithoutChecks,
                eventDelay,
                lag,
                steadyStateEvery);
    }

    /** The same with images that come at different times, as on different hosts. */
    public Timing withPullingSpread(Duration most) {
        return new Timing(
                provisioning,
                pulling,
                most,
                activating,
                stopping,
                deprovisioning,
                scheduling,
                healthyWithoutChecks,
                eventDelay,
                logLag,
                steadyStateEvery);
    }
}
