package io.deployguard.report;

import static io.deployguard.fixture.DiagnosisBuilder.UNKNOWN;
import static io.deployguard.fixture.DiagnosisBuilder.aDiagnosis;
import static io.deployguard.report.History.at;
import static io.deployguard.report.History.closed;
import static io.deployguard.report.History.incident;
import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.classification.RollbackHelps;
import io.deployguard.decision.Mode;
import io.deployguard.fixture.Shop;
import io.deployguard.incident.Progress;
import io.deployguard.incident.Progress.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ShadowReportTest {

    @Test
    void tellsWhatItWouldHaveDoneAndWhatBecameOfIt() {
        var fixed = closed(incident("web", Mode.OBSERVE), Outcome.SUPERSEDED, 1_508);
        var asked = incident("api", Mode.ASK);
        var acted = closed(incident("jobs", Mode.AUTO), Outcome.HEALED, 300);
        var unknown = incident("cron", Shop.NEW, UNKNOWN, Mode.AUTO);
        var outside = incident(
                "mail",
                Shop.NEW,
                aDiagnosis().rollback(RollbackHelps.DOES_NOT_HELP).build(),
                Mode.AUTO);

        var report = ShadowReport.of(List.of(outside, unknown, acted, asked, fixed), at(-60), at(9_000));

        assertThat(report.incidents()).isEqualTo(5);
        assertThat(report.would())
                .extracting(one -> one.incident().service().name())
                .containsExactlyInAnyOrder("web", "api");
        var web = report.would().stream()
                .filter(one -> one.incident().equals(fixed))
                .findFirst()
                .orElseThrow();
        assertThat(web.after()).isEqualTo(Duration.ofSeconds(8));
        assertThat(web.target()).contains(Shop.definitionOf(Shop.OLD));
        assertThat(web.recoveredAfter()).contains(Duration.ofSeconds(1_508));
        assertThat(web.earlier()).contains(Duration.ofMinutes(25));
        assertThat(report.handsOff()).isEqualTo(Map.of("cause-unknown", 1, "rollback-does-not-help", 1));
    }

    /** One release that became well by itself is enough: there an action would have been one too many. */
    @Test
    void namesAsCandidatesOnlyServicesOnWhichItWouldNeverHaveActedNeedlessly() {
        var needless = incident("api", Mode.OBSERVE)
                .withProgress(
                        new Progress.Closed(Outcome.RECOVERED, at(200), "all tasks became healthy", true), at(200));
        var report = ShadowReport.of(
                List.of(
                        closed(incident("api", Mode.OBSERVE), Outcome.SUPERSEDED, 900),
                        needless,
                        closed(incident("web", Mode.OBSERVE), Outcome.SUPERSEDED, 900),
                        closed(incident("web", Mode.OBSERVE), Outcome.RECOVERED, 900),
                        incident("cron", Shop.NEW, UNKNOWN, Mode.OBSERVE)),
                at(-60),
                at(9_000));

        assertThat(report.candidates()).containsExactly(History.service("web"));
        assertThat(report.would())
                .extracting(ShadowReport.Case::instead)
                .containsExactlyInAnyOrder(
                        "replaced after 15 min",
                        "replaced after 15 min",
                        "rolled back by others after 15 min",
                        "well by itself after 3 min");
    }

    @Test
    void claimsNoGainWhereTheServiceIsNotWell() {
        var lost = closed(incident("web", Mode.OBSERVE), Outcome.NOT_HEALED, 900);

        assertThat(ShadowReport.of(List.of(lost), at(-60), at(9_000)).would())
                .singleElement()
                .satisfies(one -> assertThat(one.earlier()).isEmpty());
    }
}
