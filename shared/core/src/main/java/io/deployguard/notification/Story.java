package io.deployguard.notification;

import io.deployguard.classification.Diagnosis;
import io.deployguard.decision.Decision;
import io.deployguard.incident.Approval;
import io.deployguard.incident.Incident;
import io.deployguard.incident.Incident.Sign;
import io.deployguard.incident.Progress;
import io.deployguard.notification.NoticeBlock.Moment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What happened, oldest first: signs, diagnosis and decision, action, verification, end, and the channels that refused to tell it. */
final class Story {

    private static final int SIGN = 200;
    private static final int LAST_SIGNS = 3;
    private static final int CHANNEL = 60;

    private Story() {}

    static List<Moment> of(Incident incident) {
        var moments = new ArrayList<>(signs(incident.signs()));
        incident.diagnosedAt()
                .ifPresent(at -> incident.diagnosis()
                        .ifPresent(diagnosis ->
                                moments.add(new Moment(at, Prose.of(found(diagnosis) + decided(incident))))));
        incident.approval().flatMap(Story::answered).ifPresent(moments::add);
        switch (incident.progress()) {
            case Progress.Verifying verifying -> {
                moments.add(new Moment(
                        verifying.actedAt(), Prose.of("Commands sent. Goal: " + sentence(verifying.goal()))));
                verifying
                        .steadySince()
                        .ifPresent(at -> moments.add(new Moment(at, Prose.of("Everything looks well since then."))));
            }
            case Progress.Closed closed ->
                moments.add(new Moment(
                        closed.at(),
                        Prose.of(
                                switch (closed.outcome()) {
                                    case HEALED -> "Verified: the service is well. Closed.";
                                    case NOT_HEALED -> "Not healed. Handed to a person.";
                                    case RECOVERED -> "The service is well again. Closed.";
                                    case SUPERSEDED -> "Another deployment took over. Closed.";
                                })));
            case Progress.Dismissed dismissed -> moments.add(new Moment(dismissed.at(), Prose.of("Dismissed.")));
            case Progress.Suspected _, Progress.Investigating _, Progress.Advised _, Progress.Planned _ -> {}
        }
        incident.undelivered()
                .forEach(lost -> moments.add(new Moment(
                        lost.at(),
                        Prose.of("%s does not show this incident: %s"
                                .formatted(Cut.to(CHANNEL, lost.channel()), sentence(lost.because()))))));
        moments.sort(Comparator.comparing(Moment::at));
        return moments;
    }

    /** That it was asked stands beside the diagnosis. */
    private static Optional<Moment> answered(Approval approval) {
        return switch (approval) {
            case Approval.Open _ -> Optional.empty();
            case Approval.Granted(var _, var answer) -> Optional.of(new Moment(answer.at(), said(answer, "agreed")));
            case Approval.Refused(var _, var answer) -> Optional.of(new Moment(answer.at(), said(answer, "refused")));
            case Approval.Expired(var _, var at) -> Optional.of(new Moment(at, Prose.of("Nobody answered in time.")));
            case Approval.Superseded(var _, var grant, var at, var because) ->
                Optional.of(new Moment(
                        at,
                        grant.map(answer -> said(answer, "agreed").text(" By then there was nothing left to do: "))
                                .orElse(Prose.of("Nothing left to agree to: "))
                                .text(sentence(because))));
        };
    }

    private static Prose said(Approval.Answer answer, String verb) {
        return Prose.of("%s %s, on the %s."
                .formatted(
                        Answers.name(answer), verb, Cut.to(CHANNEL, answer.by().via())));
    }

    /** The first sign and the last ones. */
    private static List<Moment> signs(List<Sign> signs) {
        var moments = new ArrayList<Moment>();
        var left = signs.size() - 1 - LAST_SIGNS;
        for (var i = 0; i < signs.size(); i++) {
            if (i == 0 || i > left) {
                moments.add(new Moment(
                        signs.get(i).at(), Prose.of(sentence(signs.get(i).what()))));
            } else if (i == 1) {
                moments.add(new Moment(
                        signs.get(1).at(), Prose.of("%s in between.".formatted(Words.count(left, "more sign")))));
            }
        }
        return moments;
    }

    private static String found(Diagnosis diagnosis) {
        return switch (diagnosis) {
            case Diagnosis.Identified identified ->
                (identified.isOpen() ? "Cause guessed: " : "Cause found: ")
                        + Words.uncapitalized(Cut.toWord(SIGN, identified.title())) + ".";
            case Diagnosis.Unknown _ -> "The evidence did not name a cause.";
        };
    }

    private static String decided(Incident incident) {
        if (incident.approval().isPresent()) {
            return " Asked whether to %s.".formatted(Deed.decided(incident).infinitive());
        }
        return incident.decision()
                .map(decision -> switch (decision) {
                    case Decision.Act act ->
                        " Decided to %s."
                                .formatted(Deed.of(act.remedy(), incident).infinitive());
                    case Decision.Ask ask ->
                        " Asked whether to %s."
                                .formatted(Deed.of(ask.remedy(), incident).infinitive());
                    case Decision.Advise _ ->
                        incident.isBegunOnly()
                                ? " Began to act and went no further."
                                : " Told a person, changed nothing.";
                    case Decision.Wait _ -> " Waiting.";
                    case Decision.StandDown _ -> " Stood down.";
                })
                .orElse("");
    }

    private static String sentence(String text) {
        return Words.sentence(Cut.toWord(SIGN, text));
    }
}
