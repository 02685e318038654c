package io.deployguard.report;

import static io.deployguard.fixture.DiagnosisBuilder.UNKNOWN;
import static io.deployguard.fixture.DiagnosisBuilder.aDiagnosis;
import static io.deployguard.report.History.acted;
import static io.deployguard.report.History.at;
import static io.deployguard.report.History.closed;
import static io.deployguard.report.History.incident;
import static io.deployguard.report.History.service;
import static io.deployguard.report.History.untouched;
import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.classification.CauseId;
import io.deployguard.decision.Mode;
import io.deployguard.ecs.DeploymentId;
import io.deployguard.fixture.Shop;
import io.deployguard.incident.Incident;
import io.deployguard.incident.Progress;
import io.deployguard.incident.Progress.Outcome;
import io.deployguard.incident.RevisionLedger;
import io.deployguard.report.Statistics.CauseCount;
import io.deployguard.report.Statistics.Service;
import io.deployguard.report.Statistics.Spread;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StatisticsTest {

    private static Statistics of(List<Dossier> dossiers, List<RevisionLedger.Entry> revisions) {
        return Statistics.of(dossiers, revisions, at(-86_400), at(86_400));
    }

    private static RevisionLedger.Entry began(String service, DeploymentId deployment) {
        return new RevisionLedger.Entry(
                service(service), deployment, Optional.of(at(0)), Optional.empty(), Optional.empty());
    }

    @Test
    void countsFromTheFirstSign() {
        var healed = acted(closed(incident("web", Mode.AUTO), Outcome.HEALED, 300), 12);
        var fixed = untouched(closed(incident("api", Mode.OBSERVE), Outcome.SUPERSEDED, 1_500));
        var lost = acted(closed(incident("jobs", Mode.AUTO), Outcome.NOT_HEALED, 1_300), 20);

        var numbers = of(List.of(healed, fixed, lost), List.of());

        assertThat(numbers.incidents()).isEqualTo(3);
        assertThat(numbers.detect()).isEqualTo(spread(3, 8, 8, 8));
        assertThat(numbers.mitigate()).isEqualTo(spread(2, 12, 20, 20));
        assertThat(numbers.recover()).as("one is not well").isEqualTo(spread(2, 300, 1_500, 1_500));
    }

    private static Spread spread(int count, long median, long ninth, long longest) {
        return new Spread(
                count,
                Optional.of(Duration.ofSeconds(median)),
                Optional.of(Duration.ofSeconds(ninth)),
                Optional.of(Duration.ofSeconds(longest)));
    }

    @Test
    void saysNothingOfNothing() {
        var numbers = of(List.of(), List.of());

        assertThat(numbers.recover()).isEqualTo(new Spread(0, Optional.empty(), Optional.empty(), Optional.empty()));
        assertThat(numbers.services()).isEmpty();
        assertThat(numbers.causes()).isEmpty();
    }

    @Test
    void takesRealOnesForSpreads() {
        var dossiers = IntStream.rangeClosed(1, 10)
                .mapToObj(n -> untouched(closed(incident("web-" + n, Mode.OBSERVE), Outcome.RECOVERED, 60L * n)))
                .toList();

        assertThat(of(dossiers, List.of()).recover()).isEqualTo(spread(10, 300, 540, 600));
    }

    @Test
    void ratesTheDeploymentsOfEachServiceWorstFirst() {
        var dossiers = List.of(
                untouched(incident("web", Shop.NEW, aDiagnosis().build(), Mode.OBSERVE)),
                untouched(closed(incident("web", Shop.NEW, aDiagnosis().build(), Mode.OBSERVE), Outcome.RECOVERED, 9)),
                untouched(incident("api", Shop.OLD, aDiagnosis().build(), Mode.OBSERVE)));
        var revisions = List.of(
                began("web", Shop.NEW),
                began("web", Shop.OLD),
                began("web", Shop.OLDER),
                began("web", Shop.NEWER),
                began("quiet", Shop.NEW));

        assertThat(of(dossiers, revisions).services())
                .as("two incidents of one revision are one failed deployment; one that nobody saw begin counts")
                .containsExactly(
                        new Service(service("api"), 1, 1),
                        new Service(service("web"), 4, 1),
                        new Service(service("quiet"), 1, 0));
        assertThat(of(dossiers, revisions).services().get(1).rate()).isEqualTo(0.25);
    }

    @Test
    void countsCausesTheMostFrequentFirst() {
        var numbers = of(
                List.of(
                        untouched(incident("a", Mode.OBSERVE)),
                        untouched(incident("b", Shop.NEW, UNKNOWN, Mode.OBSERVE)),
                        untouched(incident("c", Mode.OBSERVE))),
                List.of());

        assertThat(numbers.causes())
                .containsExactly(
                        new CauseCount(new CauseId("migration-conflict"), 2), new CauseCount(CauseId.UNKNOWN, 1));
    }

    @Test
    void passesOverWhatNobodyHeardOf() {
        var suspicion = Incident.open(
                new UUID(1, 1),
                service("web"),
                Shop.NEW,
                new Progress.Suspected(),
                new Incident.Sign("suspicious-stop", at(0), "it stopped"));

        assertThat(of(List.of(untouched(suspicion)), List.of()).incidents()).isZero();
    }
}
