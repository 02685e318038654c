package io.deployguard.notification;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What each channel should show, and what it shows already. One row per incident and channel: changes in quick succession merge, and the last
 * state always wins.
 */
public interface Outbox {

    /** The channel should show the incident's present revision. Written in the same transaction as that revision. */
    void want(UUID incident, String channel, long revision, Instant now);

    /**
     * Takes over up to {@code limit} rows whose wanted revision is not shown and whose time has come; nobody else gets them until {@code lease}
     * is over, by the database's clock.
     */
    List<Claim> claim(Instant now, int limit, Duration lease);

    /** The channel shows that revision. */
    void shown(Claim claim, long revision, Optional<String> reference, Instant now);

    /** Not now; tried again then. */
    void postpone(Claim claim, Instant until, String reason);

    /** Never as it is configured. The row stays, with its reason, until another revision is wanted. */
    void giveUp(Claim claim, String reason, Instant now);

    /** Rows that are wanted, not shown and not given up, oldest first. */
    List<Item> pending(int limit);

    /** The rows of an incident, one per channel that was ever to show it, by the channel's name. */
    List<Item> itemsOf(UUID incident);

    /**
     * One row.
     *
     * @param wanted revision
     * @param wantedSince when the oldest revision that is not yet shown was wanted
     * @param reference of the message in the channel, once there is one
     * @param attempts failed ones in a row
     */
    record Item(
            UUID incident,
            String channel,
            long wanted,
            Instant wantedSince,
            Optional<String> reference,
            int attempts,
            Optional<String> lastFailure) {}

    /**
     * One row that somebody delivers now. What they report counts only while nobody else has taken the row over: a slow deliverer must not mark
     * what another one is at.
     *
     * @param number grows by one with each claim of the row
     */
    record Claim(Item item, long number) {}
}
