package io.deployguard.aws.ecs;

import static io.deployguard.aws.ecs.EcsMapper.text;
import static java.util.Objects.requireNonNull;

import io.deployguard.ecs.TaskDefinition;
import io.deployguard.ecs.TaskDefinition.ContainerDefinition;
import io.deployguard.ecs.TaskDefinition.HealthCheck;
import io.deployguard.ecs.TaskDefinition.LogConfiguration;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Tag;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionStatus;

/** The SDK's task definition as the core's. Defaults are those of the API page of HealthCheck. */
final class TaskDefinitionMapper {

    private TaskDefinitionMapper() {}

    static TaskDefinition definition(
            software.amazon.awssdk.services.ecs.model.TaskDefinition definition, List<Tag> tags) {
        return new TaskDefinition(
                Optional.ofNullable(definition.taskDefinitionArn()),
                requireNonNull(definition.family(), "family"),
                definition.containerDefinitions().stream()
                        .map(TaskDefinitionMapper::container)
                        .toList(),
                whole(definition.cpu()),
                whole(definition.memory()),
                Optional.ofNullable(definition.runtimePlatform()).map(platform -> platform.cpuArchitectureAsString()),
                Optional.ofNullable(definition.networkModeAsString()),
                Optional.ofNullable(definition.taskRoleArn()),
                Optional.ofNullable(definition.executionRoleArn()),
                definition.volumes().stream().map(volume -> text(volume.name())).collect(Collectors.toSet()),
                EcsMapper.tags(tags),
                definition.status() == TaskDefinitionStatus.INACTIVE);
    }

    private static ContainerDefinition container(
            software.amazon.awssdk.services.ecs.model.ContainerDefinition container) {
        return new ContainerDefinition(
                requireNonNull(container.name(), "container.name"),
                text(container.image()),
                !Boolean.FALSE.equals(container.essential()),
                container.entryPoint(),
                container.command(),
                container.environment().stream()
                        .filter(pair -> pair.name() != null)
                        .collect(Collectors.toMap(pair -> pair.name(), pair -> text(pair.value()), (_, last) -> last)),
                container.secrets().stream()
                        .filter(secret -> secret.name() != null)
                        .collect(Collectors.toMap(
                                secret -> secret.name(), secret -> text(secret.valueFrom()), (_, last) -> last)),
                container.portMappings().stream()
                        .map(port -> port.containerPort())
                        .filter(Objects::nonNull)
                        .toList(),
                Optional.ofNullable(container.healthCheck()).map(TaskDefinitionMapper::healthCheck),
                Optional.ofNullable(container.logConfiguration())
                        .map(log -> new LogConfiguration(text(log.logDriverAsString()), log.options())),
                Optional.ofNullable(container.cpu()).filter(units -> units > 0),
                Optional.ofNullable(container.memory()),
                container.restartPolicy() != null
                        && Boolean.TRUE.equals(container.restartPolicy().enabled()));
    }

    private static HealthCheck healthCheck(software.amazon.awssdk.services.ecs.model.HealthCheck check) {
        return new HealthCheck(
                check.command(),
                seconds(check.interval(), 30),
                seconds(check.timeout(), 5),
                check.retries() == null ? 3 : check.retries(),
                seconds(check.startPeriod(), 0));
    }

    private static Duration seconds(@Nullable Integer given, int otherwise) {
        return Duration.ofSeconds(given == null ? otherwise : given);
    }

    /** CPU and memory come as text, {@code 256} or {@code 1 vCPU}; only whole numbers are kept. */
    private static Optional<Integer> whole(@Nullable String text) {
        return Optional.ofNullable(text)
                .filter(given -> given.matches("\\d{1,9}"))
                .map(Integer::valueOf);
    }
}
