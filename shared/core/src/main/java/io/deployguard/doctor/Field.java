package io.deployguard.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * A place in a JSON document, read strictly: what is there in a wrong shape is refused with its path and what was expected.
 *
 * @param path such as {@code containerDefinitions[0].portMappings}; empty at the top
 */
record Field(JsonNode node, String path) {

    /**
     * An object whose fields have no name that differs from one of these in capitals only: AWS would not know it, and nobody would see why.
     *
     * @throws IllegalArgumentException for anything else
     */
    Field object(Set<String> names) {
        if (!node.isObject()) {
            throw wrong("an object");
        }
        node.fieldNames()
                .forEachRemaining(given -> names.stream()
                        .filter(name -> name.equalsIgnoreCase(given) && !name.equals(given))
                        .findFirst()
                        .ifPresent(name -> {
                            throw new IllegalArgumentException(at(given) + ": expected the name " + name
                                    + ", as register-task-definition takes it; capitals count");
                        }));
        return this;
    }

    boolean has(String name) {
        var value = node.path(name);
        return !(value.isMissingNode() || value.isNull());
    }

    Field get(String name) {
        return new Field(node.path(name), at(name));
    }

    Optional<Field> find(String name) {
        return has(name) ? Optional.of(get(name)) : Optional.empty();
    }

    Optional<Field> findObject(String name) {
        return find(name).map(found -> found.object(Set.of()));
    }

    Optional<String> text(String name) {
        return find(name).map(Field::asText);
    }

    /** A text, also one that is written as a number. */
    String asText() {
        if (!node.isTextual() && !node.isNumber()) {
            throw wrong("a text");
        }
        return node.asText();
    }

    Optional<Integer> number(String name) {
        return find(name).map(found -> {
            if (found.node.canConvertToInt() && found.node.isIntegralNumber()) {
                return found.node.intValue();
            }
            if (found.node.isTextual() && found.node.textValue().matches("-?\\d{1,9}")) {
                return Integer.parseInt(found.node.textValue());
            }
            throw found.wrong("a whole number");
        });
    }

    boolean flag(String name, boolean otherwise) {
        return find(name)
                .map(found -> {
                    if (!found.node.isBoolean()) {
                        throw found.wrong("true or false");
                    }
                    return found.node.booleanValue();
                })
                .orElse(otherwise);
    }

    List<Field> list(String name) {
        return find(name).map(Field::elements).orElse(List.of());
    }

    List<String> texts(String name) {
        return list(name).stream().map(Field::asText).toList();
    }

    private List<Field> elements() {
        if (!node.isArray()) {
            throw wrong("a list");
        }
        var elements = new ArrayList<Field>();
        for (var index = 0; index < node.size(); index++) {
            elements.add(new Field(node.get(index), path + "[" + index + "]"));
        }
        return elements;
    }

    String at(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    /** What is there is told by its kind: it may be a secret in the wrong place. */
    IllegalArgumentException wrong(String expected) {
        return new IllegalArgumentException((path.isEmpty() ? "the document" : path) + ": expected " + expected
                + ", got "
                + (node.isMissingNode()
                        ? "nothing"
                        : "a value of the kind " + node.getNodeType().name().toLowerCase(Locale.ROOT)));
    }
}
