package io.deployguard.classification;

import io.deployguard.ecs.TaskDefinition;
import io.deployguard.ecs.TaskDefinition.ContainerDefinition;
import io.deployguard.evidence.Evidence;
import io.deployguard.evidence.EvidenceBundle;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Names that ECS's own messages leave out and the failing task definition has; each only when it is the only one of its kind. */
final class DefinitionFacts implements Facts.Derivation {

    @Override
    public Set<String> names() {
        return Set.of("image-named", "log-group-named", "role-named", "volume-named");
    }

    @Override
    public Stream<Fact> from(EvidenceBundle bundle) {
        return bundle
                .first(Evidence.Definitions.class)
                .map(Evidence.Definitions::failing)
                .map(DefinitionFacts::of)
                .stream()
                .flatMap(List::stream);
    }

    private static List<Fact> of(TaskDefinition definition) {
        List<ContainerDefinition> containers = definition.containers();
        Stream<String> groups = containers.stream()
                .flatMap(container -> container.logConfiguration().stream())
                .flatMap(log -> Optional.ofNullable(log.options().get("awslogs-group")).stream());
        Stream<String> roles = Stream.of(definition.executionRoleArn(), definition.taskRoleArn())
                .flatMap(Optional::stream);
        return Stream.of(
                        only("image-named", containers.stream().map(ContainerDefinition::image)),
                        only("log-group-named", groups),
                        only("role-named", roles),
                        only("volume-named", definition.volumes().stream()))
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<Fact> only(String fact, Stream<String> values) {
        var distinct = new TreeSet<String>();
        values.filter(value -> !value.isBlank()).forEach(distinct::add);
        return distinct.size() == 1 ? Optional.of(new Fact(fact, distinct.first())) : Optional.empty();
    }
}
