package io.deployguard.report;

import static io.deployguard.fixture.DiagnosisBuilder.UNKNOWN;
import static io.deployguard.report.History.acted;
import static io.deployguard.report.History.at;
import static io.deployguard.report.History.closed;
import static io.deployguard.report.History.incident;
import static io.deployguard.report.History.service;
import static io.deployguard.report.History.untouched;
import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.decision.Mode;
import io.deployguard.ecs.DeploymentId;
import io.deployguard.fixture.Shop;
import io.deployguard.incident.Incident;
import io.deployguard.incident.Progress;
import io.deployguard.incident.Progress.Outcome;
import io.deployguard.incident.RevisionLedger;
import io.deployguard.notification.Notice;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class WeeklyReportTest {

    private static Incident wellByItself(Incident incident, long second) {
        return incident.withProgress(
                new Progress.Closed(Outcome.RECOVERED, at(second), "all tasks became healthy", true), at(second));
    }

    private static WeeklyReport report(Mode mode, Dossier... dossiers) {
        var since = at(-600_000);
        var until = at(4_800);
        var revisions = IntStream.range(0, 9)
                .mapToObj(n -> new RevisionLedger.Entry(
                        service("web"),
                        new DeploymentId("ecs-svc/" + (100 + n)),
                        Optional.of(at(n)),
                        Optional.of(at(n + 60)),
                        Optional.empty()))
                .toList();
        var all = List.of(dossiers);
        return WeeklyReport.of(
                ShadowReport.of(all.stream().map(Dossier::incident).toList(), since, until),
                Statistics.of(all, revisions, since, until),
                mode);
    }

    private static String text(WeeklyReport report) {
        var notice = WeeklyComposer.compose(report);
        assertThat(notice.headline()).hasSizeLessThanOrEqualTo(120);
        assertThat(notice.fallback()).hasSizeBetween(60, 250);
        assertThat(notice.tone()).isEqualTo(Notice.Tone.REPORT);
        return notice.toString();
    }

    @Test
    void tellsWhatTheGuardWouldHaveDoneWithTheOutcomesAndTheTimes() {
        var replaced = closed(incident("web", Mode.OBSERVE), Outcome.SUPERSEDED, 1_508);
        var byItself = wellByItself(incident("api", Mode.OBSERVE), 200);
        var healed = closed(incident("jobs", Mode.AUTO), Outcome.HEALED, 300);
        var unknown = incident("cron", Shop.NEW, UNKNOWN, Mode.OBSERVE);
        var report =
                report(Mode.OBSERVE, untouched(replaced), untouched(byItself), acted(healed, 11), untouched(unknown));

        assertThat(report.deployments()).isEqualTo(13);
        assertThat(report.failed()).isEqualTo(4);
        assertThat(report.candidates()).containsExactly("shop/web");
        assertThat(text(report))
                .contains("the guard would have acted on 2 of 4 incidents")
                .contains("shop/web: roll back to web:41 after 8 s, migration-conflict; instead replaced after 25 min")
                .contains(
                        "shop/api: roll back to web:41 after 8 s, migration-conflict; instead well by itself after 3 min")
                .contains("31% (4 of 13 deployments)")
                .contains("8 s in the median")
                .contains("11 s in the median, 11 s at most (1 incident)")
                .contains("Worth mode auto: shop/web.")
                .contains("cause-unknown 1")
                .contains("./deploy-guard incidents shadow --since 7d");
    }

    @Test
    void saysThatNothingFailed() {
        assertThat(text(report(Mode.OBSERVE)))
                .contains("no deployment failed", "9 deployments of 1 service, 0 failed")
                .doesNotContain("Worth mode auto", "Time to");
    }

    @Test
    void staysShortHoweverMuchHappened() {
        var many = IntStream.range(0, 60)
                .mapToObj(n -> untouched(incident("service-" + n, Mode.OBSERVE)))
                .toArray(Dossier[]::new);
        var report = report(Mode.OBSERVE, many);

        assertThat(report.would()).hasSize(20);
        assertThat(report.wouldInAll()).isEqualTo(60);
        assertThat(text(report)).contains("omitted=52", "and 14 more. The guard");
        assertThat(Stream.of(report.candidates(), report.would())).allMatch(all -> all.size() == 20);
    }
}
