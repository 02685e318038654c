package io.deployguard.postgres;

import static io.deployguard.postgres.Samples.service;
import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.incident.ServiceLease;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class ServiceLeaseIT {

    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration OVER_AT_ONCE = Duration.ZERO;
    private static final TestDatabase DATABASE = TestDatabase.fresh();
    private final ServiceLease leases = OneByOne.store(DATABASE.open(), ServiceLease.class);

    @AfterAll
    static void close() {
        DATABASE.close();
    }

    @Test
    void letsOneHolderInAtATime() {
        var service = service("one");

        assertThat(leases.acquire(service, "act-1", LONG)).contains(1L);
        assertThat(leases.acquire(service, "act-2", LONG)).isEmpty();
        assertThat(leases.holds(service, 1)).isTrue();
        assertThat(leases.acquire(service("two"), "act-2", LONG))
                .as("another service")
                .isPresent();
    }

    @Test
    void givesTheSameHolderANewNumberAndFencesTheOldOne() {
        var service = service("again");
        leases.acquire(service, "act-1", LONG);

        assertThat(leases.acquire(service, "act-1", LONG)).contains(2L);
        assertThat(leases.holds(service, 1)).isFalse();
        assertThat(leases.holds(service, 2)).isTrue();
    }

    @Test
    void passesOnWhenTheTimeIsUpByTheDatabasesClock() {
        var service = service("time-up");
        leases.acquire(service, "act-1", OVER_AT_ONCE);

        assertThat(leases.holds(service, 1)).isFalse();
        assertThat(leases.acquire(service, "act-2", LONG)).contains(2L);
    }

    @Test
    void countsOnAfterItWasGivenBack() {
        var service = service("given-back");
        leases.acquire(service, "act-1", LONG);
        leases.release(service, 1);
        leases.release(service, 1);

        assertThat(leases.holds(service, 1)).isFalse();
        assertThat(leases.acquire(service, "act-2", LONG)).contains(2L);
    }

    @Test
    void cannotBeGivenBackByAFormerHolder() {
        var service = service("former");
        leases.acquire(service, "act-1", OVER_AT_ONCE);
        leases.acquire(service, "act-2", LONG);
        leases.release(service, 1);

        assertThat(leases.holds(service, 2)).isTrue();
    }
}
