package io.deployguard.pipeline;

import io.deployguard.decision.Decision;
import io.deployguard.decision.DecisionPolicy;
import io.deployguard.decision.Ruling;
import io.deployguard.evidence.LineCleaner;
import io.deployguard.evidence.Redactor;
import io.deployguard.incident.Approval;
import io.deployguard.incident.Approval.Answer;
import io.deployguard.incident.Approval.Person;
import io.deployguard.incident.Incident;
import io.deployguard.incident.Progress;
import io.deployguard.pipeline.Database.Stores;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Takes people's answers to requests for approval. Of two who answer at once one wins, and the other is told who. A grant only hands the incident to
 * the {@link Responder}, which looks again before it does anything.
 */
public final class Approvals {

    private static final int NAME = 80;
    private static final int REASON = 300;
    private static final Redactor REDACTOR = Redactor.standard();

    private final Database database;
    private final IncidentWriter writer;
    private final Nudge nudge;
    private final InstantSource clock;

    public Approvals(Database database, Nudge nudge, InstantSource clock) {
        this.database = database;
        this.writer = new IncidentWriter(List.of(), clock);
        this.nudge = nudge;
        this.clock = clock;
    }

    /** What came of an answer. */
    public sealed interface Taken {

        /** It counts. */
        record Counted(Incident incident) implements Taken {}

        /** The request had ended before. */
        record TooLate(Incident incident, Approval ended) implements Taken {}

        /** Nobody was asked: there is no such incident, or it wants no consent. */
        record NotAsked(String because) implements Taken {}
    }

    /** A person agrees: the guard will act as soon as a fresh look allows it. */
    public Taken agree(UUID incident, Person by, Optional<String> reason) {
        return answer(incident, by, reason, Approvals::granted);
    }

    /** A person refuses: the guard changes nothing. */
    public Taken refuse(UUID incident, Person by, Optional<String> reason) {
        return answer(incident, by, reason, Approvals::refused);
    }

    /** What an answer does to an incident that waits for one. */
    private interface Effect {
        Incident on(Incident incident, Decision.Ask ask, Approval.Request request, Answer answer);
    }

    private Taken answer(UUID id, Person by, Optional<String> reason, Effect effect) {
        var taken = database.transact("answer request", stores -> {
            var now = clock.instant();
            var answer = new Answer(clean(by), reason.flatMap(text -> clean(text, REASON)), now);
            return stores.incidents()
                    .find(id)
                    .map(incident -> answer(incident, answer, effect, stores, now))
                    .orElse(new Taken.NotAsked("there is no incident " + id));
        });
        if (taken instanceof Taken.Counted(var incident)) {
            if (incident.progress() instanceof Progress.Planned) {
                nudge.act(id);
            }
            nudge.deliver(id);
        }
        return taken;
    }

    private Taken answer(Incident incident, Answer answer, Effect effect, Stores stores, Instant now) {
        if (incident.approval().isEmpty()) {
            return new Taken.NotAsked("incident " + incident.id() + " asks for no approval"
                    + incident.decision()
                            .map(decision -> ": " + decision.because())
                            .orElse("; there is no decision yet"));
        }
        if (!(incident.approval().get() instanceof Approval.Open(var request))
                || !(incident.decision().orElse(null) instanceof Decision.Ask ask)) {
            return new Taken.TooLate(incident, incident.approval().get());
        }
        if (!now.isBefore(request.until())) {
            var expired = expired(incident, now);
            save(stores, expired, "request expired");
            return new Taken.TooLate(expired, expired.approval().orElseThrow());
        }
        var answered = effect.on(incident, ask, request, answer);
        save(stores, answered, inWords(answered.approval().orElseThrow()));
        return new Taken.Counted(answered);
    }

    /** Whoever answers knows no channels; those that show the question show the answer. */
    private void save(Stores stores, Incident incident, String happened) {
        writer.save(stores, incident, happened);
        stores.outbox()
                .itemsOf(incident.id())
                .forEach(item ->
                        stores.outbox().want(incident.id(), item.channel(), incident.revision(), clock.instant()));
    }

    private static Incident granted(Incident incident, Decision.Ask ask, Approval.Request request, Answer answer) {
        var act = new Decision.Act(
                ask.remedy(),
                ask.outlook(),
                "%s agreed, and %s".formatted(answer.by().name(), ask.outlook().because()));
        return incident.withDecision(
                Ruling.later("approval-granted", act, incident.grounds()),
                Optional.of(new Approval.Granted(request, answer)),
                new Progress.Planned(answer.at()),
                answer.at());
    }

    private static Incident refused(Incident incident, Decision.Ask ask, Approval.Request request, Answer answer) {
        var refused = new Approval.Refused(request, answer);
        return incident.withDecision(
                Ruling.later(
                        "approval-refused",
                        DecisionPolicy.insteadOf(ask, incident.diagnosis(), inWords(refused)),
                        incident.grounds()),
                Optional.of(refused),
                new Progress.Advised(),
                answer.at());
    }

    /** The incident when nobody answered in time. */
    static Incident expired(Incident incident, Instant now) {
        var approval = new Approval.Expired(incident.approval().orElseThrow().request(), now);
        var decision = incident.decision()
                .map(decided -> decided instanceof Decision.Ask ask
                        ? DecisionPolicy.insteadOf(ask, incident.diagnosis(), inWords(approval))
                        : decided)
                .orElseThrow();
        return incident.withDecision(
                Ruling.later("approval-expired", decision, incident.grounds()),
                Optional.of(approval),
                new Progress.Advised(),
                now);
    }

    /** The incident when there is nothing left to agree to. */
    static Incident overtaken(Incident incident, String because, Instant now) {
        var approval = incident.approval().map(asked -> asked.overtaken(because, now));
        var decision = new Decision.StandDown(
                Decision.Reason.OVERTAKEN, approval.map(Approvals::inWords).orElse(because));
        return incident.withDecision(
                Ruling.later("approval-superseded", decision, incident.grounds()),
                approval,
                new Progress.Advised(),
                now);
    }

    /** One clause for history and decision. */
    public static String inWords(Approval approval) {
        return switch (approval) {
            case Approval.Open _ -> "a person is asked";
            case Approval.Granted(var _, var answer) -> answer.by().name() + " agreed" + reason(answer);
            case Approval.Refused(var _, var answer) -> answer.by().name() + " refused" + reason(answer);
            case Approval.Expired _ -> "nobody answered in time";
            case Approval.Superseded(var _, var grant, var _, var because) ->
                grant.map(answer -> "%s agreed, but by then there was nothing left to do: %s"
                                .formatted(answer.by().name(), because))
                        .orElse("there is nothing left to agree to: " + because);
        };
    }

    private static String reason(Answer answer) {
        return answer.reason().map(text -> ": " + text).orElse("");
    }

    private static Person clean(Person by) {
        return new Person(
                clean(by.name(), NAME).orElse("somebody"),
                by.identity().flatMap(text -> clean(text, REASON)),
                by.via());
    }

    /** People type anything, and everything here is shown. */
    private static Optional<String> clean(String text, int most) {
        var line =
                REDACTOR.redact(LineCleaner.clean(text.replaceAll("\\s+", " "))).strip();
        return line.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        line.length() <= most ? line : line.substring(0, most).strip() + "…");
    }
}
