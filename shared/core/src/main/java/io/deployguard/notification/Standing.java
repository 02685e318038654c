package io.deployguard.notification;

import io.deployguard.classification.RollbackHelps;
import io.deployguard.decision.Decision;
import io.deployguard.incident.Approval;
import io.deployguard.incident.Incident;
import io.deployguard.incident.Progress;
import io.deployguard.incident.Situation;
import io.deployguard.notification.Notice.Tone;
import java.time.Instant;

/**
 * How things stand: who has to act, and what the guard did, does or would do.
 *
 * @param prefix of the headline once it is over, such as {@code Healed}; empty before
 * @param call whether somebody must act, in two to four words
 * @param state the same in one to three sentences
 * @param inShort what the guard does, in one clause for the fallback
 */
record Standing(Tone tone, String prefix, String call, Prose state, String inShort) {

    private static final String ACTION = "Action needed";
    private static final String NO_ACTION = "No action needed";
    private static final int REASON = 400;

    static Standing of(Incident incident) {
        return switch (incident.progress()) {
            case Progress.Suspected _ ->
                open(
                        Tone.WORKING,
                        "No action needed yet",
                        Prose.of("One task stopped unexpectedly. The guard watches whether it happens again."),
                        "the guard watches whether it happens again");
            case Progress.Dismissed dismissed ->
                new Standing(
                        Tone.RESOLVED,
                        "Nothing wrong",
                        NO_ACTION,
                        Prose.of("The suspicion came to nothing. " + reason(dismissed.because())),
                        "the suspicion came to nothing");
            case Progress.Investigating investigating -> investigating(incident, investigating);
            case Progress.Advised _ -> advised(incident);
            case Progress.Planned(var since, var awaited) ->
                awaited.map(step -> waiting(incident, step)).orElseGet(() -> planned(incident, since));
            case Progress.Verifying verifying -> verifying(incident, verifying);
            case Progress.Closed closed -> closed(incident, closed);
        };
    }

    private static Standing investigating(Incident incident, Progress.Investigating progress) {
        var why = incident.decision().orElse(null) instanceof Decision.Wait wait
                ? reason(wait.because())
                : incident.diagnosis().isPresent()
                        ? "The evidence does not name the cause surely enough yet."
                        : progress.looks() == 0
                                ? "The guard is collecting logs, stop reasons and service events."
                                : "The logs are not there yet.";
        var again = Prose.of(why + " " + (progress.looks() == 0 ? "First look at " : "Looking again at "))
                .time(progress.lookAgainAt())
                .text(progress.looks() > 1 ? ", after %d looks.".formatted(progress.looks()) : ".");
        var outage = outage(incident);
        return open(
                Tone.WORKING,
                outage.isEmpty() ? "No action needed yet" : ACTION,
                outage.and(again),
                "the guard is looking for the cause");
    }

    private static Standing advised(Incident incident) {
        if (incident.decision().isEmpty()) {
            return open(
                    Tone.OPEN,
                    ACTION,
                    outage(incident).text("The guard changed nothing."),
                    "the guard changed nothing");
        }
        return switch (incident.decision().get()) {
            case Decision.Act act -> aboutTo(incident, Deed.of(act.remedy(), incident));
            case Decision.Ask ask -> {
                var deed = Deed.of(ask.remedy(), incident);
                yield open(
                        Tone.OPEN,
                        "Decision needed",
                        outage(incident)
                                .text("Mode ask: the guard would %s, if a person agrees before "
                                        .formatted(deed.infinitive()))
                                .time(ask.until())
                                .text(". Until then it changes nothing."),
                        "the guard would %s and waits for a person".formatted(deed.infinitive()));
            }
            case Decision.Advise advise -> advised(incident, advise);
            case Decision.Wait(var until, var because) ->
                open(
                        Tone.WORKING,
                        "No action needed yet",
                        outage(incident)
                                .text(reason(because) + " Looking again at ")
                                .time(until)
                                .text("."),
                        "it is too early to act");
            case Decision.StandDown(var _, var because) ->
                open(
                        Tone.WORKING,
                        NO_ACTION + " here",
                        outage(incident).text("The guard stands down. " + reason(because)),
                        "the guard stands down");
        };
    }

    private static Standing advised(Incident incident, Decision.Advise advise) {
        var nothing = outage(incident);
        if (incident.isBegunOnly()) {
            return open(
                    Tone.ESCALATED,
                    ACTION,
                    nothing.text(
                            "The guard began to act and went no further. %s It will not try again: a person must take over."
                                    .formatted(reason(advise.because()))),
                    "the guard began to act and went no further, a person must take over");
        }
        if (incident.approval().isPresent()) {
            return notAgreed(incident, incident.approval().get(), nothing);
        }
        if (advise.wouldDo().isPresent()) {
            var deed = Deed.of(advise.wouldDo().get(), incident);
            var mode = incident.situation().map(Situation::mode).orElse("observe");
            return open(
                    Tone.OPEN,
                    ACTION,
                    nothing.text("Mode %s: the guard changed nothing. In mode auto it would have %s."
                            .formatted(Cut.to(20, mode), deed.participle())),
                    "the guard changed nothing and would have " + deed.participle());
        }
        if (advise.outlook().helps() == RollbackHelps.DOES_NOT_HELP) {
            return open(
                    Tone.OPEN,
                    ACTION,
                    nothing.text("A rollback would not help, so the guard changed nothing."),
                    "a rollback would not help, so the guard changed nothing");
        }
        return open(Tone.OPEN, ACTION, nothing.text("The guard changed nothing."), "the guard changed nothing");
    }

    /** A person was asked, and a person has to act after all. */
    private static Standing notAgreed(Incident incident, Approval approval, Prose nothing) {
        var deed = Deed.decided(incident);
        return switch (approval) {
            case Approval.Refused(var _, var answer) ->
                open(
                        Tone.OPEN,
                        ACTION,
                        nothing.and(Answers.refused(answer))
                                .text(" The guard changed nothing and leaves it to people."),
                        "%s refused, so the guard changed nothing".formatted(Answers.name(answer)));
            case Approval.Expired(var _, var at) ->
                open(
                        Tone.OPEN,
                        ACTION,
                        nothing.text("Nobody agreed before ")
                                .time(at)
                                .text(", so the guard did not %s and will not any more.".formatted(deed.infinitive())),
                        "nobody agreed in time, so the guard changed nothing");
            case Approval.Granted(var _, var answer) ->
                open(
                        Tone.OPEN,
                        ACTION,
                        nothing.and(Answers.agreed(answer))
                                .text(" The guard changed nothing all the same: "
                                        + incident.decision()
                                                .map(decision -> reason(decision.because()))
                                                .orElse("it could not.")),
                        "%s agreed, and the guard could not act".formatted(Answers.name(answer)));
            case Approval.Open _, Approval.Superseded _ ->
                open(Tone.OPEN, ACTION, nothing.text("The guard changed nothing."), "the guard changed nothing");
        };
    }

    private static Standing planned(Incident incident, Instant since) {
        var deed = Deed.decided(incident);
        return open(
                Tone.WORKING,
                NO_ACTION,
                outage(incident)
                        .and(Answers.agreedIn(incident))
                        .text("The guard is about to %s; decided at ".formatted(deed.infinitive()))
                        .time(since)
                        .text("."),
                "the guard is about to " + deed.infinitive());
    }

    private static Standing waiting(Incident incident, Progress.Awaited step) {
        return open(
                Tone.WORKING,
                NO_ACTION,
                outage(incident)
                        .and(Answers.agreedIn(incident))
                        .text("The guard waits for %s; begun at ".formatted(step.what()))
                        .time(step.since())
                        .text("."),
                "the guard waits for " + step.what());
    }

    private static Standing aboutTo(Incident incident, Deed deed) {
        return open(
                Tone.WORKING,
                NO_ACTION,
                outage(incident).text("The guard is about to %s.".formatted(deed.infinitive())),
                "the guard is about to " + deed.infinitive());
    }

    private static Standing verifying(Incident incident, Progress.Verifying progress) {
        var deed = Deed.decided(incident);
        var sent = Answers.agreedIn(incident)
                .text("The guard is %s; sent at ".formatted(deed.progressive()))
                .time(progress.actedAt())
                .text(". ");
        var watched = progress.steadySince()
                .map(since -> Prose.of("The service has been steady since ")
                        .time(since)
                        .text("; the guard watches a little longer to be sure."))
                .orElse(Prose.of("It is not steady yet; the guard keeps watching and reports the result here."));
        return open(Tone.WORKING, NO_ACTION, sent.and(watched), "the guard is " + deed.progressive());
    }

    private static Standing closed(Incident incident, Progress.Closed closed) {
        var reason = reason(closed.because());
        return switch (closed.outcome()) {
            case HEALED -> {
                var deed = Deed.decided(incident);
                yield new Standing(
                        Tone.RESOLVED,
                        "Healed",
                        "No action needed now",
                        Answers.agreedIn(incident)
                                .text("The guard %s and the service is well. ".formatted(deed.participle()) + reason
                                        + " " + deed.afterwards()),
                        "the guard %s and the service is well".formatted(deed.participle()));
            }
            case NOT_HEALED ->
                new Standing(
                        Tone.ESCALATED,
                        "Not healed",
                        ACTION,
                        Answers.agreedIn(incident)
                                .text("The guard %s and the service is not well. "
                                                .formatted(
                                                        Deed.decided(incident).participle())
                                        + reason
                                        + " It will not try again: a person must take over."),
                        "the guard acted once, the service is not well, a person must take over");
            case RECOVERED ->
                new Standing(
                        Tone.RESOLVED,
                        "Recovered",
                        NO_ACTION,
                        Prose.of("The service is well again; the guard changed nothing"
                                + (incident.isBegunOnly() ? " but for the step that it had begun with. " : ". ")
                                + reason),
                        "the service is well again without the guard's doing");
            case SUPERSEDED ->
                new Standing(
                        Tone.SUPERSEDED,
                        "Superseded",
                        NO_ACTION + " here",
                        Prose.of("Another deployment took the place of this one. " + reason),
                        "another deployment took its place");
        };
    }

    /** What comes before everything else: whether users are without service. */
    private static Prose outage(Incident incident) {
        var down = incident.situation()
                .filter(seen -> seen.desired() > 0 && seen.servingOld() == 0 && seen.servingNew() == 0)
                .isPresent();
        return down ? Prose.ofStrong("No task serves users. ") : Prose.EMPTY;
    }

    private static Standing open(Tone tone, String call, Prose state, String inShort) {
        return new Standing(tone, "", call, state, inShort);
    }

    private static String reason(String because) {
        return Words.sentence(Cut.toWord(REASON, because));
    }
}
