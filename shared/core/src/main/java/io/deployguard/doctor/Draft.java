package io.deployguard.doctor;

import io.deployguard.ecs.TaskDefinition;
import io.deployguard.ecs.TaskDefinition.ContainerDefinition;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A task definition with everything that a check reads, registered or not.
 *
 * @param compatibilities {@code requiresCompatibilities}
 * @param fargate whether it is meant for Fargate: by its compatibilities, or by the service that is to run it
 * @param operatingSystem such as {@code LINUX} or {@code WINDOWS_SERVER_2022_CORE}; absent means Linux
 * @param ephemeralStorageGiB as it asks for
 * @param containers in the order of the document
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html">RegisterTaskDefinition</a>
 */
public record Draft(
        TaskDefinition definition,
        List<String> compatibilities,
        boolean fargate,
        Optional<String> operatingSystem,
        Optional<Integer> ephemeralStorageGiB,
        List<Container> containers) {

    public Draft {
        compatibilities = List.copyOf(compatibilities);
        containers = List.copyOf(containers);
    }

    Draft onFargate() {
        return new Draft(definition, compatibilities, true, operatingSystem, ephemeralStorageGiB, containers);
    }

    /** ECS takes {@code bridge} where a definition says nothing. */
    public String networkMode() {
        return definition.networkMode().orElse("bridge");
    }

    /** {@code family:revision} once it is registered, else its family. */
    public String name() {
        return definition
                .arn()
                .map(arn -> arn.substring(arn.lastIndexOf('/') + 1))
                .orElseGet(definition::family);
    }

    public Optional<Container> findContainer(String name) {
        return containers.stream()
                .filter(container -> container.name().equals(name))
                .findFirst();
    }

    /** What each container makes a check say. */
    public Stream<Result> each(Function<Container, Stream<Result>> examination) {
        return containers.stream().flatMap(examination);
    }

    /**
     * One container.
     *
     * @param path where it stands, such as {@code containerDefinitions[0]}
     * @param variables names of {@code environment}, as often as they stand there
     * @param secrets names of {@code secrets}, as often as they stand there
     * @param mounts {@code mountPoints[].sourceVolume}
     * @param settings names of the fields that say something: neither empty nor {@code false}
     */
    public record Container(
            String path,
            ContainerDefinition definition,
            List<Port> ports,
            List<Dependency> dependsOn,
            Optional<Integer> memoryReservationMiB,
            Optional<Integer> stopTimeoutSeconds,
            List<String> variables,
            List<String> secrets,
            List<String> mounts,
            Set<String> settings) {

        public Container {
            ports = List.copyOf(ports);
            dependsOn = List.copyOf(dependsOn);
            variables = List.copyOf(variables);
            secrets = List.copyOf(secrets);
            mounts = List.copyOf(mounts);
            settings = Set.copyOf(settings);
        }

        public String name() {
            return definition.name();
        }

        /** {@code containerDefinitions[0].image}. */
        public String field(String name) {
            return path + "." + name;
        }

        /** What ECS sets aside for it: the soft limit, else the hard one. */
        public Optional<Integer> reservedMiB() {
            return memoryReservationMiB.or(definition::memoryMiB);
        }
    }

    /**
     * One port mapping.
     *
     * @param container absent for a range
     * @param name by which Service Connect refers to it
     */
    public record Port(Optional<Integer> container, Optional<Integer> host, String protocol, Optional<String> name) {}

    /**
     * One {@code dependsOn}.
     *
     * @param condition {@code START}, {@code COMPLETE}, {@code SUCCESS} or {@code HEALTHY}
     */
    public record Dependency(String container, String condition) {}
}
