package io.deployguard.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deployguard.simulation.demo.Template;
import io.deployguard.simulation.fleet.Finding;
import io.deployguard.simulation.fleet.FleetReport;
import io.deployguard.simulation.fleet.FleetSettings;
import io.deployguard.simulation.fleet.FleetSimulation;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Lets a fleet of simulated services live for days under the guard's eyes, and says what the guard did wrong. */
@Command(
        name = "simulate",
        mixinStandardHelpOptions = true,
        description =
                "Lets a fleet of simulated services live under the guard's eyes: releases good and bad, people, scaling, lost hosts, outages. Says what the guard missed, alarmed wrongly or did wrongly. The same seed gives the same output.")
final class SimulateCommand implements Callable<Integer> {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Exists only where the template's parameter names one cluster, and then instead of the others. */
    private static final String RULE_OF_ONE_CLUSTER = "ClusterRule";

    @Spec
    @Nullable
    CommandSpec spec;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "which of all possible histories")
    long seed;

    @Option(names = "--services", paramLabel = "N", defaultValue = "200", description = "how many, 1 to 2000")
    int services;

    @Option(names = "--hours", paramLabel = "N", defaultValue = "48", description = "simulated time")
    long hours;

    @Option(names = "--healthy", description = "good releases and healthy churn only: nothing to be told")
    boolean healthy;

    @Option(
            names = "--follow",
            paramLabel = "SERVICE",
            split = ",",
            description = "tell everything that happens to these services, such as service-017")
    Set<String> followed = Set.of();

    @Option(names = "--json", description = "each finding as one JSON object per line, the counts last")
    boolean json;

    @Override
    public Integer call() {
        var out = Objects.requireNonNull(spec).commandLine().getOut();
        var report = FleetSimulation.run(
                settings(),
                patterns(),
                followed,
                new Progress(spec.commandLine().getErr()));
        if (json) {
            report.findings().forEach(finding -> out.println(inJson(finding)));
            out.println(inJson(report));
        } else {
            SimulationPage.print(report, out);
        }
        out.flush();
        return report.isGood() ? 0 : DeployGuard.BAD;
    }

    private FleetSettings settings() {
        try {
            var settings = FleetSettings.of(seed, services, hours);
            return healthy ? settings.healthy() : settings;
        } catch (IllegalArgumentException unusable) {
            throw new DeployGuard.Unusable(String.valueOf(unusable.getMessage()));
        }
    }

    private static Map<String, String> patterns() {
        var patterns = new TreeMap<>(
                Template.read(Home.folder().resolve("template.yaml")).eventPatterns());
        patterns.remove(RULE_OF_ONE_CLUSTER);
        return patterns;
    }

    private static ObjectNode inJson(Finding finding) {
        return JSON.createObjectNode()
                .put(
                        "finding",
                        finding.kind().name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'))
                .put("service", finding.service())
                .put("at", finding.at().toString())
                .put("what", finding.what());
    }

    private static ObjectNode inJson(FleetReport report) {
        var line = JSON.createObjectNode()
                .put("seed", report.settings().seed())
                .put("services", report.settings().services())
                .put("deployments", report.deployments())
                .put("failedDeployments", report.failedDeployments())
                .put("incidents", report.incidents())
                .put("missed", report.count(Finding.Kind.MISSED))
                .put("falseAlarms", report.count(Finding.Kind.FALSE_ALARM))
                .put("actions", report.actions())
                .put("wrongActions", report.count(Finding.Kind.WRONG_ACTION))
                .put("violations", report.count(Finding.Kind.VIOLATION))
                .put("misnamed", report.count(Finding.Kind.MISNAMED))
                .put("messages", report.messages())
                .put("hours", report.settings().length().toHours())
                .put("events", report.events());
        put(line.putObject("noticed"), report.noticed());
        put(line.putObject("acted"), report.acted());
        put(line.putObject("healed"), report.healed());
        var left = line.putObject("leftToPeople");
        report.leftToPeople().forEach(left::put);
        return line;
    }

    private static void put(ObjectNode node, Optional<FleetReport.Spread> spread) {
        spread.ifPresent(known -> node.put("count", known.count())
                .put("medianSeconds", known.median().toMillis() / 1000.0)
                .put("ninthSeconds", known.ninth().toMillis() / 1000.0)
                .put("longestSeconds", known.longest().toMillis() / 1000.0));
    }

    /** Says how far it is, every six simulated hours. */
    private record Progress(PrintWriter err) implements java.util.function.Consumer<Duration> {

        @Override
        public void accept(Duration past) {
            if (past.toHours() % 6 == 0) {
                err.println("· " + past.toHours() + " hours");
                err.flush();
            }
        }
    }
}
