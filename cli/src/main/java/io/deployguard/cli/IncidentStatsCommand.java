package io.deployguard.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deployguard.incident.Incident;
import io.deployguard.notification.Words;
import io.deployguard.pipeline.Database.Stores;
import io.deployguard.report.Statistics;
import io.deployguard.report.Statistics.Spread;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import picocli.CommandLine.Command;

/** A period in numbers. */
@Command(
        name = "stats",
        mixinStandardHelpOptions = true,
        description =
                "Times to detect, to mitigate and to recover, change-failure rate per service, most frequent causes. Looks back 30 days.")
final class IncidentStatsCommand extends PeriodCommand<Statistics> {

    IncidentStatsCommand() {
        super(Duration.ofDays(30));
    }

    @Override
    Statistics read(Stores stores, Instant from, Instant until) {
        var dossiers = stores.incidents().openedSince(from, MOST).stream()
                .filter(Incident::isTold)
                .map(incident -> GuardMemory.dossier(incident, stores))
                .toList();
        return Statistics.of(dossiers, stores.revisions().startedSince(from, MOST), from, until);
    }

    @Override
    ObjectNode json(Statistics statistics) {
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

    @Override
    void print(Statistics statistics, PrintWriter out) {
        out.println("%s from %s to %s UTC"
                .formatted(
                        Words.count(statistics.incidents(), "incident"),
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

    private static String inWords(Optional<Duration> duration) {
        return duration.map(Words::lasting).orElse("–");
    }
}
