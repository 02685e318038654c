package io.deployguard.runtime;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.deployguard.evidence.Cleaning;
import java.util.UUID;

/** What the functions {@code act} and {@code notify} are woken with: {@code {"incident":"<uuid>"}}. */
public record IncidentMessage(UUID incident) {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /**
     * The message in a text.
     *
     * @throws IllegalArgumentException when it is another text
     */
    public static IncidentMessage parse(String text) {
        try {
            return new IncidentMessage(
                    UUID.fromString(JSON.readTree(text).path("incident").asText()));
        } catch (JsonProcessingException | IllegalArgumentException malformed) {
            throw new IllegalArgumentException(
                    "message: expected {\"incident\":\"<uuid>\"}, got " + shortened(text), malformed);
        }
    }

    private static String shortened(String text) {
        var clean = Cleaning.of(text);
        return clean.length() <= 80 ? clean : clean.substring(0, 80) + "…";
    }
}
