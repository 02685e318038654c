package io.deployguard.pipeline;

import io.deployguard.classification.Diagnosis;
import io.deployguard.decision.ActionBudget;
import io.deployguard.decision.ActionBudget.Failure;
import io.deployguard.incident.Incident;
import io.deployguard.incident.Storm;
import io.deployguard.incident.Storm.Member;
import io.deployguard.incident.Storm.State;
import io.deployguard.pipeline.Database.Stores;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What many incidents at once add up to: the one message for all of them. */
final class Gathering {

    /** So long after its last newcomer a storm is over, whatever its members are like: what still fails is told by itself from then on. */
    private static final Duration LONGEST = Duration.ofHours(1);

    private final ActionBudget budget;
    private final IncidentWriter writer;

    Gathering(ActionBudget budget, IncidentWriter writer) {
        this.budget = budget;
        this.writer = writer;
    }

    /** Counts an incident that has just been opened: it may belong to a storm, or make one. */
    void count(Incident opened, Stores stores, Instant now) {
        var place = Storm.placeOf(opened.service());
        var current = stores.storms().findCurrent(place);
        var storm = budget.findStorm(Brake.failuresOf(place, opened.openedAt().minus(budget.window()), stores));
        if (storm.isEmpty()) {
            return;
        }
        if (current.filter(known -> !opened.openedAt().isAfter(known.lastAt().plus(budget.window())))
                .isPresent()) {
            stores.storms().save(current.get().with(member(opened), opened.openedAt()));
        } else {
            current.ifPresent(before -> end(before, stores, now));
            begin(storm.get(), place, stores, now);
        }
    }

    private void begin(ActionBudget.Storm found, String place, Stores stores, Instant now) {
        var incidents = found.failures().stream()
                .map(Failure::incident)
                .flatMap(id -> stores.incidents().find(id).stream())
                .toList();
        // The one that people have heard of, so that its message becomes the storm's.
        var leader = incidents.stream()
                .min(Comparator.comparingInt((Incident incident) ->
                                incident.isTold() && incident.diagnosis().isPresent() ? 0 : 1)
                        .thenComparing(Incident::openedAt)
                        .thenComparing(Incident::id))
                .orElseThrow();
        var storm = new Storm(
                leader.id(),
                place,
                found.beganAt(),
                found.lastAt(),
                incidents.stream().map(Gathering::member).toList(),
                0,
                Optional.empty(),
                1);
        stores.storms().save(storm);
        tell(storm, "a storm: %d services fail together".formatted(incidents.size()), stores, now);
    }

    private void end(Storm storm, Stores stores, Instant now) {
        var over = storm.ended(now);
        stores.storms().save(over);
        tell(over, "the storm is over", stores, now);
        stillFailing(over, stores)
                .forEach(incident -> writer.save(
                        stores, incident.withProgress(incident.progress(), now), "the storm is over and this is not"));
    }

    /** Brings a storm up to date with its members; what was done, absent when nothing was due. */
    Optional<String> follow(Storm storm, Stores stores, Instant now) {
        var members = storm.members().stream()
                .map(member -> stores.incidents()
                        .find(member.incident())
                        .map(Gathering::member)
                        .orElse(member))
                .toList();
        var next = storm.withMembers(members);
        if (!next.equals(storm)) {
            stores.storms().save(next);
        }
        if (next.failing() == 0 || !storm.lastAt().plus(LONGEST).isAfter(now)) {
            end(next, stores, now);
            return Optional.of("storm " + storm.leader() + ": it is over");
        }
        if (next.equals(storm)) {
            return Optional.empty();
        }
        var what = "a storm: %d services still fail".formatted(next.failing());
        tell(next, what, stores, now);
        return Optional.of("storm " + storm.leader() + ": " + what);
    }

    private static List<Incident> stillFailing(Storm storm, Stores stores) {
        return storm.members().stream()
                .filter(member -> member.state() == State.FAILING)
                .filter(member -> !member.incident().equals(storm.leader()))
                .flatMap(member -> stores.incidents().find(member.incident()).stream())
                .toList();
    }

    private void tell(Storm storm, String happened, Stores stores, Instant now) {
        stores.incidents()
                .find(storm.leader())
                .ifPresent(leader -> writer.saveAndTell(stores, leader.withProgress(leader.progress(), now), happened));
    }

    private static Member member(Incident incident) {
        var cause = incident.diagnosis()
                .filter(Diagnosis.Identified.class::isInstance)
                .map(Diagnosis.Identified.class::cast)
                .map(found ->
                        found.cause() + found.key().map(key -> " (" + key + ")").orElse(""));
        return new Member(incident.id(), incident.service(), cause, incident.isOpen() ? State.FAILING : State.OVER);
    }
}
