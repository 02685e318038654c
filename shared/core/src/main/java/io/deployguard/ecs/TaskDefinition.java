package io.deployguard.ecs;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a task is made of, as far as a diagnosis needs it.
 *
 * @param arn full ARN with revision; absent for a definition that was only handed in as a file
 * @param cpuArchitecture {@code X86_64} or {@code ARM64}; absent means X86_64 on Fargate
 * @param memoryMiB of the task; absent on EC2 when only containers have limits
 * @param tags as they were when the definition was first read
 * @param inactive whether it was deregistered: what runs goes on, and nothing new can be started with it
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskDefinition.html">TaskDefinition</a>
 */
public record TaskDefinition(
        Optional<String> arn,
        String family,
        List<ContainerDefinition> containers,
        Optional<Integer> cpuUnits,
        Optional<Integer> memoryMiB,
        Optional<String> cpuArchitecture,
        Optional<String> networkMode,
        Optional<String> taskRoleArn,
        Optional<String> executionRoleArn,
        Set<String> volumes,
        Map<String, String> tags,
        boolean inactive) {

    public TaskDefinition {
        containers = List.copyOf(containers);
        volumes = Set.copyOf(volumes);
        tags = Map.copyOf(tags);
    }

    /** An ACTIVE definition without tags. */
    public TaskDefinition(
            Optional<String> arn,
            String family,
            List<ContainerDefinition> containers,
            Optional<Integer> cpuUnits,
            Optional<Integer> memoryMiB,
            Optional<String> cpuArchitecture,
            Optional<String> networkMode,
            Optional<String> taskRoleArn,
            Optional<String> executionRoleArn,
            Set<String> volumes) {
        this(
                arn,
                family,
                containers,
                cpuUnits,
                memoryMiB,
                cpuArchitecture,
                networkMode,
                taskRoleArn,
                executionRoleArn,
                volumes,
                Map.of(),
                false);
    }

    public Optional<ContainerDefinition> findContainer(String name) {
        return containers.stream()
                .filter(container -> container.name().equals(name))
                .findFirst();
    }

    /** The container that a command for the task is meant for; ECS takes no definition without one. */
    public ContainerDefinition firstEssential() {
        return containers.stream()
                .filter(ContainerDefinition::essential)
                .findFirst()
                .orElseThrow();
    }

    /**
     * One container of the definition.
     *
     * @param environment values by name. Values are secrets as far as the guard is concerned: they are compared and used for redaction, never
     *     stored or shown
     * @param secretNames names of the variables that ECS fills from Secrets Manager or Parameter Store, with their {@code valueFrom}
     */
    public record ContainerDefinition(
            String name,
            String image,
            boolean essential,
            List<String> entryPoint,
            List<String> command,
            Map<String, String> environment,
            Map<String, String> secretNames,
            List<Integer> containerPorts,
            Optional<HealthCheck> healthCheck,
            Optional<LogConfiguration> logConfiguration,
            Optional<Integer> cpuUnits,
            Optional<Integer> memoryMiB,
            boolean restartPolicy) {

        public ContainerDefinition {
            entryPoint = List.copyOf(entryPoint);
            command = List.copyOf(command);
            environment = Map.copyOf(environment);
            secretNames = Map.copyOf(secretNames);
            containerPorts = List.copyOf(containerPorts);
        }
    }

    /**
     * The container health check.
     *
     * @param command beginning with {@code CMD} or {@code CMD-SHELL}
     * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html">HealthCheck</a>
     */
    public record HealthCheck(
            List<String> command, Duration interval, Duration timeout, int retries, Duration startPeriod) {

        public HealthCheck {
            command = List.copyOf(command);
        }

        /** How long a container may fail from its start until ECS calls it unhealthy. */
        public Duration patience() {
            return startPeriod.plus(interval.multipliedBy(retries));
        }
    }

    /** Where the container's output goes. Only {@code awslogs} can be located from the definition alone. */
    public record LogConfiguration(String driver, Map<String, String> options) {

        public LogConfiguration {
            options = Map.copyOf(options);
        }
    }
}
