package io.deployguard.detection;

import io.deployguard.ecs.DeploymentId;
import io.deployguard.ecs.ServiceRef;
import java.time.Duration;
import java.time.Instant;

/** Something is wrong with a deployment. */
public sealed interface Detection {

    ServiceRef service();

    /** The revision that is suspected. */
    DeploymentId deployment();

    /** When it became apparent. */
    Instant at();

    /** One sentence for people. */
    String because();

    /**
     * One unexpected stop, not yet a loop. It becomes an incident only when its cause is one that starting the same task again cannot cure.
     *
     * @param task id
     */
    record SuspiciousStop(ServiceRef service, DeploymentId deployment, Instant at, String task, String because)
            implements Detection {}

    /**
     * Tasks of one deployment keep stopping.
     *
     * @param stops unexpected stops within the window
     */
    record RestartLoop(
            ServiceRef service, DeploymentId deployment, Instant at, int stops, Duration window, String because)
            implements Detection {}

    /** ECS itself gave the deployment up. */
    record FailedDeployment(ServiceRef service, DeploymentId deployment, Instant at, String because)
            implements Detection {}

    /**
     * ECS cannot start or place tasks.
     *
     * @param name of the service action, such as {@code SERVICE_TASK_START_IMPAIRED}
     */
    record ImpairedStart(ServiceRef service, DeploymentId deployment, Instant at, String name, String because)
            implements Detection {}

    /** The deployment is complete, and the service's endpoint does not answer as its tags say it should. */
    record UnreachableEndpoint(ServiceRef service, DeploymentId deployment, Instant at, String because)
            implements Detection {}

    /** The deployment is complete, and it runs the very images that ran before. */
    record UnchangedImage(ServiceRef service, DeploymentId deployment, Instant at, String because)
            implements Detection {}

    /**
     * An alarm on the service went off while its deployment was under way, or soon after.
     *
     * @param alarm name
     */
    record Alarm(ServiceRef service, DeploymentId deployment, Instant at, String alarm, String because)
            implements Detection {}

    /** A deployment is in progress and no task of it is healthy, for longer than it should take; nothing else tells. */
    record Silence(ServiceRef service, DeploymentId deployment, Instant at, Duration lasting, String because)
            implements Detection {}
}
