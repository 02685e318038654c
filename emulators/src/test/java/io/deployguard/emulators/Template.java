package io.deployguard.emulators;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * {@code template.yaml}, or {@code templates/spoke.yaml}, as CloudFormation sees it once its parameters are chosen: conditions are decided and functions resolved. A reference to a
 * resource becomes its logical name, an attribute {@code Name.Attribute}.
 */
final class Template {

    static final String ACCOUNT = "123456789012";
    static final String REGION = "eu-central-1";
    static final String HUB = "999999999999";

    private static final Map<String, String> PSEUDO_PARAMETERS = Map.of(
            "AWS::Partition", "aws",
            "AWS::Region", REGION,
            "AWS::AccountId", ACCOUNT,
            "AWS::StackName", "deploy-guard",
            "AWS::URLSuffix", "amazonaws.com");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^!][^}]*)}");
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final JsonNode source;
    private final Map<String, String> parameters;

    private Template(JsonNode source, Map<String, String> parameters) {
        this.source = source;
        this.parameters = parameters;
    }

    /** The template with its defaults, which every parameter has. */
    static Template withDefaults() {
        return read("template.yaml", Map.of());
    }

    /** {@code templates/spoke.yaml} with its defaults, for a hub in another account. */
    static Template spoke() {
        return read(
                "templates/spoke.yaml",
                Map.of(
                        "HubBus", "arn:aws:events:%s:%s:event-bus/deploy-guard-spokes".formatted(REGION, HUB),
                        "HubReadingRoles", "arn:aws:iam::%1$s:role/detect,arn:aws:iam::%1$s:role/act".formatted(HUB),
                        "HubActingRole", "arn:aws:iam::%s:role/act".formatted(HUB),
                        "ExternalId", "4f6f1c1e-8f0b-4b7e"));
    }

    private static Template read(String file, Map<String, String> without) {
        try {
            var source = new Compose(LoadSettings.builder().build())
                    .composeString(Files.readString(Project.root().resolve(file)))
                    .map(Template::json)
                    .orElseThrow();
            var parameters = new LinkedHashMap<>(PSEUDO_PARAMETERS);
            source.path("Parameters")
                    .properties()
                    .forEach(parameter -> parameters.put(
                            parameter.getKey(),
                            parameter.getValue().path("Default").asText(without.getOrDefault(parameter.getKey(), ""))));
            return new Template(source, parameters);
        } catch (IOException unreadable) {
            throw new UncheckedIOException("read " + file, unreadable);
        }
    }

    /** The same with another value for one parameter. */
    Template with(String parameter, String value) {
        if (!source.path("Parameters").has(parameter)) {
            throw new IllegalArgumentException("the template has no parameter " + parameter);
        }
        var more = new LinkedHashMap<>(parameters);
        more.put(parameter, value);
        return new Template(source, more);
    }

    JsonNode metadata() {
        return source.path("Metadata");
    }

    /** The names of the parameters, in the order of the file. */
    List<String> parameters() {
        return source.path("Parameters").properties().stream()
                .map(Map.Entry::getKey)
                .toList();
    }

    /** What a parameter's value must match. */
    String pattern(String parameter) {
        return source.path("Parameters")
                .path(parameter)
                .path("AllowedPattern")
                .asText()
                .replaceAll("^\\^|\\$$", "");
    }

    /** Properties of all resources of a type that would be made, by logical name, in the order of the file. */
    Map<String, JsonNode> resources(String type) {
        var found = new LinkedHashMap<String, JsonNode>();
        source.path("Resources").properties().forEach(entry -> {
            var resource = entry.getValue();
            if (resource.path("Type").asText().equals(type)
                    && (!resource.has("Condition")
                            || holds(resource.path("Condition").asText()))) {
                found.put(entry.getKey(), resolve(resource.path("Properties")));
            }
        });
        return found;
    }

    /** Values of the outputs that there would be, by name. */
    Map<String, String> outputs() {
        var found = new LinkedHashMap<String, String>();
        source.path("Outputs").properties().forEach(entry -> {
            if (!entry.getValue().has("Condition")
                    || holds(entry.getValue().path("Condition").asText())) {
                found.put(
                        entry.getKey(), resolve(entry.getValue().path("Value")).asText());
            }
        });
        return found;
    }

    /** What becomes of a resource when its stack is deleted. */
    String whenItGoes(String name) {
        return source.path("Resources").path(name).path("DeletionPolicy").asText();
    }

    /** Properties of one resource. */
    JsonNode resource(String name) {
        return resolve(source.path("Resources").path(name).path("Properties"));
    }

    /** What every function has unless it says otherwise. */
    JsonNode globals() {
        return resolve(source.path("Globals").path("Function"));
    }

    /** The functions' properties by logical name. */
    Map<String, JsonNode> functions() {
        return resources("AWS::Serverless::Function");
    }

    /** What a function may do. */
    List<Statement> rightsOf(String function) {
        return rightsOfRole(resource(function).path("Role").asText().replace(".Arn", ""));
    }

    /** The statements of a role and of the managed policies of ours that are attached to it. */
    List<Statement> rightsOfRole(String name) {
        var role = resource(name);
        var attached = elements(role.path("ManagedPolicyArns"))
                .filter(policy -> !policy.asText().startsWith("arn:"))
                .map(policy -> resource(policy.asText()).path("PolicyDocument"));
        var own = elements(role.path("Policies")).map(policy -> policy.path("PolicyDocument"));
        return Stream.concat(attached, own)
                .flatMap(document -> elements(document.path("Statement")))
                .map(Statement::of)
                .toList();
    }

    /**
     * Parameters and resources that decide about a resource's properties, whatever the values of the parameters: also those that a condition asks for.
     * An attribute is {@code Name.Attribute}.
     *
     * @param without properties that do not count
     */
    Set<String> references(String resource, Set<String> without) {
        return referencesIn(source.path("Resources").path(resource).path("Properties"), without);
    }

    /** The same of what every function has. */
    Set<String> referencesOfGlobals(Set<String> without) {
        return referencesIn(source.path("Globals").path("Function"), without);
    }

    private Set<String> referencesIn(JsonNode properties, Set<String> without) {
        var found = new TreeSet<String>();
        properties.properties().stream()
                .filter(property -> !without.contains(property.getKey()))
                .forEach(property -> collect(property.getValue(), found));
        found.removeIf(name -> name.startsWith("AWS::"));
        return found;
    }

    private void collect(JsonNode node, Set<String> found) {
        node.properties().forEach(entry -> {
            var argument = entry.getValue();
            switch (entry.getKey()) {
                case "Ref", "Fn::GetAtt" -> found.add(argument.asText());
                case "Condition" -> collect(source.path("Conditions").path(argument.asText()), found);
                case "Fn::If" -> {
                    collect(source.path("Conditions").path(argument.get(0).asText()), found);
                    collect(argument, found);
                }
                case "Fn::Sub" -> {
                    var text = argument.isArray() ? argument.get(0) : argument;
                    VARIABLE.matcher(text.asText())
                            .results()
                            .map(variable -> variable.group(1))
                            .filter(name -> !argument.path(1).has(name))
                            .forEach(found::add);
                    collect(argument, found);
                }
                default -> collect(argument, found);
            }
        });
        if (node.isArray()) {
            node.forEach(element -> collect(element, found));
        }
    }

    static Stream<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    private boolean holds(String condition) {
        return resolve(source.path("Conditions").path(condition)).asBoolean();
    }

    private JsonNode resolve(JsonNode node) {
        if (node.isArray()) {
            var array = JSON.createArrayNode();
            node.forEach(element -> {
                var value = resolve(element);
                if (!value.isMissingNode()) {
                    array.add(value);
                }
            });
            return array;
        }
        if (!node.isObject()) {
            return node;
        }
        if (node.size() == 1) {
            var only = node.properties().iterator().next();
            if (only.getKey().equals("Ref")
                    || only.getKey().startsWith("Fn::")
                    || (only.getKey().equals("Condition") && only.getValue().isTextual())) {
                return call(only.getKey(), only.getValue());
            }
        }
        var object = JSON.createObjectNode();
        node.properties().forEach(entry -> {
            var value = resolve(entry.getValue());
            if (!value.isMissingNode()) {
                object.set(entry.getKey(), value);
            }
        });
        return object;
    }

    private JsonNode call(String function, JsonNode argument) {
        return switch (function) {
            case "Ref" ->
                argument.asText().equals("AWS::NoValue")
                        ? MissingNode.getInstance()
                        : text(parameters.getOrDefault(argument.asText(), argument.asText()));
            case "Condition" -> BooleanNode.valueOf(holds(argument.asText()));
            case "Fn::GetAtt" -> argument;
            case "Fn::Sub" ->
                argument.isArray()
                        ? sub(argument.get(0).asText(), argument.get(1))
                        : sub(argument.asText(), JSON.createObjectNode());
            case "Fn::If" -> resolve(argument.get(holds(argument.get(0).asText()) ? 1 : 2));
            case "Fn::Equals" ->
                BooleanNode.valueOf(resolve(argument.get(0))
                        .asText()
                        .equals(resolve(argument.get(1)).asText()));
            case "Fn::Not" -> BooleanNode.valueOf(!resolve(argument.get(0)).asBoolean());
            case "Fn::And" ->
                BooleanNode.valueOf(
                        elements(argument).allMatch(part -> resolve(part).asBoolean()));
            case "Fn::Or" ->
                BooleanNode.valueOf(
                        elements(argument).anyMatch(part -> resolve(part).asBoolean()));
            case "Fn::Select" -> resolve(argument.get(1)).path(argument.get(0).asInt());
            case "Fn::Join" ->
                text(elements(resolve(argument.get(1)))
                        .map(JsonNode::asText)
                        .collect(Collectors.joining(argument.get(0).asText())));
            case "Fn::Split" -> {
                var parts = JSON.createArrayNode();
                for (var part : resolve(argument.get(1))
                        .asText()
                        .split(Pattern.quote(argument.get(0).asText()), -1)) {
                    parts.add(part);
                }
                yield parts;
            }
            default -> throw new IllegalArgumentException("the function " + function + " is not known here yet");
        };
    }

    private JsonNode sub(String pattern, JsonNode variables) {
        return text(VARIABLE.matcher(pattern).replaceAll(match -> {
            var name = match.group(1);
            return Matcher.quoteReplacement(
                    variables.has(name) ? resolve(variables.get(name)).asText() : parameters.getOrDefault(name, name));
        }));
    }

    private static TextNode text(String value) {
        return TextNode.valueOf(value);
    }

    /** YAML with CloudFormation's short functions in their long form. */
    private static JsonNode json(Node node) {
        JsonNode value = switch (node) {
            case MappingNode mapping -> {
                var object = JSON.createObjectNode();
                mapping.getValue()
                        .forEach(entry ->
                                object.set(((ScalarNode) entry.getKeyNode()).getValue(), json(entry.getValueNode())));
                yield object;
            }
            case SequenceNode sequence -> {
                var array = JSON.createArrayNode();
                sequence.getValue().forEach(element -> array.add(json(element)));
                yield array;
            }
            case ScalarNode scalar -> scalar(scalar);
            default -> throw new IllegalArgumentException("unexpected node " + node.getNodeType());
        };
        var tag = node.getTag().getValue();
        if (!tag.startsWith("!")) {
            return value;
        }
        var name = tag.substring(1);
        return JSON.createObjectNode()
                .set(name.equals("Ref") || name.equals("Condition") ? name : "Fn::" + name, value);
    }

    private static JsonNode scalar(ScalarNode scalar) {
        if (scalar.getTag().equals(Tag.INT)) {
            return JsonNodeFactory.instance.numberNode(Long.parseLong(scalar.getValue()));
        }
        return scalar.getTag().equals(Tag.BOOL)
                ? BooleanNode.valueOf(Boolean.parseBoolean(scalar.getValue()))
                : text(scalar.getValue());
    }
}
