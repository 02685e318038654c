package io.deployguard.simulation.memory;

import io.deployguard.ecs.ServiceRef;
import io.deployguard.incident.ServiceLease;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** Leases by service. A row stays when its lease is given back, so that the fencing number only grows. */
final class InMemoryServiceLease implements ServiceLease {

    private final Table<ServiceRef, Lease> leases = new Table<>();
    private final InstantSource clock;

    InMemoryServiceLease(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public Optional<Long> acquire(ServiceRef service, String holder, Duration duration) {
        var now = clock.instant();
        var known = leases.find(service);
        if (known.filter(lease -> lease.isHeldAt(now) && !lease.holder().equals(holder))
                .isPresent()) {
            return Optional.empty();
        }
        var fence = known.map(Lease::fence).orElse(0L) + 1;
        leases.put(service, new Lease(holder, fence, now.plus(duration)));
        return Optional.of(fence);
    }

    @Override
    public boolean holds(ServiceRef service, long fence) {
        return leases.find(service)
                .filter(lease -> lease.fence() == fence && lease.isHeldAt(clock.instant()))
                .isPresent();
    }

    @Override
    public void release(ServiceRef service, long fence) {
        if (holds(service, fence)) {
            leases.find(service)
                    .ifPresent(lease -> leases.put(service, new Lease(lease.holder(), fence, clock.instant())));
        }
    }

    Table<?, ?> table() {
        return leases;
    }

    private record Lease(String holder, long fence, Instant until) {

        boolean isHeldAt(Instant now) {
            return until.isAfter(now);
        }
    }
}
