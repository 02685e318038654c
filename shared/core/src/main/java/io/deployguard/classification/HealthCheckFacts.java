package io.deployguard.classification;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import io.deployguard.ecs.Container;
import io.deployguard.ecs.HealthCheckCommand;
import io.deployguard.ecs.TaskDefinition.ContainerDefinition;
import io.deployguard.ecs.TaskDefinition.HealthCheck;
import io.deployguard.evidence.Evidence;
import io.deployguard.evidence.EvidenceBundle;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What the container health check could not work with. ECS hides a check's output, so that a missing tool is inferred: the container is
 * unhealthy although the application serves, and the check needs a tool that slim images lack.
 */
final class HealthCheckFacts implements Facts.Derivation {

    /** {@code Started App in 94.5 seconds}, {@code Ready in 65s}, {@code started in 70.12s}. */
    private static final Pattern TOOK = Pattern.compile(
            "(?i)(?:started|ready|startup|initialized|booted|listening)\\b[^\\n]{0,80}?\\bin (?P<number>\\d+(?:\\.\\d+)?) ?(?P<unit>ms|milliseconds|seconds|secs|s|minutes|min)\\b");

    /** Two failed checks, thirty seconds apart: the default of a target group without grace period. */
    private static final Duration USUAL_PATIENCE = Duration.ofSeconds(60);

    @Override
    public Set<String> names() {
        return Set.of(
                "health-check-tool-absent",
                "health-check-malformed",
                "became-ready-after-patience",
                "became-ready-late",
                "health-check-asks");
    }

    @Override
    public Stream<Fact> from(EvidenceBundle bundle) {
        var facts = new ArrayList<Fact>();
        for (ContainerDefinition container : bundle.first(Evidence.Definitions.class)
                .map(definitions -> definitions.failing().containers())
                .orElse(List.of())) {
            container.healthCheck().ifPresent(check -> {
                malformed(container, check).ifPresent(facts::add);
                absentTool(bundle, container, check).ifPresent(facts::add);
                asks(bundle, container, check).ifPresent(facts::add);
                late(bundle, container, check).ifPresent(facts::add);
            });
        }
        if (facts.stream().noneMatch(fact -> fact.name().equals("became-ready-after-patience"))) {
            slow(bundle).ifPresent(facts::add);
        }
        return facts.stream();
    }

    /** The patience of a target group and the service's grace period are not in the evidence: only what outlasts the usual ones counts. */
    private static Optional<Fact> slow(EvidenceBundle bundle) {
        return readyAfter(bundle)
                .filter(ready -> ready.compareTo(USUAL_PATIENCE) > 0)
                .map(ready ->
                        new Fact("became-ready-late", "the application was ready after " + ready.toSeconds() + " s"));
    }

    private static Optional<Fact> malformed(ContainerDefinition container, HealthCheck check) {
        return new HealthCheckCommand(check.command())
                .fault()
                .map(fault -> new Fact(
                        "health-check-malformed", "health check of container " + container.name() + ": " + fault));
    }

    private static Optional<Fact> asks(EvidenceBundle bundle, ContainerDefinition container, HealthCheck check) {
        return new HealthCheckCommand(check.command())
                .request()
                .filter(request -> unhealthy(bundle, container))
                .map(request -> new Fact(
                        "health-check-asks", "the check of container " + container.name() + " asks " + request.url()));
    }

    private static boolean unhealthy(EvidenceBundle bundle, ContainerDefinition container) {
        return bundle.only(Evidence.ContainerExit.class).stream()
                .anyMatch(exit ->
                        exit.container().equals(container.name()) && exit.health() == Container.Health.UNHEALTHY);
    }

    private static Optional<Fact> absentTool(EvidenceBundle bundle, ContainerDefinition container, HealthCheck check) {
        return new HealthCheckCommand(check.command())
                .tool()
                .filter(tool ->
                        unhealthy(bundle, container) && HealthCheckCommand.usuallyLacks(container.image(), tool))
                .map(tool -> new Fact(
                        "health-check-tool-absent",
                        "the check of container " + container.name() + " needs " + tool + ", which image "
                                + container.image() + " lacks as a rule"));
    }

    private static Optional<Fact> late(EvidenceBundle bundle, ContainerDefinition container, HealthCheck check) {
        Duration patience = check.patience();
        return readyAfter(bundle)
                .filter(ready -> ready.compareTo(patience) > 0)
                .map(ready -> new Fact(
                        "became-ready-after-patience",
                        "container " + container.name() + " was ready after " + ready.toSeconds()
                                + " s, its health check allows " + patience.toSeconds() + " s"));
    }

    /** Told by the application itself, or by the clock between the task's start and its ready line. */
    static Optional<Duration> readyAfter(EvidenceBundle bundle) {
        Optional<Instant> started = bundle.first(Evidence.TaskStop.class).flatMap(Evidence.TaskStop::startedAt);
        for (Evidence.LogLine log : StartLines.of(bundle)) {
            if (log.text().indexOf(" in ") > 0) {
                Matcher matcher = TOOK.matcher(log.text());
                if (matcher.find()) {
                    Duration told = duration(matcher.group("number"), matcher.group("unit"));
                    Optional<Duration> clock =
                            started.flatMap(start -> log.at().map(at -> Duration.between(start, at)));
                    return Optional.of(
                            clock.filter(each -> each.compareTo(told) > 0).orElse(told));
                }
            }
        }
        return Optional.empty();
    }

    private static Duration duration(String number, String unit) {
        double value = Double.parseDouble(number);
        double seconds = unit.startsWith("m") && !unit.startsWith("min")
                ? value / 1000
                : unit.startsWith("min") ? value * 60 : value;
        return Duration.ofMillis((long) (seconds * 1000));
    }
}
