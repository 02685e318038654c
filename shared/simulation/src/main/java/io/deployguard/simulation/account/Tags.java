package io.deployguard.simulation.account;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** The tags of ECS resources, by ARN. Guarded by the lock of the account. */
final class Tags {
    private final Map<String, Map<String, String>> byArn = new HashMap<>();

    /** Adds or replaces tags, given as {@code [{"key":…,"value":…}]}. */
    void put(String arn, JsonNode tags) {
        tags.forEach(tag -> byArn.computeIfAbsent(arn, key -> new TreeMap<>())
                .put(tag.path("key").asText(), tag.path("value").asText()));
    }

    ArrayNode of(String arn) {
        var tags = Json.array();
        byArn.getOrDefault(arn, Map.of())
                .forEach((key, value) -> tags.addObject().put("key", key).put("value", value));
        return tags;
    }
}
