package io.deployguard.simulation.demo;

import io.deployguard.simulation.account.SimulatedAccount;
import java.time.Duration;
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

    /**
     * How the guard must react.
     *
     * @param cause of the catalogue
     * @param key the name a person needs
     * @param action {@code roll-back} or {@code none}
     * @param outcome {@code healed}, or {@code advised} when nothing is to be done by the guard
     * @param decisiveLine text that the first message must contain
     */
    record Expectation(String cause, Optional<String> key, String action, String outcome, String decisiveLine) {}
}
