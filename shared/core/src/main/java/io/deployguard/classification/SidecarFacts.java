package io.deployguard.classification;

import io.deployguard.ecs.Container;
import io.deployguard.ecs.TaskDefinition.ContainerDefinition;
import io.deployguard.evidence.Evidence;
import io.deployguard.evidence.Evidence.ContainerExit;
import io.deployguard.evidence.EvidenceBundle;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Which container brought the task down when one of several is a helper: a proxy, an agent, a log router. */
final class SidecarFacts implements Facts.Derivation {

    private static final List<String> HELPERS = List.of(
            "datadog",
            "dd-agent",
            "envoy",
            "xray",
            "x-ray",
            "log_router",
            "log-router",
            "logrouter",
            "firelens",
            "fluent",
            "otel",
            "adot",
            "opentelemetry",
            "collector",
            "cloudwatch-agent",
            "cwagent",
            "consul-",
            "newrelic",
            "nri-",
            "splunk",
            "dynatrace",
            "filebeat",
            "telegraf",
            "statsd",
            "promtail",
            "grafana-agent",
            "exporter",
            "sidecar",
            "proxy",
            "cloudflared",
            "tailscale",
            "vault-agent",
            "pgbouncer",
            "sysdig",
            "falcon",
            "guardduty",
            "service-connect");
    /** What containers end with that were stopped along with the task. */
    private static final Set<Integer> STOPPED_ALONG = Set.of(0, 130, 137, 143);

    @Override
    public Set<String> names() {
        return Set.of("only-sidecar-failed", "only-sidecar-unhealthy");
    }

    @Override
    public Stream<Fact> from(EvidenceBundle bundle) {
        List<ContainerExit> exits = bundle.only(ContainerExit.class);
        Predicate<ContainerExit> helper = exit -> isHelper(bundle, exit.container());
        boolean applicationFine = exits.stream().anyMatch(helper.negate())
                && exits.stream().filter(helper.negate()).noneMatch(SidecarFacts::failed);
        if (!applicationFine) {
            return Stream.empty();
        }
        List<ContainerExit> helpers = exits.stream().filter(helper).toList();
        Stream<Fact> ended = helpers.stream()
                .filter(SidecarFacts::failed)
                .limit(1)
                .map(exit -> new Fact(
                        "only-sidecar-failed",
                        exit.container()
                                + exit.exitCode()
                                        .map(code -> " ended with " + code)
                                        .orElse(" did not run")
                                + ", the other containers were only stopped along with it"));
        Stream<Fact> unhealthy = helpers.stream()
                .filter(SidecarFacts::isUnhealthy)
                .filter(_ -> exits.stream().filter(helper.negate()).noneMatch(SidecarFacts::isUnhealthy))
                .limit(1)
                .map(exit -> new Fact(
                        "only-sidecar-unhealthy", exit.container() + " is UNHEALTHY, the other containers are not"));
        return Stream.concat(ended, unhealthy);
    }

    private static boolean isUnhealthy(ContainerExit exit) {
        return exit.health() == Container.Health.UNHEALTHY;
    }

    private static boolean failed(ContainerExit exit) {
        boolean reason = exit.reason().filter(text -> !text.isBlank()).isPresent();
        return reason
                || exit.exitCode().filter(code -> !STOPPED_ALONG.contains(code)).isPresent();
    }

    private static boolean isHelper(EvidenceBundle bundle, String container) {
        Stream<String> image = bundle.first(Evidence.Definitions.class).stream()
                .flatMap(definitions -> definitions.failing().findContainer(container).stream())
                .map(ContainerDefinition::image);
        return Stream.concat(Stream.of(container), image)
                .map(text -> text.toLowerCase(Locale.ROOT))
                .anyMatch(text -> HELPERS.stream().anyMatch(text::contains));
    }
}
