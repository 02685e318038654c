package io.deployguard.simulation.fleet;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Lets a fleet live for a while under the guard's eyes, and judges the guard by what was really the case. */
public final class FleetSimulation {

    private static final Duration STEP = Duration.ofHours(1);

    private FleetSimulation() {}

    /**
     * One simulation, in the caller's thread.
     *
     * @param patterns the EventBridge rules of the template by name, as JSON
     * @param followed names of services whose story is to be told
     * @param progress hears of every simulated hour
     */
    public static FleetReport run(
            FleetSettings settings, Map<String, String> patterns, Set<String> followed, Consumer<Duration> progress) {
        var fleet = new Fleet();
        try (var account = fleet.account()) {
            var judge = new Judge(fleet, followed);
            new GuardUnderTest(fleet, settings, judge, new EventRules(patterns)).begin();
            fleet.create(settings.services(), settings.seed());
            new Life(fleet, settings, judge).begin();
            for (var past = Duration.ZERO; past.compareTo(settings.length()) < 0; past = past.plus(STEP)) {
                account.advance(STEP);
                progress.accept(past.plus(STEP));
            }
            return judge.report(settings);
        }
    }
}
