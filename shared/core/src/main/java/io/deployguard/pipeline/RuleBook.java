package io.deployguard.pipeline;

import io.deployguard.classification.CauseCatalog;
import io.deployguard.classification.Classifier;
import io.deployguard.classification.RuleDocument;
import io.deployguard.classification.RuleSource;
import io.deployguard.fault.GuardFault;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The causes that are in force: the bundled ones, and an operator's own rules as they were read last. Whatever is wrong with the latter, the bundled
 * ones stay; what is left out is told by {@link #faults()}. Threads may share it.
 */
public final class RuleBook {

    /** How long rules are used until the place is read again. */
    public static final Duration FRESH = Duration.ofMinutes(5);

    /** The same after the place could not be read. */
    public static final Duration RETRY = Duration.ofMinutes(1);

    private final CauseCatalog bundled;
    private final Optional<RuleSource> source;
    private final InstantSource clock;
    private final Consumer<String> report;
    private State state;

    /** @param due when the place is to be read again */
    private record State(List<RuleDocument> documents, Classifier classifier, List<String> faults, Instant due) {}

    /**
     * A rule book; the place of the operator's rules is read when it is first asked.
     *
     * @param report hears every fault when it is first seen, and again after it was gone
     */
    public RuleBook(CauseCatalog bundled, Optional<RuleSource> source, InstantSource clock, Consumer<String> report) {
        this.bundled = bundled;
        this.source = source;
        this.clock = clock;
        this.report = report;
        this.state = new State(
                List.of(), new Classifier(bundled), List.of(), source.isPresent() ? Instant.MIN : Instant.MAX);
    }

    /** A classifier that knows what is in force now. */
    public synchronized Classifier classifier() {
        refresh();
        return state.classifier();
    }

    /** What of the operator's own rules is not in force, one sentence each; empty when all is. */
    public synchronized List<String> faults() {
        refresh();
        return state.faults();
    }

    private void refresh() {
        if (clock.instant().isBefore(state.due())) {
            return;
        }
        var before = state;
        state = source.map(this::read).orElse(before);
        state.faults().stream()
                .filter(fault -> !before.faults().contains(fault))
                .forEach(report);
    }

    private State read(RuleSource place) {
        try {
            var reading = place.read();
            if (reading.documents().equals(state.documents())
                    && reading.problems().isEmpty()
                    && state.faults().isEmpty()) {
                return new State(
                        state.documents(),
                        state.classifier(),
                        List.of(),
                        clock.instant().plus(FRESH));
            }
            var extended = bundled.with(reading.documents());
            return new State(
                    reading.documents(),
                    new Classifier(extended.catalog()),
                    Stream.concat(reading.problems().stream(), extended.problems().stream())
                            .map(problem -> "left out: " + problem)
                            .toList(),
                    clock.instant().plus(FRESH));
        } catch (GuardFault unreadable) {
            return unread(place, String.valueOf(unreadable.getMessage()));
        } catch (RuntimeException unforeseen) {
            // An operator's rules never stop the guard, whatever stands in them.
            return unread(place, unforeseen.toString());
        }
    }

    private State unread(RuleSource place, String reason) {
        var inForce = state.documents().isEmpty() ? "the bundled rules alone are" : "those read before stay";
        return new State(
                state.documents(),
                state.classifier(),
                List.of("rules of %s cannot be read, %s in force: %s".formatted(place.location(), inForce, reason)),
                clock.instant().plus(RETRY));
    }
}
