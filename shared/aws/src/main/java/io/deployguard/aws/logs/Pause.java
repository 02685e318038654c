package io.deployguard.aws.logs;

import java.time.Duration;

/** Waits for a while of the guard's time. */
public interface Pause {

    /**
     * Returns when that time has passed.
     *
     * @throws InterruptedException when the thread is interrupted meanwhile
     */
    void await(Duration duration) throws InterruptedException;
}
