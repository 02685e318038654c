package io.deployguard.classification;

import io.deployguard.evidence.Evidence;
import io.deployguard.evidence.EvidenceBundle;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Whether a container beside the application ended by itself and the application only followed. */
final class HelperFacts implements Facts.Derivation {

    /** Names that proxies, agents and log routers go by. */
    private static final Pattern HELPER = Pattern.compile(
            "(?i).*(?:envoy|proxy|sidecar|log[-_]?router|fire[-_]?lens|fluent|otel|opentelemetry|collector|datadog|dd-agent|agent|x-?ray"
                    + "|newrelic|cloudwatch|statsd|telegraf|vector|vault|consul|linkerd|istio|dapr|tailscale|cloudflared|exporter|guardduty"
                    + "|service-connect|filebeat|logstash|promtail|nginx|haproxy|traefik).*");

    /** What a container ends with that was told to end: by itself, by SIGTERM, or by SIGKILL after that. */
    private static final Set<Integer> FOLLOWS = Set.of(0, 143, 137, 130);

    @Override
    public Set<String> names() {
        return Set.of("helper-container-failed");
    }

    @Override
    public Stream<Fact> from(EvidenceBundle bundle) {
        List<Evidence.ContainerExit> exits = bundle.only(Evidence.ContainerExit.class);
        boolean ended = bundle.only(Evidence.TaskStop.class).stream()
                .allMatch(stop -> stop.stop().reason().isEmpty()
                        || stop.stop()
                                .reason()
                                .toLowerCase(java.util.Locale.ROOT)
                                .contains("essential container"));
        List<Evidence.ContainerExit> failed =
                exits.stream().filter(HelperFacts::failedByItself).toList();
        boolean applicationFollowed = exits.stream()
                .filter(exit -> !isHelper(exit))
                .allMatch(exit -> exit.reason().isEmpty()
                        && exit.exitCode().filter(FOLLOWS::contains).isPresent());
        boolean hasApplication = exits.stream().anyMatch(exit -> !isHelper(exit));
        return ended && hasApplication && applicationFollowed && failed.size() == 1
                ? Stream.of(new Fact(
                        "helper-container-failed",
                        "%s ended with %s, the application only followed"
                                .formatted(
                                        failed.getFirst().container(),
                                        failed.getFirst()
                                                .exitCode()
                                                .map(code -> "exit " + code)
                                                .orElse("no exit code"))))
                : Stream.empty();
    }

    private static boolean isHelper(Evidence.ContainerExit exit) {
        return HELPER.matcher(exit.container()).matches();
    }

    private static boolean failedByItself(Evidence.ContainerExit exit) {
        return isHelper(exit)
                && (exit.reason().filter(reason -> !reason.isBlank()).isPresent()
                        || exit.exitCode()
                                .filter(code -> !FOLLOWS.contains(code))
                                .isPresent());
    }
}
