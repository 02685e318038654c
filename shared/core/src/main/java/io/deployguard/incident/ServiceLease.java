package io.deployguard.incident;

import io.deployguard.ecs.ServiceRef;
import java.time.Duration;
import java.util.Optional;

/** At most one actor changes a service at a time. Times are the database's, since the clocks of functions differ. */
public interface ServiceLease {

    /**
     * Takes the lease when nobody holds it, or its holder's time is up, or the same holder asks again.
     *
     * @return the fencing number, greater than every earlier one of this service; absent when somebody else holds it
     */
    Optional<Long> acquire(ServiceRef service, String holder, Duration duration);

    /** Whether this number is still the newest and its time is not up. */
    boolean holds(ServiceRef service, long fence);

    /** Gives it back; harmless when it is not held. */
    void release(ServiceRef service, long fence);
}
