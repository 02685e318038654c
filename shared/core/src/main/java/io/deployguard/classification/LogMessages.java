package io.deployguard.classification;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What a log line says once its packaging is off: JSON lines become their level, message, error and fields, container runtimes' prefixes go.
 * One line may hold several, a stack trace for instance.
 */
final class LogMessages {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Set<String> MESSAGES = Set.of(
            "msg",
            "message",
            "@message",
            "log",
            "event",
            "text",
            "body",
            "short_message",
            "@m",
            "@mt",
            "renderedmessage");
    private static final Set<String> LEVELS =
            Set.of("level", "severity", "loglevel", "log.level", "lvl", "levelname", "@l");
    private static final Set<String> ERRORS =
            Set.of("err", "error", "exception", "exc_info", "exc", "cause", "reason", "@x", "error.message", "thrown");
    private static final Set<String> STACKS = Set.of(
            "stack",
            "stacktrace",
            "stack_trace",
            "error.stack_trace",
            "exc_text",
            "traceback",
            "errorverbose",
            "backtrace",
            "trace");
    private static final int DEEPEST = 6;
    private static final Pattern TYPED_BY_SOMEBODY = Pattern.compile(
            "(?i)\\b(?:comment|title|subject|body|text|input|payload|content|search|query|note|reply|description)\\s?[:=] ?\"");

    private LogMessages() {}

    /** The messages in a cleaned line, in reading order; the line itself when it is plain. */
    static List<String> of(String line) {
        String plain = withoutPrefix(line);
        int brace = jsonStart(plain);
        if (brace < 0) {
            return List.of(withoutEscapedQuotes(plain));
        }
        try {
            JsonNode json = JSON.readTree(plain.substring(brace));
            return json != null && json.isObject() && !json.isEmpty() ? flatten(json) : List.of(plain);
        } catch (JsonProcessingException truncatedOrNoJson) {
            return splitEscaped(plain);
        }
    }

    /** A line that begins as a JSON object, possibly behind a time stamp or a name. */
    private static int jsonStart(String line) {
        String trimmed = line.stripTrailing();
        if (!trimmed.endsWith("}")) {
            return trimmed.startsWith("{\"") ? trimmed.indexOf('{') : -1;
        }
        int brace = trimmed.indexOf("{\"");
        return brace >= 0 && brace <= 40 && trimmed.substring(0, brace).indexOf('"') < 0 ? brace : -1;
    }

    /**
     * Loggers and Rust's {@code Debug} quote an error once more: {@code error="relation \"carts\" does not exist"}. What somebody typed stays as it
     * is: it proves nothing.
     */
    private static String withoutEscapedQuotes(String line) {
        boolean quoted =
                line.contains("\\\"") && !TYPED_BY_SOMEBODY.matcher(line).find();
        return quoted ? line.replace("\\\"", "\"") : line;
    }

    /** JSON that was cut off: the escapes still go, so that patterns meet the text that was logged. */
    private static List<String> splitEscaped(String line) {
        String text = line.replace("\\n", "\n")
                .replace("\\t", "\t")
                .replace("\\\"", "\"")
                .replace("\\\\", "\\");
        return text.lines().toList();
    }

    private static List<String> flatten(JsonNode json) {
        var parts = new Parts();
        parts.read(json, "", 0);
        return parts.lines();
    }

    private static final class Parts {
        private String level = "";
        private String message = "";
        private final List<String> errors = new ArrayList<>();
        private final StringBuilder fields = new StringBuilder();
        private final List<String> longFields = new ArrayList<>();
        private final List<String> stacks = new ArrayList<>();
        private final List<String> nested = new ArrayList<>();

        void read(JsonNode object, String path, int depth) {
            for (Map.Entry<String, JsonNode> field : object.properties()) {
                readField(field.getKey(), field.getValue(), path, depth);
            }
        }

        private void readField(String name, JsonNode value, String path, int depth) {
            String lower = name.toLowerCase(Locale.ROOT);
            if (value.isObject() && depth < DEEPEST) {
                if (ERRORS.contains(lower)) {
                    addError(value);
                }
                read(value, path + name + ".", depth + 1);
            } else if (value.isArray() && depth < DEEPEST) {
                value.forEach(each -> {
                    if (each.isObject()) {
                        read(each, path + name + ".", depth + 1);
                    } else {
                        field(path + name, each.asText());
                    }
                });
            } else if (value.isValueNode() && !value.isNull()) {
                readText(lower, value.asText(), path + name, path.isEmpty());
            }
        }

        private void readText(String lower, String text, String path, boolean top) {
            if (top && LEVELS.contains(lower)) {
                level = levelName(text);
            } else if (top && MESSAGES.contains(lower) && message.isEmpty()) {
                readMessage(text);
            } else if (STACKS.contains(lower)) {
                stacks.add(text);
            } else if (ERRORS.contains(lower)) {
                errors.add(text);
            } else {
                field(path, text);
            }
        }

        /** A message may be JSON again, when a log router wrapped the application's own line. */
        private void readMessage(String text) {
            if (text.startsWith("{\"")) {
                nested.addAll(LogMessages.of(text.stripTrailing()));
            } else {
                message = text;
            }
        }

        private void addError(JsonNode error) {
            String type = error.path("type").asText(error.path("name").asText(""));
            String text = error.path("message").asText(error.path("msg").asText(""));
            if (!text.isEmpty()) {
                errors.add(type.isEmpty() ? text : type + ": " + text);
            }
        }

        /** What spans lines stands behind the others, so that these stay in one line with the message. */
        private void field(String path, String text) {
            if (text.indexOf('\n') < 0) {
                fields.append(' ').append(path).append('=').append(text);
            } else {
                longFields.add(path + '=' + text);
            }
        }

        List<String> lines() {
            var lines = new ArrayList<>(nested);
            List<String> first = (message + (errors.isEmpty() ? "" : " | " + String.join(" | ", errors)))
                    .lines()
                    .toList();
            String head = (level + " " + (first.isEmpty() ? "" : first.getFirst())
                            + (fields.isEmpty() ? "" : " |" + fields))
                    .strip();
            head.lines().forEach(lines::add);
            for (int index = 1; index < first.size(); index++) {
                lines.add(first.get(index));
            }
            longFields.forEach(field -> field.lines().forEach(lines::add));
            stacks.forEach(stack -> stack.lines().forEach(lines::add));
            return lines;
        }

        /** pino and bunyan number their levels. */
        private static String levelName(String text) {
            return switch (text) {
                case "10", "20", "30" -> "INFO";
                case "40" -> "WARN";
                case "50", "60" -> "ERROR";
                default -> text.toUpperCase(Locale.ROOT);
            };
        }
    }

    /** Without {@code 2026-…Z stdout F } of containerd and {@code app-1  | } of compose. */
    private static String withoutPrefix(String line) {
        int stream = line.startsWith(" std", 20) || line.length() > 48 ? line.indexOf(" std") : -1;
        if (stream > 18 && stream < 40 && Character.isDigit(line.charAt(0))) {
            for (String prefix : List.of(" stdout F ", " stderr F ", " stdout P ", " stderr P ")) {
                if (line.startsWith(prefix, stream)) {
                    return line.substring(stream + prefix.length());
                }
            }
        }
        int bar = line.indexOf(" | ");
        if (bar > 2 && bar < 40 && isServiceName(line, bar)) {
            return line.substring(bar + 3);
        }
        return line;
    }

    /** {@code api-1   | }: compose numbers its containers. */
    private static boolean isServiceName(String line, int bar) {
        int end = bar;
        while (end > 0 && line.charAt(end - 1) == ' ') {
            end--;
        }
        if (end < 3 || !Character.isDigit(line.charAt(end - 1))) {
            return false;
        }
        boolean dashed = false;
        for (int at = 0; at < end; at++) {
            char c = line.charAt(at);
            dashed |= c == '-' || c == '_';
            if (!Character.isLetterOrDigit(c) && c != '-' && c != '_' && c != '.') {
                return false;
            }
        }
        return dashed;
    }
}
