package io.deployguard.functions.act;

import io.deployguard.pipeline.Responder;
import io.deployguard.pipeline.Responder.Response;
import io.deployguard.runtime.IncidentMessage;
import io.deployguard.runtime.MessageHandler;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One message: the incident that waits for an action. */
final class ActMessages implements MessageHandler {

    private final Responder responder;

    private @Nullable String holder;

    ActMessages(Responder responder) {
        this.responder = responder;
    }

    @Override
    public Map<String, Object> handle(String body, Instant deadline) {
        var incident = IncidentMessage.parse(body).incident();
        var response = responder.respond(incident, holder());
        return switch (response) {
            // Delivered again when the other actor has had its time.
            case Response.Busy busy -> throw new IllegalStateException("incident " + incident + ": " + busy.outcome());
            case Response.Acted _, Response.Waits _, Response.Withdrawn _, Response.NothingToDo _ ->
                Map.of(
                        "incident", incident.toString(),
                        "action", response.getClass().getSimpleName(),
                        "outcome", response.outcome());
        };
    }

    /**
     * Unique among all instances of this function, so that a lease tells them apart. Made with the first message: many instances may begin as copies of
     * one.
     */
    private String holder() {
        var name = holder;
        if (name == null) {
            name = "act:" + UUID.randomUUID();
            holder = name;
        }
        return name;
    }
}
