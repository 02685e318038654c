package io.deployguard.pipeline;

import io.deployguard.classification.CauseId;
import io.deployguard.classification.Diagnosis;
import io.deployguard.decision.ActionBudget;
import io.deployguard.decision.ActionBudget.Failure;
import io.deployguard.ecs.Task;
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
import java.util.UUID;

/** What many incidents at once add up to: the one message for all of them. */
final class Gathering {

    /** So long after its last newcomer a storm is over, whatever its members are like: what still fails is told by itself from then on. */
    private static final Duration LONGEST = Duration.ofHours(1);

    /** Tasks that stopped shortly before an incident was opened belong to it. */
    private static final Duration TASKS_BEFORE = Duration.ofMinutes(10);

    private final ActionBudget budget;
    private final IncidentWriter writer;

    Gathering(ActionBudget budget, IncidentWriter writer) {
        this.budget = budget;
        this.writer = writer;
    }

    /**
     * Counts an incident that has just been opened: it may belong to a storm, or make one.
     *
     * @return whose message tells of the storm that this one has made; one that has grown is told by the next run of the watch
     */
    Optional<UUID> count(Incident opened, Stores stores, Instant now) {
        var place = Storm.placeOf(opened.service());
        var current = stores.storms().findCurrent(place);
        var storm = budget.findStorm(Brake.failuresOf(place, opened.openedAt().minus(budget.window()), stores));
        if (storm.isEmpty()) {
            return Optional.empty();
        }
        if (current.filter(known -> !opened.openedAt().isAfter(known.lastAt().plus(budget.window())))
                .isPresent()) {
            stores.storms().save(current.get().with(joined(opened), opened.openedAt()));
            return Optional.empty();
        }
        current.ifPresent(before -> end(before, stores, now));
        return Optional.of(begin(storm.get(), place, stores, now));
    }

    private UUID begin(ActionBudget.Storm found, String place, Stores stores, Instant now) {
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
                incidents.stream()
                        .map(incident -> member(incident, Optional.empty(), stores))
                        .toList(),
                0,
                Optional.empty(),
                1);
        stores.storms().save(storm);
        tell(storm, "a storm: %d services fail together".formatted(incidents.size()), stores, now);
        return leader.id();
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
                        .map(incident -> member(incident, Optional.of(member), stores))
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
                .filter(member -> member.state() != State.OVER)
                .filter(member -> !member.incident().equals(storm.leader()))
                .flatMap(member -> stores.incidents().find(member.incident()).stream())
                .toList();
    }

    private void tell(Storm storm, String happened, Stores stores, Instant now) {
        stores.incidents()
                .find(storm.leader())
                .ifPresent(leader -> writer.saveAndTell(stores, leader.withProgress(leader.progress(), now), happened));
    }

    private static Member joined(Incident opened) {
        return new Member(
                opened.id(),
                opened.service(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                State.JOINED);
    }

    /** What its tasks run does not change any more; it is read until it is known. */
    private static Member member(Incident incident, Optional<Member> before, Stores stores) {
        var known = before.filter(member -> !member.images().isEmpty());
        var task = known.isPresent()
                ? Optional.<Task>empty()
                : stores
                        .tasks()
                        .tasksOf(
                                incident.service(),
                                incident.deployment(),
                                incident.openedAt().minus(TASKS_BEFORE))
                        .stream()
                        .findFirst();
        return new Member(
                incident.id(),
                incident.service(),
                incident.cause().map(CauseId::value),
                incident.diagnosis()
                        .filter(Diagnosis.Identified.class::isInstance)
                        .flatMap(found -> ((Diagnosis.Identified) found).key()),
                known.map(Member::images).orElseGet(() -> images(task)),
                known.flatMap(Member::subnet).or(() -> task.flatMap(Task::subnet)),
                incident.isOpen() ? State.FAILING : State.OVER);
    }

    private static List<String> images(Optional<Task> task) {
        return task.stream()
                .flatMap(failed -> failed.containers().stream())
                .flatMap(container -> container.image().stream())
                .distinct()
                .sorted()
                .toList();
    }
}
