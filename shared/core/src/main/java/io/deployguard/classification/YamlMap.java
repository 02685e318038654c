package io.deployguard.classification;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** A YAML mapping read strictly: each wrong or unknown field becomes a problem with its line, and reading goes on with a default. */
final class YamlMap {

    private final Problems problems;
    private final Node node;
    private final Map<String, Node> fields = new LinkedHashMap<>();
    private final Map<String, Node> names = new LinkedHashMap<>();
    private final Set<String> asked = new HashSet<>();

    YamlMap(Node node, Problems problems) {
        this.node = node;
        this.problems = problems;
        if (!(node instanceof MappingNode mapping)) {
            problems.add(node, "expected fields, got " + kind(node));
            return;
        }
        for (NodeTuple tuple : mapping.getValue()) {
            String name = tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "?";
            if (fields.putIfAbsent(name, tuple.getValueNode()) != null) {
                problems.add(tuple.getKeyNode(), name + ": stands here twice");
            }
            names.putIfAbsent(name, tuple.getKeyNode());
        }
    }

    Node node() {
        return node;
    }

    boolean has(String name) {
        return fields.containsKey(name);
    }

    Optional<Node> find(String name) {
        asked.add(name);
        return Optional.ofNullable(fields.get(name));
    }

    Node at(String name) {
        return names.getOrDefault(name, node);
    }

    /** Text, required; a missing one is a problem and reads as empty. */
    String text(String name) {
        Optional<String> text = findText(name);
        if (text.isEmpty() && !has(name)) {
            problems.add(node, name + ": is missing");
        }
        return text.orElse("");
    }

    Optional<String> findText(String name) {
        return find(name).flatMap(value -> {
            if (value instanceof ScalarNode scalar) {
                return Optional.of(scalar.getValue());
            }
            problems.add(value, name + ": expected text, got " + kind(value));
            return Optional.empty();
        });
    }

    /** One of a few words. */
    Optional<String> findWord(String name, Set<String> words) {
        Optional<String> word = findText(name);
        if (word.isPresent() && !words.contains(word.get())) {
            problems.add(
                    at(name),
                    name + ": expected one of "
                            + String.join(", ", words.stream().sorted().toList()) + ", got " + word.get());
            return Optional.empty();
        }
        return word;
    }

    Optional<Double> findNumber(String name, double least, double most) {
        return findText(name).flatMap(text -> {
            try {
                double number = Double.parseDouble(text);
                if (number >= least && number <= most) {
                    return Optional.of(number);
                }
            } catch (NumberFormatException notANumber) {
                // Reported below, together with numbers that are out of bounds.
            }
            problems.add(at(name), name + ": expected a number from " + least + " to " + most + ", got " + text);
            return Optional.empty();
        });
    }

    boolean flag(String name) {
        return findWord(name, Set.of("true", "false")).map("true"::equals).orElse(false);
    }

    /** A list of texts, or one text; empty when absent. */
    List<String> texts(String name) {
        var texts = new ArrayList<String>();
        for (Node each : nodes(name)) {
            if (each instanceof ScalarNode scalar) {
                texts.add(scalar.getValue());
            } else {
                problems.add(each, name + ": expected text, got " + kind(each));
            }
        }
        return texts;
    }

    List<YamlMap> maps(String name) {
        return nodes(name).stream().map(each -> new YamlMap(each, problems)).toList();
    }

    /** The elements of a list; a single value counts as a list of one. */
    List<Node> nodes(String name) {
        return find(name)
                .map(value -> value instanceof SequenceNode sequence ? sequence.getValue() : List.of(value))
                .orElse(List.of());
    }

    Map<String, String> textByName(String name) {
        var map = new LinkedHashMap<String, String>();
        find(name).ifPresent(value -> {
            var inner = new YamlMap(value, problems);
            inner.fields.keySet().forEach(each -> inner.findText(each).ifPresent(text -> map.put(each, text)));
        });
        return map;
    }

    /** To be called last: whatever was not asked for is unknown. */
    void refuseOthers() {
        for (String name : fields.keySet()) {
            if (!asked.contains(name)) {
                problems.add(
                        at(name),
                        name + ": is not a known field here; known are "
                                + String.join(", ", asked.stream().sorted().toList()));
            }
        }
    }

    static String kind(Node node) {
        return node.getNodeType().name().toLowerCase(Locale.ROOT);
    }

    /** What is wrong in one file. */
    static final class Problems {
        private final String file;
        private final List<String> found = new ArrayList<>();

        Problems(String file) {
            this.file = file;
        }

        /** Returns the whole sentence. */
        String add(Node node, String problem) {
            int line = node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
            return keep(file + ":" + line + ": " + problem);
        }

        String add(String problem) {
            return keep(file + ": " + problem);
        }

        private String keep(String sentence) {
            found.add(sentence);
            return sentence;
        }

        List<String> found() {
            return found;
        }
    }
}
