package io.deployguard.simulation.lab;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The arguments of one call, whichever way they came: JSON, a form, or the query.
 *
 * @param token empty when none was sent
 */
record SlackRequest(String token, ObjectNode arguments) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String BEARER = "Bearer ";

    static SlackRequest of(HttpExchange exchange) throws IOException {
        var body = new String(LocalServer.body(exchange), StandardCharsets.UTF_8);
        var type = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Content-Type"))
                .orElse("");
        var arguments = type.startsWith("application/json") ? object(body) : form(body);
        arguments.setAll(
                form(Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse("")));
        var header = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))
                .orElse("");
        var token = header.startsWith(BEARER)
                ? header.substring(BEARER.length())
                : arguments.path("token").asText();
        return new SlackRequest(token, arguments);
    }

    String text(String name) {
        return arguments.path(name).asText("");
    }

    boolean has(String name) {
        return arguments.hasNonNull(name);
    }

    /** Structured arguments are JSON in a JSON call, and text that holds JSON in a form. Missing when it is unreadable. */
    JsonNode structure(String name) {
        var value = arguments.path(name);
        return value.isTextual() ? parse(value.asText()) : value;
    }

    private static ObjectNode object(String body) {
        return parse(body) instanceof ObjectNode object ? object : JSON.createObjectNode();
    }

    private static JsonNode parse(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            return JSON.missingNode();
        }
    }

    private static ObjectNode form(String encoded) {
        var arguments = JSON.createObjectNode();
        for (var pair : encoded.split("&", -1)) {
            var parts = pair.split("=", 2);
            if (parts.length == 2) {
                arguments.put(decode(parts[0]), decode(parts[1]));
            }
        }
        return arguments;
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
