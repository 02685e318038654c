package io.deployguard.cli;

import io.deployguard.incident.Incident;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A list of incidents, newest first, as options choose it. */
final class IncidentList {

    /** Incidents that are read for a list, before those that were not wanted fall out. */
    private static final int MOST = 10_000;

    @Mixin
    GuardMemory memory = new GuardMemory();

    @Option(names = "--service", paramLabel = "S", description = "only of this service: its name, cluster/name or ARN")
    @Nullable
    String service;

    @Option(names = "--open", description = "only those that are not over")
    boolean open;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            defaultValue = "30d",
            converter = Durations.class,
            description = "how far back, such as 12h or 30d")
    Duration since = Duration.ZERO;

    @Option(names = "--limit", paramLabel = "N", defaultValue = "50", description = "most that are listed")
    int limit;

    @Option(names = "--all", description = "also suspicions that came to nothing")
    boolean all;

    @Option(names = "--json", description = "one JSON object per incident")
    boolean json;

    int print(PrintWriter out) {
        var incidents = memory
                .with(database -> database.transact(
                        "list incidents",
                        stores -> stores.incidents()
                                .openedSince(Clock.systemUTC().instant().minus(since), MOST)))
                .stream()
                .filter(this::isWanted)
                .limit(limit)
                .toList();
        if (json) {
            incidents.forEach(incident -> out.println(new IncidentLine(incident).json()));
        } else {
            print(incidents, out);
        }
        out.flush();
        return 0;
    }

    private static void print(List<Incident> incidents, PrintWriter out) {
        incidents.forEach(incident -> out.println(new IncidentLine(incident).text()));
        if (incidents.isEmpty()) {
            out.println("no incidents");
        }
    }

    private boolean isWanted(Incident incident) {
        return (all || incident.isTold())
                && (!open || incident.isOpen())
                && (service == null || isOf(incident, service));
    }

    private static boolean isOf(Incident incident, String name) {
        var ref = incident.service();
        return name.equals(ref.name()) || name.equals(ref.cluster() + "/" + ref.name()) || name.equals(ref.arn());
    }
}
