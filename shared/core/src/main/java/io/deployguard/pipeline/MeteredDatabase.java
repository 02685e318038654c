package io.deployguard.pipeline;

import io.deployguard.incident.Incident;
import io.deployguard.incident.Progress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A database that tells a {@link Meter} what became of incidents. What a transaction changes is told once, after its commit, however often its work
 * had to run; a function that is killed in between leaves it untold.
 */
public final class MeteredDatabase implements Database {

    private final Database database;
    private final Meter meter;

    public MeteredDatabase(Database database, Meter meter) {
        this.database = database;
        this.meter = meter;
    }

    @Override
    public <T> T transact(String what, Function<Stores, T> work) {
        var changes = new ArrayList<Change>();
        var result = database.transact(what, stores -> {
            changes.clear();
            return work.apply(stores.withIncidents(new ObservedIncidents(
                    stores.incidents(), (before, after) -> changes.add(new Change(before, after)))));
        });
        changes.forEach(this::tell);
        return result;
    }

    private void tell(Change change) {
        var values = change.measured();
        if (!values.isEmpty()) {
            meter.record(values, IncidentFields.of(change.after()));
        }
    }

    private record Change(Optional<Incident> before, Incident after) {

        Map<Metric, Double> measured() {
            var values = new EnumMap<Metric, Double>(Metric.class);
            if (after.isTold() && before.filter(Incident::isTold).isEmpty()) {
                values.put(Metric.INCIDENTS, 1.0);
            }
            addFindings(values);
            if (!progressOf(before).equals(Optional.of(after.progress().getClass()))) {
                addStage(values);
            }
            return values;
        }

        private void addFindings(Map<Metric, Double> values) {
            if (before.flatMap(Incident::diagnosedAt).isEmpty()) {
                after.diagnosedAt().ifPresent(at -> values.put(Metric.TIME_TO_DIAGNOSIS, sinceOpening(at)));
            }
            if (!before.flatMap(Incident::diagnosedAt).equals(after.diagnosedAt())) {
                after.situation()
                        .map(situation -> situation.gaps().size())
                        .filter(gaps -> gaps > 0)
                        .ifPresent(gaps -> values.put(Metric.BLIND_SPOTS, (double) gaps));
            }
            var decision = after.decision().map(IncidentFields::nameOf);
            if (decision.isPresent()
                    && !decision.equals(before.flatMap(Incident::decision).map(IncidentFields::nameOf))) {
                values.put(Metric.DECISIONS, 1.0);
            }
        }

        private void addStage(Map<Metric, Double> values) {
            switch (after.progress()) {
                case Progress.Verifying verifying -> {
                    values.put(Metric.ACTIONS, 1.0);
                    values.put(Metric.TIME_TO_ACTION, sinceOpening(verifying.actedAt()));
                }
                case Progress.Closed closed -> {
                    switch (closed.outcome()) {
                        case HEALED, RECOVERED -> values.put(Metric.TIME_TO_RECOVERY, sinceOpening(closed.at()));
                        case NOT_HEALED -> values.put(Metric.NOT_HEALED, 1.0);
                        case SUPERSEDED -> {}
                    }
                }
                case Progress.Suspected _,
                        Progress.Dismissed _,
                        Progress.Investigating _,
                        Progress.Advised _,
                        Progress.Planned _ -> {}
            }
        }

        private double sinceOpening(Instant moment) {
            return Duration.between(after.openedAt(), moment).toMillis();
        }

        private static Optional<Class<?>> progressOf(Optional<Incident> incident) {
            return incident.map(known -> known.progress().getClass());
        }
    }
}
