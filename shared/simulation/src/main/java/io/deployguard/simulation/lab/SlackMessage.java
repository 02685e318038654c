package io.deployguard.simulation.lab;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One message of a channel, with everything it has ever been.
 *
 * @param ts Slack's id of the message in its channel: seconds, a dot, six digits
 * @param threadTs the message that this one replies to
 * @param author the app or the webhook that posted it
 * @param revisions oldest first, at least one
 */
public record SlackMessage(
        String channel, String ts, Optional<String> threadTs, String author, List<Revision> revisions) {
    public SlackMessage {
        revisions = List.copyOf(revisions);
        if (revisions.isEmpty()) {
            throw new IllegalArgumentException("message %s has no revision".formatted(ts));
        }
    }

    /**
     * What a message was from one moment on.
     *
     * @param blocks an array, empty when there were none
     * @param attachments an array, empty when there were none
     * @param metadata an object, empty when there was none
     */
    public record Revision(Instant at, String text, JsonNode blocks, JsonNode attachments, JsonNode metadata) {}

    /** What people see now. */
    public Revision latest() {
        return revisions.getLast();
    }

    public boolean isReply() {
        return threadTs.isPresent();
    }

    SlackMessage edited(Revision revision) {
        return new SlackMessage(
                channel,
                ts,
                threadTs,
                author,
                Stream.concat(revisions.stream(), Stream.of(revision)).toList());
    }
}
