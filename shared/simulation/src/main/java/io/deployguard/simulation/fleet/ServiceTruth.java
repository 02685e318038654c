package io.deployguard.simulation.fleet;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What was really the case with one service. */
final class ServiceTruth {

    /** Counted like the guard should, by what the design says and not by what the guard does. */
    private static final Duration WINDOW = Duration.ofMinutes(10);

    private static final int STOPS_OF_NEW = 2;
    private static final int STOPS_OF_PROVEN = 3;

    /** The time of a revision, {@code ecs-svc/N}, as the primary one; a rollback when somebody went back to it. */
    static final class Reign {
        final String deployment;
        final Release release;
        final Instant from;
        final boolean isRollback;
        final boolean afflicted;
        final List<Instant> stops = new ArrayList<>();
        boolean completed;
        boolean checked;

        @Nullable
        Instant to;

        @Nullable
        Instant firstStop;

        Reign(String deployment, Release release, Instant from, boolean isRollback, boolean afflicted) {
            this.deployment = deployment;
            this.release = release;
            this.from = from;
            this.isRollback = isRollback;
            this.afflicted = afflicted;
        }

        boolean isOver() {
            return to != null;
        }
    }

    private final FleetService service;
    private final Map<String, Release> revisions = new HashMap<>();
    private final Set<String> proven = new HashSet<>();
    private final List<Reign> reigns = new ArrayList<>();
    private int afflictions;
    private @Nullable String affliction;
    private Instant wellSince = Instant.MIN;
    private Duration longest = Duration.ZERO;

    ServiceTruth(FleetService service) {
        this.service = service;
    }

    FleetService service() {
        return service;
    }

    List<Reign> reigns() {
        return reigns;
    }

    Optional<Reign> reign() {
        return reigns.isEmpty() ? Optional.empty() : Optional.of(reigns.getLast());
    }

    /** The newest reign of that revision. */
    Optional<Reign> reignOf(String deployment) {
        return reigns.reversed().stream()
                .filter(reign -> reign.deployment.equals(deployment))
                .findFirst();
    }

    Optional<Release> release(String deployment) {
        return Optional.ofNullable(revisions.get(deployment));
    }

    Reign begin(String deployment, Release release, boolean isRollback, Instant now) {
        reign().ifPresent(before -> before.to = now);
        revisions.put(deployment, release);
        var reign = new Reign(deployment, release, now, isRollback, isAfflicted());
        reigns.add(reign);
        wellSince = now;
        return reign;
    }

    void complete(String deployment, Instant now) {
        proven.add(deployment);
        reign().filter(reign -> reign.deployment.equals(deployment)).ifPresent(reign -> {
            if (!reign.completed) {
                reign.completed = true;
                wellSince = now;
                var lasting = Duration.between(reign.from, now);
                longest = lasting.compareTo(longest) > 0 ? lasting : longest;
            }
        });
    }

    /** Longest deployment so far that completed. */
    Duration longest() {
        return longest;
    }

    /** A task of the revision ended as it should not; true when by now the guard must notice. */
    boolean stopped(String deployment, Instant now) {
        wellSince = now;
        var current = reignOf(deployment);
        if (current.isEmpty()) {
            return false;
        }
        var reign = current.get();
        reign.firstStop = reign.firstStop == null ? now : reign.firstStop;
        reign.stops.add(now);
        var recent =
                reign.stops.stream().filter(at -> at.plus(WINDOW).isAfter(now)).count();
        return recent >= (proven.contains(deployment) ? STOPS_OF_PROVEN : STOPS_OF_NEW);
    }

    void afflict(String by) {
        afflictions++;
        affliction = by;
    }

    void relieve(Instant now) {
        afflictions--;
        wellSince = now;
    }

    boolean isAfflicted() {
        return afflictions > 0;
    }

    Optional<String> affliction() {
        return isAfflicted() ? Optional.ofNullable(affliction) : Optional.empty();
    }

    /** A good release runs, nothing that it needs is away, and no task has stopped in that time. */
    boolean isWellFor(Duration lasting, Instant now) {
        return !isAfflicted()
                && !service.isDeleted()
                && service.desired() > 0
                && reign().filter(reign -> !reign.release.isBad() && reign.completed)
                        .isPresent()
                && !wellSince.plus(lasting).isAfter(now);
    }
}
