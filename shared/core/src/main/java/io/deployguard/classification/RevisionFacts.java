package io.deployguard.classification;

import io.deployguard.ecs.TaskDefinition;
import io.deployguard.ecs.TaskDefinition.ContainerDefinition;
import io.deployguard.evidence.Evidence;
import io.deployguard.evidence.EvidenceBundle;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What the failing revision changed against the last healthy one, by name; values are compared and never told. */
final class RevisionFacts implements Facts.Derivation {

    private static final List<String> ENDPOINT = List.of(
            "HOST",
            "URL",
            "URI",
            "ENDPOINT",
            "ADDR",
            "DSN",
            "SERVER",
            "BROKER",
            "PORT",
            "CONNECTION",
            "ORIGIN",
            "DOMAIN");
    private static final List<String> CREDENTIAL = List.of(
            "USER", "PASS", "PWD", "SECRET", "TOKEN", "KEY", "CREDENTIAL", "URL", "URI", "DSN", "CONNECTION", "AUTH");

    @Override
    public Set<String> names() {
        return Set.of(
                "image-changed",
                "environment-changed",
                "secrets-changed",
                "endpoint-changed",
                "credentials-changed",
                "command-changed",
                "ports-changed",
                "health-check-changed",
                "memory-lowered",
                "memory-raised",
                "roles-changed",
                "architecture-changed",
                "volumes-changed",
                "log-configuration-changed",
                "revision-unchanged");
    }

    @Override
    public Stream<Fact> from(EvidenceBundle bundle) {
        return bundle
                .first(Evidence.Definitions.class)
                .flatMap(pair -> pair.lastHealthy().map(before -> changes(pair.failing(), before)))
                .map(facts -> sameRevision(facts, bundle))
                .stream()
                .flatMap(List::stream);
    }

    private static List<Fact> sameRevision(List<Fact> facts, EvidenceBundle bundle) {
        boolean imagesDiffer = bundle.only(Evidence.ImageDigest.class).stream()
                .anyMatch(image -> !image.now().equals(image.before()));
        return facts.isEmpty() && !imagesDiffer
                ? List.of(new Fact(
                        "revision-unchanged",
                        "the failing revision has the settings and images of the last healthy one"))
                : facts;
    }

    private static List<Fact> changes(TaskDefinition now, TaskDefinition before) {
        var facts = new ArrayList<Fact>();
        for (ContainerDefinition container : now.containers()) {
            before.findContainer(container.name()).ifPresent(old -> compare(container, old, facts));
        }
        compareMemory("task", now.memoryMiB(), before.memoryMiB(), facts);
        changed("roles-changed", "task and execution roles", roles(now), roles(before), facts);
        changed("architecture-changed", "CPU architecture", now.cpuArchitecture(), before.cpuArchitecture(), facts);
        changed("volumes-changed", "volumes", now.volumes(), before.volumes(), facts);
        return facts;
    }

    private static void compare(ContainerDefinition now, ContainerDefinition before, List<Fact> facts) {
        String name = "container " + now.name();
        if (!now.image().equals(before.image())) {
            facts.add(new Fact("image-changed", name + " image " + before.image() + " → " + now.image()));
        }
        Set<String> environment = changedNames(now.environment(), before.environment());
        named("environment-changed", name + " variables", environment, facts);
        Set<String> secrets = changedNames(now.secretNames(), before.secretNames());
        named("secrets-changed", name + " secret references", secrets, facts);
        var both = new TreeSet<>(environment);
        both.addAll(secrets);
        named("endpoint-changed", name + " settings", like(both, ENDPOINT), facts);
        named("credentials-changed", name + " settings", like(both, CREDENTIAL), facts);
        changed("command-changed", name + " command", commands(now), commands(before), facts);
        changed("ports-changed", name + " ports", now.containerPorts(), before.containerPorts(), facts);
        if (!now.healthCheck().equals(before.healthCheck())) {
            facts.add(new Fact("health-check-changed", name + " has another health check"));
        }
        if (!now.logConfiguration().equals(before.logConfiguration())) {
            facts.add(new Fact("log-configuration-changed", name + " has another log configuration"));
        }
        compareMemory(name, now.memoryMiB(), before.memoryMiB(), facts);
    }

    private static Set<String> changedNames(Map<String, String> now, Map<String, String> before) {
        var names = new TreeSet<String>();
        now.forEach((name, value) -> {
            if (!Objects.equals(before.get(name), value)) {
                names.add(name);
            }
        });
        before.keySet().stream().filter(name -> !now.containsKey(name)).forEach(names::add);
        return names;
    }

    private static Set<String> like(Set<String> names, List<String> parts) {
        var some = new TreeSet<String>();
        for (String name : names) {
            String upper = name.toUpperCase(Locale.ROOT);
            if (parts.stream().anyMatch(upper::contains)) {
                some.add(name);
            }
        }
        return some;
    }

    private static void named(String fact, String subject, Set<String> names, List<Fact> facts) {
        if (!names.isEmpty()) {
            facts.add(new Fact(fact, subject + " " + String.join(", ", names)));
        }
    }

    private static void changed(String fact, String subject, Object now, Object before, List<Fact> facts) {
        if (!now.equals(before)) {
            facts.add(new Fact(fact, subject + " changed"));
        }
    }

    private static void compareMemory(
            String subject, Optional<Integer> now, Optional<Integer> before, List<Fact> facts) {
        if (now.isPresent() && before.isPresent() && !now.equals(before)) {
            String fact = now.get() < before.get() ? "memory-lowered" : "memory-raised";
            facts.add(new Fact(fact, subject + " memory " + before.get() + " MiB → " + now.get() + " MiB"));
        }
    }

    private static List<Object> roles(TaskDefinition definition) {
        return List.of(definition.taskRoleArn(), definition.executionRoleArn());
    }

    private static List<Object> commands(ContainerDefinition container) {
        return List.of(container.entryPoint(), container.command());
    }
}
