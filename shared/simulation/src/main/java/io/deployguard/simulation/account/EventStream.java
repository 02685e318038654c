package io.deployguard.simulation.account;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * What AWS services put on the default event bus: wraps details into envelopes and hands them to the listeners, a moment later.
 *
 * @see <a href="https://docs.aws.amazon.com/eventbridge/latest/ref/events-structure.html">Event structure</a>
 */
final class EventStream {
    private final Agenda agenda;
    private final Arns arns;
    private final Ids ids;
    private final Duration delay;
    private final List<Consumer<JsonNode>> listeners = new CopyOnWriteArrayList<>();

    EventStream(Agenda agenda, Arns arns, Ids ids, Duration delay) {
        this.agenda = agenda;
        this.arns = arns;
        this.ids = ids;
        this.delay = delay;
    }

    void listen(Consumer<JsonNode> listener) {
        listeners.add(listener);
    }

    void emitEcs(String detailType, String resource, ObjectNode detail) {
        emit("aws.ecs", detailType, resource, detail);
    }

    void emit(String source, String detailType, String resource, ObjectNode detail) {
        var event = Json.object()
                .put("version", "0")
                .put("id", ids.uuid())
                .put("detail-type", detailType)
                .put("source", source)
                .put("account", arns.account())
                .put("time", Json.iso(agenda.now().truncatedTo(ChronoUnit.SECONDS)))
                .put("region", arns.region());
        event.putArray("resources").add(resource);
        event.set("detail", detail);
        agenda.after(delay, () -> listeners.forEach(listener -> listener.accept(event)));
    }
}
