package io.deployguard.notification;

import io.deployguard.incident.Approval;
import io.deployguard.incident.Incident;

/** What people answered when the guard asked, as sentences. */
final class Answers {

    private static final int NAME = 80;
    private static final int REASON = 300;

    private Answers() {}

    static String name(Approval.Answer answer) {
        return Cut.to(NAME, answer.by().name());
    }

    /** {@code anna agreed at 12:04 (it can only get better). } */
    static Prose agreed(Approval.Answer answer) {
        return said("agreed", answer);
    }

    static Prose refused(Approval.Answer answer) {
        return said("refused", answer);
    }

    /** Who agreed to what the guard does, with a blank behind it; nothing when nobody had to. */
    static Prose agreedIn(Incident incident) {
        return incident.approval()
                .filter(Approval.Granted.class::isInstance)
                .map(approval -> agreed(((Approval.Granted) approval).answer()).text(" "))
                .orElse(Prose.EMPTY);
    }

    private static Prose said(String verb, Approval.Answer answer) {
        var prose =
                Prose.EMPTY.strong(name(answer)).text(" %s at ".formatted(verb)).time(answer.at());
        return answer.reason()
                .map(reason -> prose.text(" (%s).".formatted(Words.clause(Cut.toWord(REASON, reason)))))
                .orElse(prose.text("."));
    }
}
