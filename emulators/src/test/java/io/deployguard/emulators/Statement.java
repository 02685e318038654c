package io.deployguard.emulators;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One statement of an IAM policy.
 *
 * @param condition as it stands; empty when there is none
 */
record Statement(String sid, boolean isAllow, List<String> actions, List<String> resources, JsonNode condition) {

    private static final Set<String> READS = Set.of("Describe", "List", "Get", "BatchGet");

    static Statement of(JsonNode statement) {
        return new Statement(
                statement.path("Sid").asText(),
                statement.path("Effect").asText().equals("Allow"),
                texts(statement.path("Action")),
                texts(statement.path("Resource")),
                statement.path("Condition"));
    }

    /** Its actions that do more than read. */
    List<String> writes() {
        return actions.stream()
                .filter(action -> READS.stream().noneMatch(read -> action.contains(":" + read)))
                .toList();
    }

    /**
     * Whether the condition holds in a request's context, for the operators that the template uses.
     *
     * @param context condition keys with their values
     * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html">operators</a>
     */
    boolean holdsFor(Map<String, String> context) {
        return condition.properties().stream()
                .allMatch(operator -> operator.getValue().properties().stream()
                        .allMatch(key -> holds(operator.getKey(), texts(key.getValue()), context, key.getKey())));
    }

    private static boolean holds(String operator, List<String> wanted, Map<String, String> context, String key) {
        var values =
                wanted.stream().map(value -> value.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
        var given = context.get(key);
        var equal = given != null && values.contains(given.toLowerCase(Locale.ROOT));
        return switch (operator) {
            case "ArnLike" ->
                given != null
                        && wanted.stream()
                                .anyMatch(pattern ->
                                        given.matches(Pattern.quote(pattern).replace("*", "\\E.*\\Q")));
            case "StringEquals" -> given != null && wanted.contains(given);
            case "StringEqualsIgnoreCase" -> equal;
            case "StringEqualsIgnoreCaseIfExists" -> given == null || equal;
            // Holds without the key as well.
            case "StringNotEqualsIgnoreCase" -> !equal;
            default -> throw new IllegalArgumentException("the operator " + operator + " is not known here yet");
        };
    }

    private static List<String> texts(JsonNode oneOrMany) {
        return (oneOrMany.isArray() ? Template.elements(oneOrMany) : Stream.of(oneOrMany))
                .map(JsonNode::asText)
                .toList();
    }
}
