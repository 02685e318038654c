package io.deployguard.doctor.check;

import io.deployguard.doctor.Check;
import io.deployguard.doctor.Draft;
import io.deployguard.doctor.Result;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What a container waits for must be able to happen. */
final class ContainerDependencies implements Check.OfDefinition {

    @Override
    public String id() {
        return "container-dependencies";
    }

    @Override
    public String about() {
        return "`dependsOn` that can never be met: a circle, a name that is not there, HEALTHY without a health check, COMPLETE or SUCCESS of an essential container.";
    }

    @Override
    public String source() {
        return "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDependency.html";
    }

    private static final Set<String> CONDITIONS = Set.of("START", "COMPLETE", "SUCCESS", "HEALTHY");

    @Override
    public Stream<Result> examine(Draft draft) {
        return draft.each(container -> container.dependsOn().stream()
                .flatMap(dependency -> fault(draft, container, dependency).stream())
                .map(fault -> new Result.Problem(
                        container.field("dependsOn"), fault, "Let it depend on something that can happen.")));
    }

    private static Optional<String> fault(Draft draft, Draft.Container container, Draft.Dependency dependency) {
        var other = draft.findContainer(dependency.container());
        if (other.isEmpty()) {
            return Optional.of("%s waits for %s, and no container is called so"
                    .formatted(container.name(), quoted(dependency.container())));
        }
        if (!CONDITIONS.contains(dependency.condition())) {
            return Optional.of("%s waits for the condition %s; ECS knows START, COMPLETE, SUCCESS and HEALTHY"
                    .formatted(container.name(), quoted(dependency.condition())));
        }
        if (reaches(draft, other.get(), container.name(), new HashSet<>())) {
            return Optional.of("%s and %s wait for each other"
                    .formatted(container.name(), other.get().name()));
        }
        return switch (dependency.condition()) {
            case "HEALTHY" ->
                other.get().definition().healthCheck().isPresent()
                        ? Optional.empty()
                        : Optional.of("%s waits until %s is healthy, which has no health check"
                                .formatted(container.name(), other.get().name()));
            case "COMPLETE", "SUCCESS" ->
                other.get().definition().essential()
                        ? Optional.of("%s waits until %s ends, which is essential: the task would end with it"
                                .formatted(container.name(), other.get().name()))
                        : Optional.empty();
            default -> Optional.empty();
        };
    }

    /** Whether, through its dependencies, {@code from} waits for the container of that name. */
    private static boolean reaches(Draft draft, Draft.Container from, String name, Set<String> seen) {
        return from.name().equals(name)
                || (seen.add(from.name())
                        && from.dependsOn().stream()
                                .flatMap(next -> draft.findContainer(next.container()).stream())
                                .anyMatch(next -> reaches(draft, next, name, seen)));
    }

    private static String quoted(String text) {
        return text.isEmpty() ? "nothing" : text;
    }
}
