package io.deployguard.simulation.account;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** The task definitions of the account, by family and revision. Guarded by the lock of the account. */
final class TaskDefinitions {
    private final Arns arns;
    private final Map<String, NavigableMap<Integer, TaskDefinition>> families = new HashMap<>();

    TaskDefinitions(Arns arns) {
        this.arns = arns;
    }

    TaskDefinition register(ObjectNode request, Instant now) {
        var family = Json.text(request, "family").orElseThrow(() -> refused("Family should not be null or empty."));
        var containers = Json.elements(request, "containerDefinitions");
        if (containers.isEmpty()) {
            throw refused("Container list cannot be empty.");
        }
        if (containers.stream()
                .anyMatch(node -> node.path("name").asText().isEmpty()
                        || node.path("image").asText().isEmpty())) {
            throw refused("Container.name and Container.image should not be null or empty.");
        }
        var revisions = families.computeIfAbsent(family, name -> new TreeMap<>());
        var revision = revisions.isEmpty() ? 1 : revisions.lastKey() + 1;
        var definition = new TaskDefinition(
                arns.taskDefinition(family, revision), family, revision, request.deepCopy(), now, Optional.empty());
        revisions.put(revision, definition);
        return definition;
    }

    TaskDefinition deregister(String name, Instant now) {
        var definition = require(name).deregistered(now);
        revisionsOf(definition.family()).put(definition.revision(), definition);
        return definition;
    }

    /** By ARN or {@code family:revision}, of any status; by {@code family} the latest ACTIVE one, as ECS does. */
    TaskDefinition require(String arnOrName) {
        var name = Arns.nameIn(arnOrName);
        int colon = name.lastIndexOf(':');
        var found = colon < 0
                ? revisionsOf(name).descendingMap().values().stream()
                        .filter(TaskDefinition::isActive)
                        .findFirst()
                : Optional.ofNullable(
                        revisionsOf(name.substring(0, colon)).get(revisionNumber(name.substring(colon + 1))));
        return found.orElseThrow(() -> refused("Unable to describe task definition."));
    }

    /** The same, refusing what is INACTIVE: what may be started. */
    TaskDefinition requireActive(String arnOrName) {
        var definition = require(arnOrName);
        if (!definition.isActive()) {
            throw refused("TaskDefinition is inactive");
        }
        return definition;
    }

    /** By revision. */
    List<TaskDefinition> ofFamily(String family) {
        return List.copyOf(revisionsOf(family).values());
    }

    List<TaskDefinition> all() {
        return families.values().stream()
                .flatMap(revisions -> revisions.values().stream())
                .toList();
    }

    private NavigableMap<Integer, TaskDefinition> revisionsOf(String family) {
        return families.getOrDefault(family, new TreeMap<>());
    }

    private static int revisionNumber(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException noNumber) {
            throw AwsError.invalid("Invalid revision number. Number: " + text);
        }
    }

    private static AwsError refused(String message) {
        return AwsError.refused("ClientException", message);
    }
}
