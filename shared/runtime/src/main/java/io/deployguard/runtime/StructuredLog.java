package io.deployguard.runtime;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.deployguard.evidence.Cleaning;
import java.io.PrintStream;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One JSON object per line on the standard output, which Lambda brings to CloudWatch Logs: an event name and fixed fields, so that one query answers
 * "what did the guard do to this service?". Thread-safe. No line holds a secret.
 */
public final class StructuredLog {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final String function;
    private final InstantSource clock;
    private final PrintStream out;

    public StructuredLog(String function, InstantSource clock, PrintStream out) {
        this.function = function;
        this.clock = clock;
        this.out = out;
    }

    /** Whose log it is. */
    public String function() {
        return function;
    }

    /** The result of a step. */
    public void info(String event, Map<String, ?> fields) {
        write("INFO", event, fields);
    }

    /** The guard goes on with less. */
    public void warn(String event, Map<String, ?> fields) {
        write("WARN", event, fields);
    }

    /** A person must look. */
    public void error(String event, Map<String, ?> fields, Throwable failure) {
        var all = new LinkedHashMap<String, Object>(fields);
        all.put("error", failure.getClass().getName());
        all.put("message", String.valueOf(failure.getMessage()));
        Optional.ofNullable(failure.getCause()).ifPresent(cause -> all.put("cause", cause.toString()));
        write("ERROR", event, all);
    }

    private void write(String level, String event, Map<String, ?> fields) {
        var line = new LinkedHashMap<String, Object>();
        line.put("timestamp", clock.instant().toString());
        line.put("level", level);
        line.put("function", function);
        line.put("event", event);
        fields.forEach((name, value) -> {
            if (value instanceof Optional<?> optional) {
                optional.ifPresent(present -> line.put(name, clean(present)));
            } else {
                line.put(name, clean(value));
            }
        });
        out.println(render(line));
    }

    /** Messages of faults quote what others said. */
    private static Object clean(Object value) {
        return switch (value) {
            case String text -> Cleaning.of(text);
            case List<?> all -> all.stream().map(StructuredLog::clean).toList();
            default -> value;
        };
    }

    private static String render(Map<String, Object> line) {
        try {
            return JSON.writeValueAsString(line);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("log fields are texts, numbers and booleans", impossible);
        }
    }
}
