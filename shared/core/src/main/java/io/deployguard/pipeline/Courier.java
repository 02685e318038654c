package io.deployguard.pipeline;

import io.deployguard.ecs.Accounts;
import io.deployguard.evidence.Redactor;
import io.deployguard.incident.Incident;
import io.deployguard.incident.Storm;
import io.deployguard.notification.Delivery;
import io.deployguard.notification.Notice;
import io.deployguard.notification.NoticeComposer;
import io.deployguard.notification.Notifier;
import io.deployguard.notification.Outbox;
import io.deployguard.notification.StormComposer;
import io.deployguard.pipeline.Database.Stores;
import io.deployguard.report.WeeklyComposer;
import io.deployguard.report.WeeklyReport;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Brings every channel to show what it should: claims what lags behind, renders the incident as it is now, delivers, keeps what came of it. */
public final class Courier {

    /** How long one delivery may take until somebody else may try. */
    private static final Duration LEASE = Duration.ofSeconds(60);

    private static final int BATCH = 20;

    /** After a fault nobody foresaw. */
    private static final Duration AFTER_FAULT = Duration.ofMinutes(1);

    private static final Redactor REDACTOR = Redactor.standard();

    private final Database database;
    private final Map<String, Notifier> notifiers;
    private final Accounts accounts;
    private final InstantSource clock;

    /** @param accounts that the guard looks after; where they are several, messages name them */
    public Courier(Database database, List<Notifier> notifiers, Accounts accounts, InstantSource clock) {
        this.database = database;
        this.notifiers = notifiers.stream().collect(Collectors.toMap(Notifier::channel, Function.identity()));
        this.accounts = accounts;
        this.clock = clock;
    }

    /** One delivery, for the log. */
    public record Run(Outbox.Item item, Delivery delivery) {}

    /**
     * Delivers until nothing is due.
     *
     * @param deadline after which nothing more is begun
     */
    public List<Run> deliverDue(Instant deadline) {
        var runs = new ArrayList<Run>();
        var batch = claim();
        while (!batch.isEmpty()) {
            for (var claim : batch) {
                if (!clock.instant().isBefore(deadline)) {
                    // What is left is free again once its lease is over.
                    return runs;
                }
                runs.add(new Run(claim.item(), deliver(claim)));
            }
            batch = clock.instant().isBefore(deadline) ? claim() : List.of();
        }
        return runs;
    }

    private List<Outbox.Claim> claim() {
        return database.transact("claim messages", stores -> stores.outbox().claim(clock.instant(), BATCH, LEASE));
    }

    private Delivery deliver(Outbox.Claim claim) {
        var item = claim.item();
        var notifier = Optional.ofNullable(notifiers.get(item.channel()));
        var subject = database.transact("read incident", stores -> Subject.of(item, stores));
        var delivery = notifier.isEmpty() || subject.isEmpty()
                ? new Delivery.Rejected("channel " + item.channel() + " is not configured, or its incident is gone")
                : attempt(notifier.get(), subject.get(), item);
        database.transact("keep delivery", stores -> {
            keep(claim, subject.map(Subject::revision).orElse(item.wanted()), delivery, stores);
            return item;
        });
        return delivery;
    }

    /** One message that cannot be composed or sent must not keep back the others. */
    private Delivery attempt(Notifier notifier, Subject subject, Outbox.Item item) {
        if (notifier.isForPeople()
                && subject.isToldElsewhere()
                && item.reference().isEmpty()) {
            return new Delivery.Delivered(Optional.empty());
        }
        try {
            return notifier.deliver(compose(subject, notifier), item.reference());
        } catch (RuntimeException fault) {
            return new Delivery.Retry(AFTER_FAULT, REDACTOR.redact("failed: " + fault.getMessage()));
        }
    }

    private Notice compose(Subject subject, Notifier notifier) {
        return switch (subject) {
            case Subject.OfIncident(var incident, var storm, var _) ->
                storm.filter(_ -> notifier.isForPeople())
                        .map(gathered -> StormComposer.compose(gathered, incident, accounts))
                        .orElseGet(() -> NoticeComposer.compose(incident, accounts));
            case Subject.OfWeek(var report) -> WeeklyComposer.compose(report);
        };
    }

    /** What a message is about. */
    private sealed interface Subject {

        long revision();

        /** Whether it is one of many in another one's message. */
        default boolean isToldElsewhere() {
            return false;
        }

        /** @param storm that it tells of instead of the incident alone */
        record OfIncident(Incident incident, Optional<Storm> storm, boolean isToldElsewhere) implements Subject {

            @Override
            public long revision() {
                return incident.revision();
            }
        }

        /** A week, which is told once. */
        record OfWeek(WeeklyReport report) implements Subject {

            @Override
            public long revision() {
                return 1;
            }
        }

        static Optional<Subject> of(Outbox.Item item, Stores stores) {
            return stores.incidents()
                    .find(item.incident())
                    .<Subject>map(incident -> new OfIncident(
                            incident,
                            stores.storms().findLedBy(incident.id()),
                            stores.storms()
                                    .findLatest(Storm.placeOf(incident.service()))
                                    .filter(storm -> storm.speaksFor(incident))
                                    .isPresent()))
                    .or(() -> stores.reports().find(item.incident()).map(OfWeek::new));
        }
    }

    private void keep(Outbox.Claim claim, long revision, Delivery delivery, Stores stores) {
        var now = clock.instant();
        switch (delivery) {
            case Delivery.Delivered(var reference) -> stores.outbox().shown(claim, revision, reference, now);
            case Delivery.Retry(var after, var reason) -> stores.outbox().postpone(claim, now.plus(after), reason);
            case Delivery.Rejected(var reason) -> {
                stores.outbox().giveUp(claim, reason, now);
                noteUndelivered(claim.item(), REDACTOR.redact(reason), stores);
            }
        }
    }

    /** The other channels say that this one does not, so that its silence is not taken for peace. */
    private void noteUndelivered(Outbox.Item item, String reason, Stores stores) {
        var now = clock.instant();
        var known = stores.incidents().find(item.incident());
        known.map(incident -> incident.withUndelivered(item.channel(), reason, now))
                .filter(noted -> !known.get().equals(noted))
                .ifPresent(noted -> {
                    stores.incidents().update(noted, "not told on " + item.channel() + ": " + reason);
                    notifiers.keySet().stream()
                            .filter(other -> !other.equals(item.channel()))
                            .forEach(other -> stores.outbox().want(noted.id(), other, noted.revision(), now));
                });
    }
}
