package io.deployguard.postgres;

import io.deployguard.pipeline.Database;
import io.deployguard.pipeline.Database.Stores;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Arrays;

/** A store each of whose calls is a transaction of its own, so that a test reads like its use. */
final class OneByOne {

    private OneByOne() {}

    static <S> S store(Database database, Class<S> type) {
        var component = Arrays.stream(Stores.class.getRecordComponents())
                .filter(store -> store.getType() == type)
                .findFirst()
                .orElseThrow();
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (_, method, arguments) -> database.<Object[]>transact(method.getName(), stores -> {
                    try {
                        var store = component.getAccessor().invoke(stores);
                        return new Object[] {method.invoke(store, arguments)};
                    } catch (InvocationTargetException failed) {
                        if (failed.getCause() instanceof RuntimeException fault) {
                            throw fault;
                        }
                        throw new IllegalStateException(failed);
                    } catch (IllegalAccessException impossible) {
                        throw new IllegalStateException(impossible);
                    }
                })[0]));
    }
}
