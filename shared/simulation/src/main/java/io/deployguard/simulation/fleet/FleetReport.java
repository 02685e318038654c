package io.deployguard.simulation.fleet;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What came of a simulation.
 *
 * @param deployments all that began, rollbacks included
 * @param failedDeployments those of bad releases
 * @param incidents that people were told of
 * @param messages that people got, edits not counted
 * @param actions that the guard took
 * @param verdicts how incidents ended, by outcome
 * @param leftToPeople why the guard did not go back although that would have healed, by reason, in services of mode {@code auto}
 * @param noticed from the first unexpected stop to the first message, of releases that crash
 * @param acted from the first unexpected stop to the action
 * @param healed from the first unexpected stop until the guard called the service healed
 * @param findings in the order in which they were found
 * @param story of the services that were to be followed, one line each
 */
public record FleetReport(
        FleetSettings settings,
        long events,
        int deployments,
        int failedDeployments,
        int incidents,
        int messages,
        int actions,
        Map<String, Integer> verdicts,
        Map<String, Integer> leftToPeople,
        Optional<Spread> noticed,
        Optional<Spread> acted,
        Optional<Spread> healed,
        List<Finding> findings,
        List<String> story) {

    /** How long something took. */
    public record Spread(int count, Duration median, Duration ninth, Duration longest) {

        static Optional<Spread> of(List<Duration> durations) {
            var sorted = durations.stream().sorted().toList();
            return sorted.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Spread(
                            sorted.size(),
                            sorted.get(sorted.size() / 2),
                            sorted.get(sorted.size() * 9 / 10),
                            sorted.getLast()));
        }
    }

    public long count(Finding.Kind kind) {
        return findings.stream().filter(finding -> finding.kind() == kind).count();
    }

    /** Nothing was missed, done wrongly or promised in vain. */
    public boolean isGood() {
        return count(Finding.Kind.MISSED) + count(Finding.Kind.WRONG_ACTION) + count(Finding.Kind.VIOLATION) == 0;
    }
}
