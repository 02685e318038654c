package io.deployguard.simulation.fleet;

import java.time.Duration;

/**
 * What is to be simulated. The same settings give the same simulation, to the last byte of its report.
 *
 * @param services 1 to 2,000
 * @param length in simulated time
 * @param trouble whether there are bad releases, outages and lost calls, or only healthy churn
 */
public record FleetSettings(long seed, int services, Duration length, boolean trouble) {

    private static final int MOST_SERVICES = 2_000;

    public FleetSettings {
        if (services < 1 || services > MOST_SERVICES) {
            throw new IllegalArgumentException("services: expected 1 to %d, got %d".formatted(MOST_SERVICES, services));
        }
        if (!length.isPositive()) {
            throw new IllegalArgumentException("hours: expected a positive number, got " + length);
        }
    }

    public static FleetSettings of(long seed, int services, long hours) {
        return new FleetSettings(seed, services, Duration.ofHours(hours), true);
    }

    /** The same fleet with good releases only, on days without outages. */
    public FleetSettings healthy() {
        return new FleetSettings(seed, services, length, false);
    }
}
