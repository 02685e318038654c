package io.deployguard.simulation.account.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deployguard.simulation.account.AwsError;
import io.deployguard.simulation.account.Json;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;

/**
 * The query protocol: form fields such as {@code Names.member.1=web} in, XML out.
 *
 * @see <a href="https://smithy.io/2.0/aws/protocols/aws-query-protocol.html">AWS query protocol</a>
 */
final class Query {
    private Query() {}

    /** The fields of a form in the nesting of the API, lists as arrays. */
    static ObjectNode parse(String form) {
        var request = Json.object();
        Arrays.stream(form.split("&", -1)).filter(pair -> !pair.isEmpty()).forEach(pair -> {
            int equals = pair.indexOf('=');
            if (equals < 0) {
                throw AwsError.refused("MalformedQueryString", "The query string contains a syntax error");
            }
            put(request, decode(pair.substring(0, equals)).split("\\.", -1), decode(pair.substring(equals + 1)));
        });
        return (ObjectNode) withArrays(request);
    }

    /** The answer to {@code action} as XML. */
    static String render(String action, String namespace, ObjectNode result) {
        var xml = new StringBuilder();
        xml.append("<%sResponse xmlns=\"%s\"><%sResult>".formatted(action, namespace, action));
        append(xml, result);
        return xml.append("</%sResult><ResponseMetadata><RequestId>%s</RequestId></ResponseMetadata></%sResponse>"
                        .formatted(action, UUID.randomUUID(), action))
                .toString();
    }

    /** An error as XML. */
    static String renderError(String code, int status, String message) {
        return "<ErrorResponse><Error><Type>%s</Type><Code>%s</Code><Message>%s</Message></Error><RequestId>%s</RequestId></ErrorResponse>"
                .formatted(status < 500 ? "Sender" : "Receiver", code, escape(message), UUID.randomUUID());
    }

    private static void put(ObjectNode root, String[] path, String value) {
        var node = root;
        for (int i = 0; i < path.length - 1; i++) {
            node = node.withObject("/" + path[i]);
        }
        node.put(path[path.length - 1], value);
    }

    private static JsonNode withArrays(JsonNode node) {
        if (!(node instanceof ObjectNode object)) {
            return node;
        }
        if (object.size() == 1 && object.has("member")) {
            var array = Json.array();
            object.get("member").forEach(element -> array.add(withArrays(element)));
            return array;
        }
        object.properties().forEach(entry -> entry.setValue(withArrays(entry.getValue())));
        return object;
    }

    private static void append(StringBuilder xml, JsonNode node) {
        switch (node) {
            case ObjectNode object ->
                object.properties().forEach(entry -> {
                    xml.append('<').append(entry.getKey()).append('>');
                    append(xml, entry.getValue());
                    xml.append("</").append(entry.getKey()).append('>');
                });
            case ArrayNode array ->
                array.forEach(element -> {
                    xml.append("<member>");
                    append(xml, element);
                    xml.append("</member>");
                });
            default -> xml.append(escape(node.asText()));
        }
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
