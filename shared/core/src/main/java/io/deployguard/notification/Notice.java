package io.deployguard.notification;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The message of an incident as it should read now, for any channel.
 *
 * @param revision of the incident it was made of
 * @param fallback plain text of 60 to 250 characters for notifications and screen readers
 * @param headline at most 120 characters, no full stop
 * @param release what the pipeline behind it should record; absent when there is none
 */
public record Notice(
        UUID incident,
        long revision,
        Tone tone,
        String fallback,
        String headline,
        List<NoticeBlock> blocks,
        Optional<ReleaseStatus> release) {

    public Notice {
        blocks = List.copyOf(blocks);
    }

    /** A notice that is for people alone. */
    public Notice(UUID incident, long revision, Tone tone, String fallback, String headline, List<NoticeBlock> blocks) {
        this(incident, revision, tone, fallback, headline, blocks, Optional.empty());
    }

    /** What the reader should feel; words carry it, color only repeats it. */
    public enum Tone {
        /** Something is wrong and a person is needed. */
        OPEN,
        /** The guard has it in hand; no action needed. */
        WORKING,
        /** It is over and the service is well. */
        RESOLVED,
        /** It is over for the guard, and the service is not well. */
        ESCALATED,
        /** It is over since something else took its place; nothing is said about how the service is. */
        SUPERSEDED,
        /** Nothing is wrong; somebody may want to know. */
        REPORT
    }

    /** Whether nothing more will be said. */
    public boolean isFinal() {
        return switch (tone) {
            case RESOLVED, ESCALATED, SUPERSEDED, REPORT -> true;
            case OPEN, WORKING -> false;
        };
    }
}
