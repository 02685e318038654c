package io.deployguard.postgres;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Makes values of any record of the core by its components, so that a new record is in the round trip without anybody's doing: a list holds one
 * value of each member of a sealed interface.
 */
final class RecordSampler {

    private static final String TASK_DEFINITION = "arn:aws:ecs:eu-central-1:123456789012:task-definition/web:6";

    private final boolean withOptionals;

    /** @param withOptionals whether an {@code Optional} is present */
    RecordSampler(boolean withOptionals) {
        this.withOptionals = withOptionals;
    }

    /** One value of each record that a type stands for. */
    List<Object> samplesOf(Class<?> type) {
        return records(type).map(this::sampleOf).toList();
    }

    /** The records of a sealed interface, or the record itself. */
    static Stream<Class<?>> records(Class<?> type) {
        return type.isSealed() && type.isInterface()
                ? Arrays.stream(type.getPermittedSubclasses()).flatMap(RecordSampler::records)
                : Stream.of(type);
    }

    private Object sampleOf(Class<?> type) {
        var components = type.getRecordComponents();
        var types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        var values = Arrays.stream(components)
                .map(component -> value(component.getGenericType(), component.getName()))
                .toArray();
        try {
            var constructor = type.getDeclaredConstructor(types);
            return constructor.newInstance(values);
        } catch (InvocationTargetException refused) {
            throw new AssertionError(
                    type.getSimpleName() + " refuses the sample: teach RecordSampler", refused.getCause());
        } catch (ReflectiveOperationException fault) {
            throw new LinkageError(type.getSimpleName(), fault);
        }
    }

    private Object value(Type type, String name) {
        if (type instanceof ParameterizedType generic) {
            return container((Class<?>) generic.getRawType(), generic.getActualTypeArguments(), name);
        }
        var raw = (Class<?>) type;
        if (raw == String.class) {
            return name.equals("taskDefinitionArn") ? TASK_DEFINITION : "text-of-" + name.toLowerCase(Locale.ROOT);
        }
        if (raw == int.class || raw == Integer.class) {
            return 7;
        }
        if (raw == long.class) {
            return 1L << 40;
        }
        if (raw == boolean.class) {
            return true;
        }
        if (raw == double.class) {
            return 0.97;
        }
        if (raw == Instant.class) {
            return Instant.parse("2026-11-02T12:00:00.123456789Z");
        }
        if (raw == Duration.class) {
            return Duration.ofMillis(90_500);
        }
        if (raw == UUID.class) {
            return Samples.id(42);
        }
        if (raw.isEnum()) {
            return raw.getEnumConstants()[0];
        }
        return samplesOf(raw).getFirst();
    }

    private Object container(Class<?> raw, Type[] of, String name) {
        if (raw == Optional.class) {
            return withOptionals ? Optional.of(value(of[0], name)) : Optional.empty();
        }
        if (raw == Map.class) {
            return Map.of("name", value(of[1], name));
        }
        var element = of[0];
        var values = element instanceof Class<?> type && (type.isRecord() || type.isSealed())
                ? samplesOf(type)
                : List.of(value(element, name));
        return raw == Set.class ? Set.copyOf(values) : values;
    }
}
