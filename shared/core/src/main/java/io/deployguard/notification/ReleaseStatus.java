package io.deployguard.notification;

import io.deployguard.decision.Decision;
import io.deployguard.ecs.Accounts;
import io.deployguard.ecs.GithubDeployment;
import io.deployguard.incident.Incident;
import io.deployguard.incident.Progress;
import io.deployguard.incident.Progress.Outcome;
import io.deployguard.incident.Situation;
import java.util.Locale;
import java.util.Optional;

/**
 * What a pipeline should record of the release that an incident is about. A service that is well again after a rollback is no success of the
 * release that was rolled back.
 *
 * @param description one line of at most {@value #LONGEST} characters
 * @param log address of what there is to read
 */
public record ReleaseStatus(GithubDeployment deployment, State state, String description, String log) {

    /** What GitHub takes. */
    static final int LONGEST = 140;

    /** How the release stands. */
    public enum State {
        /** The guard looks what is wrong. */
        IN_PROGRESS,
        /** It failed, or was rolled back. */
        FAILURE,
        /** It had failed, and runs well now. */
        SUCCESS
    }

    /** The status now; absent when the pipeline has not named its deployment, and while nothing is known to be wrong. */
    static Optional<ReleaseStatus> of(Incident incident) {
        return incident.situation()
                .flatMap(Situation::github)
                .flatMap(github -> state(incident)
                        .map(state -> new ReleaseStatus(
                                github, state, Cut.toWord(LONGEST, description(incident, state)), log(incident))));
    }

    private static Optional<State> state(Incident incident) {
        return switch (incident.progress()) {
            case Progress.Suspected _, Progress.Dismissed _ -> Optional.empty();
            case Progress.Investigating _ -> Optional.of(State.IN_PROGRESS);
            case Progress.Advised _ -> Optional.of(isUndecided(incident) ? State.IN_PROGRESS : State.FAILURE);
            case Progress.Planned _, Progress.Verifying _ -> Optional.of(State.FAILURE);
            case Progress.Closed closed ->
                Optional.of(closed.outcome() == Outcome.RECOVERED && closed.serves() ? State.SUCCESS : State.FAILURE);
        };
    }

    private static boolean isUndecided(Incident incident) {
        return incident.decision()
                .filter(decision -> switch (decision) {
                    case Decision.Wait _ -> true;
                    case Decision.StandDown(var reason, var _) -> reason == Decision.Reason.NOTHING_WRONG;
                    case Decision.Act _, Decision.Ask _, Decision.Advise _ -> false;
                })
                .isPresent();
    }

    private static String description(Incident incident, State state) {
        var cause = "%s: %s".formatted(Words.kindOf(incident), new Findings(incident, Accounts.OWN).causeWithKey());
        return switch (state) {
            case IN_PROGRESS -> cause;
            case FAILURE -> deed(incident) + cause;
            case SUCCESS -> "Well again. It had: " + Words.uncapitalized(cause);
        };
    }

    /** What became of it, as a sentence before the cause. */
    private static String deed(Incident incident) {
        return switch (incident.progress()) {
            case Progress.Planned _, Progress.Verifying _ ->
                capital(Deed.decided(incident).progressive()) + ". ";
            case Progress.Closed closed ->
                switch (closed.outcome()) {
                    case HEALED -> capital(Deed.decided(incident).participle()) + ". ";
                    case NOT_HEALED -> capital(Deed.decided(incident).participle()) + ", and not well. ";
                    case RECOVERED, SUPERSEDED -> Words.sentence(closed.because()) + " ";
                };
            case Progress.Suspected _, Progress.Dismissed _, Progress.Investigating _, Progress.Advised _ -> "";
        };
    }

    private static String capital(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }

    private static String log(Incident incident) {
        var service = incident.service();
        return incident.situation()
                .flatMap(Situation::logStream)
                .map(log -> ConsoleLinks.logStream(service.partition(), log))
                .orElseGet(() -> ConsoleLinks.deployments(service));
    }
}
