package io.deployguard.simulation.pipeline;

import static io.deployguard.fixture.FixedTime.NOON;
import static io.deployguard.fixture.Shop.NEW;
import static io.deployguard.fixture.Shop.WEB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deployguard.decision.Decision;
import io.deployguard.decision.Grounds;
import io.deployguard.decision.Ruling;
import io.deployguard.fixture.DiagnosisBuilder;
import io.deployguard.fixture.FixedTime;
import io.deployguard.incident.Incident;
import io.deployguard.incident.IncidentStore;
import io.deployguard.incident.Progress;
import io.deployguard.incident.Situation;
import io.deployguard.pipeline.MeteredDatabase;
import io.deployguard.pipeline.Metric;
import io.deployguard.simulation.memory.InMemoryDatabase;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class MeteredDatabaseTest {

    private final List<Map<Metric, Double>> figures = new ArrayList<>();
    private final List<Map<String, ?>> subjects = new ArrayList<>();
    private final MeteredDatabase database =
            new MeteredDatabase(new InMemoryDatabase(new FixedTime()), (values, about) -> {
                figures.add(values);
                subjects.add(about);
            });

    @Test
    void anIncidentIsMeasuredFromItsFirstSignToItsEnd() {
        var suspected = insert(new Progress.Suspected());
        assertThat(figures).as("a suspicion is no incident").isEmpty();

        var open = update(suspected.withProgress(new Progress.Investigating(NOON, 0), after(1)));
        assertThat(last()).isEqualTo(Map.of(Metric.INCIDENTS, 1.0));

        var planned = update(found(open, new Progress.Planned(after(4)), after(4), List.of("log: denied")));
        assertThat(last())
                .isEqualTo(Map.of(Metric.TIME_TO_DIAGNOSIS, 4_000.0, Metric.BLIND_SPOTS, 1.0, Metric.DECISIONS, 1.0));
        assertThat(subjects.getLast().get("cause")).isEqualTo("migration-conflict");
        assertThat(subjects.getLast().get("service")).isEqualTo("web");

        var acted = update(planned.withProgress(
                new Progress.Verifying(after(9), "back to web:41", "web:41", Optional.empty()), after(9)));
        assertThat(last()).isEqualTo(Map.of(Metric.ACTIONS, 1.0, Metric.TIME_TO_ACTION, 9_000.0));

        var steady = update(acted.withProgress(
                new Progress.Verifying(after(9), "back to web:41", "web:41", Optional.of(after(60))), after(60)));
        assertThat(figures).as("it is still the same action").hasSize(3);

        update(steady.withProgress(new Progress.Closed(Progress.Outcome.HEALED, after(180), "well again"), after(180)));
        assertThat(last()).isEqualTo(Map.of(Metric.TIME_TO_RECOVERY, 180_000.0));
    }

    @Test
    void anotherLookWithTheSameResultIsNoOtherDecision() {
        var first = update(found(insert(new Progress.Suspected()), new Progress.Advised(), after(2), List.of()));
        update(found(first, new Progress.Advised(), after(20), List.of()));

        assertThat(figures).hasSize(1);
    }

    @Test
    void anActionThatDidNotHealIsAFigureOfItsOwn() {
        var open = insert(new Progress.Investigating(NOON, 0));
        update(open.withProgress(new Progress.Closed(Progress.Outcome.NOT_HEALED, after(900), "no"), after(900)));

        assertThat(last()).isEqualTo(Map.of(Metric.NOT_HEALED, 1.0));
    }

    @Test
    void whatRanTwiceIsToldOnceAndWhatWasLostNever() {
        var attempts = new ArrayList<String>();
        database.transact("insert", stores -> {
            stores.incidents().insert(incident(new Progress.Investigating(NOON, 0)));
            attempts.add("one");
            if (attempts.size() == 1) {
                throw new IncidentStore.ConcurrentChange(UUID.randomUUID());
            }
            return attempts;
        });
        assertThat(figures).containsExactly(Map.of(Metric.INCIDENTS, 1.0));

        assertThatThrownBy(() -> database.transact("insert", stores -> {
                    stores.incidents()
                            .update(
                                    stores.incidents()
                                            .openOf(WEB)
                                            .getFirst()
                                            .withProgress(
                                                    new Progress.Closed(Progress.Outcome.NOT_HEALED, NOON, ""), NOON),
                                    "closed");
                    throw new IllegalStateException("killed");
                }))
                .hasMessage("killed");
        assertThat(figures).hasSize(1);
    }

    private static Instant after(long seconds) {
        return NOON.plusSeconds(seconds);
    }

    private static Incident incident(Progress progress) {
        return Incident.open(
                UUID.randomUUID(), WEB, NEW, progress, new Incident.Sign("restart-loop", NOON, "stopped twice"));
    }

    private Incident insert(Progress progress) {
        var incident = incident(progress);
        assertThat(database.<Boolean>transact(
                        "insert", stores -> stores.incidents().insert(incident)))
                .isTrue();
        return incident;
    }

    private Incident update(Incident incident) {
        return database.transact("update", stores -> {
            stores.incidents().update(incident, "changed");
            return incident;
        });
    }

    private Map<Metric, Double> last() {
        return figures.getLast();
    }

    private static Incident found(Incident incident, Progress next, Instant now, List<String> gaps) {
        return incident.withFindings(
                DiagnosisBuilder.aDiagnosis().build(),
                new Ruling(
                        new Decision.StandDown(Decision.Reason.OVERTAKEN, "of course"), new Grounds("rule", List.of())),
                new Situation(
                        "web:42",
                        Optional.empty(),
                        List.of(),
                        0,
                        0,
                        2,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        gaps,
                        "auto",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()),
                next,
                now);
    }
}
