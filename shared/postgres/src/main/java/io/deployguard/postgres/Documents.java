package io.deployguard.postgres;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.MutableConfigOverride;
import com.fasterxml.jackson.databind.deser.std.FromStringDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.deployguard.fault.GuardFault;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * The core's records as JSON text and back.
 *
 * <p>Shape: one property per record component; a sealed interface's value carries the simple name of its record as {@code kind}; instants and
 * durations in ISO 8601; an absent {@code Optional} is {@code null}. Reading is lenient so that documents of earlier and later versions stay
 * readable: unknown properties are passed over, a missing list, set or map is empty, a missing {@code Optional} is absent. Renaming a record
 * or a component therefore loses what was stored; {@code DocumentsTest} keeps a document that says so.
 *
 * <p>Safe for several threads.
 */
public final class Documents {

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .annotationIntrospector(new SealedTypes())
            .addModule(new Jdk8Module())
            .addModule(timeModule())
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            // isOpen() and getters of the core are derived, not stored.
            .visibility(PropertyAccessor.IS_GETTER, Visibility.NONE)
            .withConfigOverride(List.class, Documents::emptyWhenMissing)
            .withConfigOverride(Set.class, Documents::emptyWhenMissing)
            .withConfigOverride(Map.class, Documents::emptyWhenMissing)
            .build();

    private Documents() {}

    /**
     * Writes a value as the given type. For a member of a sealed interface name the interface, so that {@link #read} learns which member it was.
     */
    public static <T> String write(T value, Class<? super T> type) {
        try {
            return MAPPER.writerFor(type).writeValueAsString(value);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("write %s as JSON".formatted(type.getSimpleName()), impossible);
        }
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws GuardFault.Malformed when the text is not such a document
     */
    public static <T> T read(String json, Class<T> type) {
        try {
            return MAPPER.readerFor(type).readValue(json);
        } catch (JsonProcessingException malformed) {
            throw new GuardFault.Malformed(
                    "read %s from JSON: %s; was it written by a newer version?"
                            .formatted(type.getSimpleName(), malformed.getOriginalMessage()),
                    malformed);
        }
    }

    private static void emptyWhenMissing(MutableConfigOverride type) {
        type.setSetterInfo(JsonSetter.Value.forValueNulls(Nulls.AS_EMPTY));
    }

    private static SimpleModule timeModule() {
        return new SimpleModule("time")
                .addSerializer(Instant.class, ToStringSerializer.instance)
                .addSerializer(Duration.class, ToStringSerializer.instance)
                .addDeserializer(Instant.class, new IsoText<>(Instant.class, Instant::parse))
                .addDeserializer(Duration.class, new IsoText<>(Duration.class, Duration::parse));
    }

    /** A time in ISO 8601. */
    private static final class IsoText<T> extends FromStringDeserializer<T> {

        private static final long serialVersionUID = 1L;

        private final transient Function<String, T> parser;

        IsoText(Class<T> type, Function<String, T> parser) {
            super(type);
            this.parser = parser;
        }

        @Override
        protected T _deserialize(String text, DeserializationContext context) throws IOException {
            try {
                return parser.apply(text);
            } catch (DateTimeParseException notIso) {
                throw context.weirdStringException(text, _valueClass, "expected ISO 8601");
            }
        }
    }
}
