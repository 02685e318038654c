package io.deployguard.simulation.demo;

import io.deployguard.action.ReRegisterThenRollBack;
import io.deployguard.simulation.account.SimulatedAccount;
import java.time.Duration;
import java.util.List;
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

    /** What a person does in the account once the first message is there. */
    default void onceTold(SimulatedAccount account) {}

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
     * @param action of the guard, such as {@code roll-back}, or {@code none}
     * @param outcome how the incident ends: {@code healed}, {@code not-healed}, {@code recovered}, {@code superseded}; {@code advised} or
     *     {@code expired} when a person has to go on; {@code storm} when many services are told of together
     * @param decisiveLine text that the first message must contain
     * @param finallySaid texts that the last one must contain
     * @param atFirstStop whether one stop must have been enough to decide
     */
    record Expectation(
            String cause,
            Optional<String> key,
            String action,
            String outcome,
            String decisiveLine,
            List<String> finallySaid,
            boolean atFirstStop) {

        public Expectation {
            finallySaid = List.copyOf(finallySaid);
        }

        Expectation(String cause, Optional<String> key, String action, String outcome, String decisiveLine) {
            this(cause, key, action, outcome, decisiveLine, List.of(), false);
        }

        /** How many changes the account must have counted. */
        int writes() {
            return switch (action) {
                case "none" -> 0;
                case ReRegisterThenRollBack.ID -> 2;
                default -> 1;
            };
        }

        /** The same, and the last message must contain these. */
        Expectation finallySaying(String... texts) {
            return new Expectation(cause, key, action, outcome, decisiveLine, List.of(texts), atFirstStop);
        }

        /** The same, and one stop must be enough to decide. */
        Expectation decidedAtFirstStop() {
            return new Expectation(cause, key, action, outcome, decisiveLine, finallySaid, true);
        }
    }
}
