package io.deployguard.functions.act;

import io.deployguard.pipeline.Responder;
import io.deployguard.pipeline.Responder.Response;
import io.deployguard.runtime.IncidentMessage;
import io.deployguard.runtime.MessageHandler;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/** One message: the incident that waits for an action. */
final class ActMessages implements MessageHandler {

    private final Responder responder;

    /** Unique among all instances of this function, so that a lease tells them apart. */
    private final String holder = "act:" + UUID.randomUUID();

    ActMessages(Responder responder) {
        this.responder = responder;
    }

    @Override
    public Map<String, Object> handle(String body, Instant deadline) {
        var incident = IncidentMessage.parse(body).incident();
        var response = responder.respond(incident, holder);
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
}
