package io.deployguard.simulation.account;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** JSON as the simulated account reads and writes it. */
public final class Json {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Json() {}

    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    public static ArrayNode array() {
        return JsonNodeFactory.instance.arrayNode();
    }

    /** An array of texts. */
    public static ArrayNode texts(Iterable<String> values) {
        var array = array();
        values.forEach(array::add);
        return array;
    }

    /**
     * The object that {@code text} holds.
     *
     * @throws AwsError SerializationException, as AWS answers, when it is no JSON object
     */
    public static ObjectNode parseObject(String text) {
        try {
            if (MAPPER.readTree(text) instanceof ObjectNode object) {
                return object;
            }
            throw AwsError.refused("SerializationException", "expected a JSON object");
        } catch (JsonProcessingException malformed) {
            throw AwsError.refused("SerializationException", malformed.getOriginalMessage());
        }
    }

    /** The elements of the array {@code field}; none when it is absent. */
    public static List<JsonNode> elements(JsonNode node, String field) {
        return StreamSupport.stream(node.path(field).spliterator(), false).toList();
    }

    /** The texts of the array {@code field}; none when it is absent. */
    public static List<String> textsIn(JsonNode node, String field) {
        return elements(node, field).stream().map(JsonNode::asText).toList();
    }

    /** The text of {@code field}, when it is there and not null. */
    public static Optional<String> text(JsonNode node, String field) {
        return node.hasNonNull(field) ? Optional.of(node.get(field).asText()) : Optional.empty();
    }

    /** An instant as the JSON protocols write it: epoch seconds with a fraction of milliseconds. */
    public static BigDecimal epochSeconds(Instant instant) {
        return BigDecimal.valueOf(instant.toEpochMilli(), 3);
    }

    /** An instant as events write it: ISO-8601 in UTC with 0 or 3 digits of fraction. */
    public static String iso(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MILLIS).toString();
    }
}
