package io.deployguard.postgres;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotatedClass;
import com.fasterxml.jackson.databind.introspect.NopAnnotationIntrospector;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import com.fasterxml.jackson.databind.jsontype.TypeResolverBuilder;
import com.fasterxml.jackson.databind.jsontype.impl.StdTypeResolverBuilder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells Jackson about sealed interfaces, so that the core needs no annotations: a value of one carries the simple name of its record in the
 * property {@value #KIND}. A record with a component of that name cannot be one of them.
 */
final class SealedTypes extends NopAnnotationIntrospector {

    static final String KIND = "kind";

    private static final long serialVersionUID = 1L;

    @Override
    public @Nullable TypeResolverBuilder<?> findTypeResolver(
            MapperConfig<?> config, AnnotatedClass type, JavaType base) {
        if (!isSealedInterface(type.getRawType())) {
            return null;
        }
        return new StdTypeResolverBuilder()
                .init(JsonTypeInfo.Id.NAME, null)
                .inclusion(JsonTypeInfo.As.PROPERTY)
                .typeProperty(KIND);
    }

    @Override
    public @Nullable List<NamedType> findSubtypes(Annotated type) {
        if (!isSealedInterface(type.getRawType())) {
            return null;
        }
        var records = new ArrayList<NamedType>();
        addRecords(type.getRawType(), records);
        return records;
    }

    @Override
    public @Nullable String findTypeName(AnnotatedClass type) {
        var raw = type.getRawType();
        return raw.isRecord() && Arrays.stream(raw.getInterfaces()).anyMatch(SealedTypes::isSealedInterface)
                ? raw.getSimpleName()
                : null;
    }

    private static void addRecords(Class<?> sealed, List<NamedType> records) {
        for (var permitted : sealed.getPermittedSubclasses()) {
            if (isSealedInterface(permitted)) {
                addRecords(permitted, records);
            } else {
                records.add(new NamedType(permitted, permitted.getSimpleName()));
            }
        }
    }

    private static boolean isSealedInterface(Class<?> type) {
        return type.isInterface() && type.isSealed();
    }
}
