package io.deployguard.simulation.demo;

import io.deployguard.simulation.account.SimulatedAccount;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * The story of another scenario in mode {@code ask}: the guard asks before it does anything.
 *
 * @param service what happens
 * @param settings how long there is time to answer, for instance
 * @param answer what a person says; absent when nobody does
 */
record AskedScenario(
        String name,
        String title,
        ServiceScenario service,
        Expectation expected,
        Map<String, String> settings,
        Optional<Answer> answer)
        implements Scenario {

    static Scenario granted() {
        return of(
                "approval-granted",
                "In mode ask a person agrees at the command line; the guard then rolls back and proves that it healed",
                "roll-back",
                "healed",
                Map.of(),
                Optional.of(new Answer(true, "checked with the team")));
    }

    static Scenario expired() {
        return of(
                "approval-expired",
                "In mode ask nobody answers; the request expires, nothing is changed, and the message says so",
                "none",
                "expired",
                Map.of("DEPLOY_GUARD_ASK_FOR", "90s"),
                Optional.empty());
    }

    private static Scenario of(
            String name,
            String title,
            String action,
            String outcome,
            Map<String, String> settings,
            Optional<Answer> answer) {
        var story = ServiceScenario.migrationConflict();
        var asked = story.expected();
        return new AskedScenario(
                name,
                title,
                new ServiceScenario(
                        name,
                        title,
                        story.speed(),
                        story.patience(),
                        asked,
                        story.service(),
                        story.bad(),
                        story.worldBreaks(),
                        "ask"),
                new Expectation(asked.cause(), asked.key(), action, outcome, asked.decisiveLine()),
                settings,
                answer);
    }

    @Override
    public double speed() {
        return service.speed();
    }

    @Override
    public Duration patience() {
        return service.patience();
    }

    @Override
    public void prepare(SimulatedAccount account) {
        service.prepare(account);
    }

    @Override
    public boolean isReady(SimulatedAccount account) {
        return service.isReady(account);
    }

    @Override
    public void release(SimulatedAccount account) {
        service.release(account);
    }
}
