package io.deployguard.simulation.demo;

import io.deployguard.simulation.account.SimulatedAccount;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** One incident to be played: a service that is well, a release that is not, and how the guard must react. */
public interface Scenario {

    /** As the command line names it. */
    String name();

    /** One sentence for people. */
    String title();

    /** How much faster than the wall's the account's clock runs. */
    double speed();

    /** How long the whole may take, in wall time. */
    Duration patience();

    Expectation expected();

    /** Creates the service and its first, healthy release. */
    void prepare(SimulatedAccount account);

    /** Whether the first release runs healthily, so that the next may come. */
    boolean isReady(SimulatedAccount account);

    /** Deploys the bad release. */
    void release(SimulatedAccount account);

    /** How many services fail; with more than one, the story is over when the one message tells of all of them. */
    default int services() {
        return 1;
    }

    /** What the functions find in their environment beside the usual. */
    default Map<String, String> settings() {
        return Map.of();
    }

    /** What a person answers when the guard asks; absent when nobody does. */
    default Optional<Answer> answer() {
        return Optional.empty();
    }

    /** Whether a person agrees, and why. */
    record Answer(boolean agrees, String reason) {}

    /**
     * How the guard must react.
     *
     * @param cause of the catalogue
     * @param key the name a person needs
     * @param action {@code roll-back} or {@code none}
     * @param outcome {@code healed}, {@code advised} when nothing is to be done by the guard, {@code storm} when many fail together, or {@code expired} when nobody answered it
     * @param decisiveLine text that the first message must contain
     */
    record Expectation(String cause, Optional<String> key, String action, String outcome, String decisiveLine) {}
}
