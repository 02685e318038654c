package io.deployguard.simulation.account.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * An action of an AWS service as the endpoint serves it.
 *
 * @param fields the members of a request that are understood; another one is refused
 */
record Action(String service, String name, Call.Effect effect, Set<String> fields, Handler handler) {
    /** Answers a request in the shape of the API. */
    interface Handler {
        ObjectNode answer(ObjectNode request);
    }

    /** An action that only looks; {@code fields} are separated by blanks. */
    static Action read(String service, String name, String fields, Handler handler) {
        return new Action(service, name, Call.Effect.READ, words(fields), handler);
    }

    /** An action that may change something. */
    static Action write(String service, String name, String fields, Handler handler) {
        return new Action(service, name, Call.Effect.WRITE, words(fields), handler);
    }

    void refuseUnknownFields(ObjectNode request) {
        request.fieldNames().forEachRemaining(field -> {
            if (!fields.contains(field)) {
                throw new NotModelled("field %s of %s:%s".formatted(field, service, name));
            }
        });
    }

    private static Set<String> words(String text) {
        return Arrays.stream(text.split(" ", -1))
                .filter(word -> !word.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** What the simulation does not know, as opposed to what AWS refuses. */
    static final class NotModelled extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotModelled(String what) {
            super("the simulation does not model " + what);
        }
    }
}
