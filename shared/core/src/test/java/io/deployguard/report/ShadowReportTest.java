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

    @Test
    void claimsNoGainWhereTheServiceIsNotWell() {
        var lost = closed(incident("web", Mode.OBSERVE), Outcome.NOT_HEALED, 900);

        assertThat(ShadowReport.of(List.of(lost), at(-60), at(9_000)).would())
                .singleElement()
                .satisfies(one -> assertThat(one.earlier()).isEmpty());
    }
}
