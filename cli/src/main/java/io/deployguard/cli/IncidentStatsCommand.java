package io.deployguard.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deployguard.incident.Incident;
import io.deployguard.report.Statistics;
import io.deployguard.report.Statistics.Spread;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A period in numbers. */
@Command(
        name = "stats",
        mixinStandardHelpOptions = true,
        description =
                "Times to detect, to mitigate and to recover, change-failure rate per service, most frequent causes.")
final class IncidentStatsCommand implements Callable<Integer> {

    /** More are not counted. */
    private static final int MOST = 100_000;

    @Spec
    @Nullable
    CommandSpec spec;

    @Mixin
    GuardMemory memory = new GuardMemory();

    @Option(
            names = "--since",
            paramLabel = "TIME",
            defaultValue = "30d",
            converter = Durations.class,
            description = "how far back, such as 7d or 30d")
    Duration since = Duration.ZERO;

    @Option(names = "--json", description = "one JSON object")
    boolean json;

    @Override
    public Integer call() {
        var until = Clock.systemUTC().instant();
        var from = until.minus(since);
        var statistics = memory.with(database -> database.transact("read incidents", stores -> {
            var dossiers = stores.incidents().openedSince(from, MOST).stream()
                    .filter(Incident::isTold)
                    .map(incident -> GuardMemory.dossier(incident, stores))
                    .toList();
            return Statistics.of(dossiers, stores.revisions().startedSince(from, MOST), from, until);
        }));
        var out = Objects.requireNonNull(spec).commandLine().getOut();
        if (json) {
            out.println(json(statistics));
        } else {
            print(statistics, out);
        }
        out.flush();
        return 0;
    }

    private static ObjectNode json(Statistics statistics) {
        var page = DiagnosisJson.JSON
                .createObjectNode()
                .put("since", statistics.since().toString())
                .put("until", statistics.until().toString())
                .put("incidents", statistics.incidents());
        page.set("secondsToDetect", json(statistics.detect()));
        page.set("secondsToMitigate", json(statistics.mitigate()));
        page.set("secondsToRecover", json(statistics.recover()));
        var services = page.putArray("services");
        statistics
                .services()
                .forEach(service -> services.addObject()
                        .put("service", service.service().arn())
                        .put("deployments", service.deployments())
                        .put("failed", service.failed())
                        .put("changeFailureRate", service.rate()));
        var causes = page.putArray("causes");
        statistics
                .causes()
                .forEach(cause ->
                        causes.addObject().put("cause", cause.cause().value()).put("incidents", cause.incidents()));
        return page;
    }

    private static ObjectNode json(Spread spread) {
        return DiagnosisJson.JSON
                .createObjectNode()
                .put("count", spread.count())
                .put("median", spread.median().map(Duration::toSeconds).orElse(null))
                .put("ninth", spread.ninth().map(Duration::toSeconds).orElse(null))
                .put("longest", spread.longest().map(Duration::toSeconds).orElse(null));
    }

    private static void print(Statistics statistics, PrintWriter out) {
        out.println("%d incidents from %s to %s UTC"
                .formatted(
                        statistics.incidents(),
                        IncidentLine.utc(statistics.since()),
                        IncidentLine.utc(statistics.until())));
        out.println();
        out.println("%-18s %8s %10s %10s %10s".formatted("time to", "count", "median", "9 of 10", "longest"));
        print("detect", statistics.detect(), out);
        print("mitigate", statistics.mitigate(), out);
        print("recover", statistics.recover(), out);
        out.println();
        out.println("%-40s %11s %8s %8s".formatted("service", "deployments", "failed", "rate"));
        statistics
                .services()
                .forEach(service -> out.println("%-40s %11d %8d %7d%%"
                        .formatted(
                                service.service().cluster() + "/"
                                        + service.service().name(),
                                service.deployments(),
                                service.failed(),
                                Math.round(service.rate() * 100))));
        out.println();
        out.println("%-40s %9s".formatted("cause", "incidents"));
        statistics.causes().forEach(cause -> out.println("%-40s %9d".formatted(cause.cause(), cause.incidents())));
    }

    private static void print(String name, Spread spread, PrintWriter out) {
        out.println("%-18s %8d %10s %10s %10s"
                .formatted(
                        name,
                        spread.count(),
                        inWords(spread.median()),
                        inWords(spread.ninth()),
                        inWords(spread.longest())));
    }

    /** {@code 45s}, {@code 12m}, {@code 3h20m}. */
    static String inWords(Optional<Duration> duration) {
        return duration.map(time -> {
                    var seconds = time.toSeconds();
                    return seconds < 120
                            ? seconds + "s"
                            : seconds < 7_200
                                    ? seconds / 60 + "m"
                                    : "%dh%02dm".formatted(seconds / 3_600, seconds / 60 % 60);
                })
                .orElse("–");
    }
}
