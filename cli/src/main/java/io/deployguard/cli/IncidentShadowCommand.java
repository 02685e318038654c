package io.deployguard.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deployguard.notification.Words;
import io.deployguard.pipeline.Database.Stores;
import io.deployguard.report.ShadowReport;
import io.deployguard.report.WeeklyReport;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import picocli.CommandLine.Command;

/** What the guard would have done. */
@Command(
        name = "shadow",
        mixinStandardHelpOptions = true,
        description = {
            "What the guard would have done, had the mode allowed it, and what became of these incidents without it. Looks back 7 days.",
            "Read it before you give a service mode auto."
        })
final class IncidentShadowCommand extends PeriodCommand<ShadowReport> {

    IncidentShadowCommand() {
        super(WeeklyReport.WEEK);
    }

    @Override
    ShadowReport read(Stores stores, Instant from, Instant until) {
        return ShadowReport.of(stores.incidents().openedSince(from, MOST), from, until);
    }

    @Override
    ObjectNode json(ShadowReport report) {
        var page = DiagnosisJson.JSON
                .createObjectNode()
                .put("since", report.since().toString())
                .put("until", report.until().toString())
                .put("incidents", report.incidents());
        var would = page.putArray("wouldHaveActed");
        report.would()
                .forEach(one -> would.addObject()
                        .setAll(new IncidentLine(one.incident())
                                .json()
                                .put("action", one.remedy().action())
                                .put("target", one.target().orElse(null))
                                .put("secondsUntilAction", one.after().toSeconds())
                                .put(
                                        "secondsUntilRecovery",
                                        one.recoveredAfter()
                                                .map(Duration::toSeconds)
                                                .orElse(null))));
        var hands = page.putObject("keptItsHandsOff");
        report.handsOff().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(row -> hands.put(row.getKey(), row.getValue()));
        var candidates = page.putArray("candidates");
        report.candidates().forEach(service -> candidates.add(service.arn()));
        return page;
    }

    @Override
    void print(ShadowReport report, PrintWriter out) {
        out.println("%s from %s to %s UTC; on %d of them the guard would have acted"
                .formatted(
                        Words.count(report.incidents(), "incident"),
                        IncidentLine.utc(report.since()),
                        IncidentLine.utc(report.until()),
                        report.would().size()));
        report.would().forEach(one -> {
            out.println();
            out.println(new IncidentLine(one.incident()).text());
            out.println(
                    "  would have: %s, %s after the first sign".formatted(one.action(), Words.lasting(one.after())));
            out.println("  instead:    %s%s"
                    .formatted(
                            one.instead(),
                            one.earlier()
                                    .map(time ->
                                            ", %s later than the guard would have acted".formatted(Words.lasting(time)))
                                    .orElse("")));
        });
        if (!report.candidates().isEmpty()) {
            out.println();
            out.println("It would have acted on these services, and never on a release that became well by itself:");
            report.candidates().forEach(service -> out.println("  " + service));
        }
        if (!report.handsOff().isEmpty()) {
            out.println();
            out.println("It would have kept its hands off the others, by these rows of docs/how-it-decides.md:");
            report.handsOff().entrySet().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .forEach(row -> out.println("  %-26s %d".formatted(row.getKey(), row.getValue())));
        }
    }
}
