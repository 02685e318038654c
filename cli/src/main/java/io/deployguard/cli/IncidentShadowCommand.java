package io.deployguard.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deployguard.report.ShadowReport;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What the guard would have done. */
@Command(
        name = "shadow",
        mixinStandardHelpOptions = true,
        description = {
            "What the guard would have done, had the mode allowed it, and what became of these incidents without it.",
            "Read it before you give a service mode auto."
        })
final class IncidentShadowCommand implements Callable<Integer> {

    /** More are not read. */
    private static final int MOST = 100_000;

    @Spec
    @Nullable
    CommandSpec spec;

    @Mixin
    GuardMemory memory = new GuardMemory();

    @Option(
            names = "--since",
            paramLabel = "TIME",
            defaultValue = "7d",
            converter = Durations.class,
            description = "how far back, such as 7d or 30d")
    Duration since = Duration.ZERO;

    @Option(names = "--json", description = "one JSON object")
    boolean json;

    @Override
    public Integer call() {
        var until = Clock.systemUTC().instant();
        var from = until.minus(since);
        var report = memory.with(database -> database.transact(
                "read incidents", stores -> ShadowReport.of(stores.incidents().openedSince(from, MOST), from, until)));
        var out = Objects.requireNonNull(spec).commandLine().getOut();
        if (json) {
            out.println(json(report));
        } else {
            print(report, out);
        }
        out.flush();
        return 0;
    }

    private static ObjectNode json(ShadowReport report) {
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
        return page;
    }

    private static void print(ShadowReport report, PrintWriter out) {
        out.println("%d incidents from %s to %s UTC; on %d of them the guard would have acted"
                .formatted(
                        report.incidents(),
                        IncidentLine.utc(report.since()),
                        IncidentLine.utc(report.until()),
                        report.would().size()));
        report.would().forEach(one -> {
            out.println();
            out.println(new IncidentLine(one.incident()).text());
            out.println("  would have: %s%s, %s after the first sign"
                    .formatted(
                            one.remedy().action(),
                            one.target()
                                    .map(arn -> " to " + arn.substring(arn.lastIndexOf('/') + 1))
                                    .orElse(""),
                            IncidentStatsCommand.inWords(Optional.of(one.after()))));
            out.println("  instead:    %s%s"
                    .formatted(
                            one.recoveredAfter()
                                    .map(time -> "well again after " + IncidentStatsCommand.inWords(Optional.of(time)))
                                    .orElse("not well yet"),
                            one.earlier()
                                    .map(time -> ", %s later than the guard would have acted"
                                            .formatted(IncidentStatsCommand.inWords(Optional.of(time))))
                                    .orElse("")));
        });
        if (!report.handsOff().isEmpty()) {
            out.println();
            out.println("It would have kept its hands off the others, by these rows of docs/how-it-decides.md:");
            report.handsOff().entrySet().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .forEach(row -> out.println("  %-26s %d".formatted(row.getKey(), row.getValue())));
        }
    }
}
