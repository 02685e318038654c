package io.deployguard.cli;

import io.deployguard.simulation.fleet.Finding;
import io.deployguard.simulation.fleet.Finding.Kind;
import io.deployguard.simulation.fleet.FleetReport;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A simulation's report for people, one page of the terminal. */
final class SimulationPage {

    private static final int FINDINGS = 20;

    private SimulationPage() {}

    static void print(FleetReport report, PrintWriter out) {
        report.story().forEach(out::println);
        var settings = report.settings();
        out.printf(
                Locale.ROOT,
                "%d services for %d hours, seed %d%s%n%n",
                settings.services(),
                settings.length().toHours(),
                settings.seed(),
                settings.trouble() ? "" : ", nothing goes wrong");
        row(out, "events", String.valueOf(report.events()), "that ECS put on the bus");
        row(out, "deployments", String.valueOf(report.deployments()), report.failedDeployments() + " of bad releases");
        row(
                out,
                "incidents",
                String.valueOf(report.incidents()),
                "told in %d messages; %s".formatted(report.messages(), inWords(report.verdicts())));
        row(out, "actions", String.valueOf(report.actions()), "");
        out.println();
        spread(out, "first message", report.noticed());
        spread(out, "action", report.acted());
        spread(out, "healed", report.healed());
        out.println();
        row(out, "missed", String.valueOf(report.count(Kind.MISSED)), "failures that nobody was told of in time");
        row(out, "false alarms", String.valueOf(report.count(Kind.FALSE_ALARM)), "");
        row(out, "wrong actions", String.valueOf(report.count(Kind.WRONG_ACTION)), "");
        row(out, "violations", String.valueOf(report.count(Kind.VIOLATION)), "of what the guard promises");
        row(out, "misnamed", String.valueOf(report.count(Kind.MISNAMED)), "causes, though sure of them");
        if (!report.leftToPeople().isEmpty()) {
            out.println();
            out.println("left to people although a rollback would have healed, in mode auto, since");
            report.leftToPeople().forEach((why, count) -> out.printf(Locale.ROOT, "  %4d  %s%n", count, why));
        }
        findings(report, out);
    }

    private static void findings(FleetReport report, PrintWriter out) {
        if (report.findings().isEmpty()) {
            return;
        }
        out.println();
        report.findings().stream().limit(FINDINGS).forEach(finding -> out.println(line(finding)));
        if (report.findings().size() > FINDINGS) {
            out.printf(
                    Locale.ROOT,
                    "and %d more; --json lists all%n",
                    report.findings().size() - FINDINGS);
        }
        var settings = report.settings();
        out.printf(
                Locale.ROOT,
                "%nthe whole story: ./deploy-guard simulate --seed %d --services %d --hours %d%s --follow %s%n",
                settings.seed(),
                settings.services(),
                settings.length().toHours(),
                settings.trouble() ? "" : " --healthy",
                report.findings().getFirst().service());
    }

    private static String line(Finding finding) {
        return "%-12s %s  %s  %s"
                .formatted(
                        finding.kind().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                        finding.at(),
                        finding.service(),
                        finding.what());
    }

    private static void row(PrintWriter out, String what, String count, String more) {
        out.println("%-14s %8s  %s".formatted(what, count, more).stripTrailing());
    }

    private static void spread(PrintWriter out, String what, Optional<FleetReport.Spread> spread) {
        spread.ifPresent(known -> row(
                out,
                what,
                inWords(known.median()),
                "after the first stop, 9 of 10 within %s, all within %s"
                        .formatted(inWords(known.ninth()), inWords(known.longest()))));
    }

    private static String inWords(Duration duration) {
        return duration.toSeconds() < 120
                ? String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0)
                : String.format(Locale.ROOT, "%.1f min", duration.toSeconds() / 60.0);
    }

    private static String inWords(Map<String, Integer> verdicts) {
        return verdicts.entrySet().stream()
                .map(entry -> entry.getValue() + " " + entry.getKey())
                .reduce((one, other) -> one + ", " + other)
                .orElse("none");
    }
}
