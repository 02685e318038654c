package io.deployguard.simulation.account;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A cluster, its services and its tasks. Guarded by the lock of the account. */
final class Cluster {
    private final String name;
    private final String arn;
    private final String availabilityZone;
    private final Map<String, Service> services = new LinkedHashMap<>();
    private final Map<String, SimulatedTask> tasks = new LinkedHashMap<>();
    private final Map<Service, Set<SimulatedTask>> tasksByService = new HashMap<>();

    Cluster(String name, String arn, String availabilityZone) {
        this.name = name;
        this.arn = arn;
        this.availabilityZone = availabilityZone;
    }

    String name() {
        return name;
    }

    String arn() {
        return arn;
    }

    String availabilityZone() {
        return availabilityZone;
    }

    Collection<Service> services() {
        return services.values();
    }

    Optional<Service> service(String serviceName) {
        return Optional.ofNullable(services.get(serviceName));
    }

    void add(Service service) {
        services.put(service.name(), service);
    }

    List<SimulatedTask> tasks() {
        return List.copyOf(tasks.values());
    }

    /** Those of one service, as long as ECS lists them. */
    List<SimulatedTask> tasksOf(Service service) {
        return List.copyOf(tasksByService.getOrDefault(service, Set.of()));
    }

    Optional<SimulatedTask> task(String id) {
        return Optional.ofNullable(tasks.get(id));
    }

    void add(SimulatedTask task) {
        tasks.put(task.id(), task);
        task.launch()
                .service()
                .ifPresent(service -> tasksByService
                        .computeIfAbsent(service, _ -> new LinkedHashSet<>())
                        .add(task));
    }

    void forget(SimulatedTask task) {
        tasks.remove(task.id());
        task.launch()
                .service()
                .flatMap(service -> Optional.ofNullable(tasksByService.get(service)))
                .ifPresent(own -> own.remove(task));
    }

    /** As DescribeClusters tells it. */
    ObjectNode describe() {
        return Json.object()
                .put("clusterArn", arn)
                .put("clusterName", name)
                .put("status", "ACTIVE")
                .put("registeredContainerInstancesCount", 0)
                .put(
                        "runningTasksCount",
                        tasks.values().stream().filter(SimulatedTask::isRunning).count())
                .put(
                        "pendingTasksCount",
                        tasks.values().stream()
                                .filter(task ->
                                        task.isWanted() && task.status().compareTo(SimulatedTask.Status.RUNNING) < 0)
                                .count())
                .put(
                        "activeServicesCount",
                        services.values().stream().filter(Service::isActive).count());
    }
}
