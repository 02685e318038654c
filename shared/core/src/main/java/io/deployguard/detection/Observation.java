package io.deployguard.detection;

import io.deployguard.ecs.DeploymentId;
import io.deployguard.ecs.Endpoint;
import io.deployguard.ecs.EndpointAnswer;
import io.deployguard.ecs.ServiceRef;
import io.deployguard.ecs.ServiceSnapshot;
import io.deployguard.ecs.Task;
import io.deployguard.ecs.TaskDefinition;
import io.deployguard.event.GuardEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a detector looks at: one revision of one service, with what is remembered of it.
 *
 * @param event that made us look; absent when the watch looks by itself
 * @param tasks of the revision that were seen within the window, from the guard's own memory
 * @param completedBefore whether a deployment of this revision had reached a steady state
 * @param look the live service, present when the watch looks
 */
public record Observation(
        Optional<GuardEvent> event,
        ServiceRef service,
        DeploymentId deployment,
        List<Task> tasks,
        boolean completedBefore,
        Optional<Look> look,
        Instant now) {

    public Observation {
        tasks = List.copyOf(tasks);
    }

    /**
     * The live service.
     *
     * @param definition of the revision, absent when it could not be read
     * @param startedAt when its deployment began
     * @param usual how long deployments of this service took that completed, absent when none is known
     * @param endpoint what the service's endpoint answered, absent when it has none or was not asked
     */
    public record Look(
            ServiceSnapshot snapshot,
            Optional<TaskDefinition> definition,
            Instant startedAt,
            Optional<Duration> usual,
            Optional<Asked> endpoint) {

        /** An endpoint and its answer. */
        public record Asked(Endpoint endpoint, EndpointAnswer answer) {}

        /** How long a task may take until its checks must have passed: the longest patience of its containers, plus the grace period. */
        public Duration patience() {
            var containers = containerChecks()
                    .map(TaskDefinition.HealthCheck::patience)
                    .max(Duration::compareTo)
                    .orElse(Duration.ZERO);
            return containers.plus(snapshot.service().healthCheckGracePeriod());
        }

        /** ECS derives a task's health from its essential containers only. */
        public boolean hasContainerCheck() {
            return definition.stream()
                    .flatMap(known -> known.containers().stream())
                    .filter(TaskDefinition.ContainerDefinition::essential)
                    .anyMatch(container -> container.healthCheck().isPresent());
        }

        private Stream<TaskDefinition.HealthCheck> containerChecks() {
            return definition.stream()
                    .flatMap(known -> known.containers().stream())
                    .flatMap(container -> container.healthCheck().stream());
        }
    }
}
