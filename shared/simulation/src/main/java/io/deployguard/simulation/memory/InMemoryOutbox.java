package io.deployguard.simulation.memory;

import io.deployguard.notification.Outbox;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** What each channel should show, and beside it the rows that lag behind. */
final class InMemoryOutbox implements Outbox {

    private static final Comparator<Row> LONGEST_WAITING = Comparator.comparing(Row::wantedSince)
            .thenComparing(row -> row.key().incident())
            .thenComparing(row -> row.key().channel());

    private final Table<Key, Row> rows = new Table<>();
    private final Table<Key, Row> lagging = new Table<>();
    private final InstantSource clock;

    InMemoryOutbox(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public void want(UUID incident, String channel, long revision, Instant now) {
        var key = new Key(incident, channel);
        var known = rows.find(key)
                .orElse(new Row(key, 0, 0, now, now, Instant.EPOCH, 0, Optional.empty(), 0, Optional.empty(), false));
        if (Math.max(known.wanted(), revision) <= known.shown()) {
            return;
        }
        var lagged = known.wanted() > known.shown();
        keep(new Row(
                key,
                Math.max(known.wanted(), revision),
                known.shown(),
                lagged && known.wantedSince().isBefore(now) ? known.wantedSince() : now,
                lagged && !known.givenUp() ? known.dueAt() : now,
                known.leasedUntil(),
                known.claim(),
                known.reference(),
                known.attempts(),
                known.lastFailure(),
                false));
    }

    @Override
    public List<Claim> claim(Instant now, int limit, Duration lease) {
        var taken = waiting()
                .filter(row -> !row.givenUp() && !row.dueAt().isAfter(now))
                .filter(row -> !row.leasedUntil().isAfter(clock.instant()))
                .limit(limit)
                .map(row -> row.leased(clock.instant().plus(lease)))
                .toList();
        taken.forEach(this::keep);
        return taken.stream().map(row -> new Claim(row.item(), row.claim())).toList();
    }

    @Override
    public void shown(Claim claim, long revision, Optional<String> reference, Instant now) {
        change(
                claim,
                row -> revision <= row.shown()
                        ? row
                        : new Row(
                                row.key(),
                                row.wanted(),
                                revision,
                                now,
                                now,
                                Instant.EPOCH,
                                row.claim(),
                                reference.or(row::reference),
                                0,
                                Optional.empty(),
                                false));
    }

    @Override
    public void postpone(Claim claim, Instant until, String reason) {
        change(claim, row -> row.failed(until, reason, false));
    }

    @Override
    public void giveUp(Claim claim, String reason, Instant now) {
        change(
                claim,
                row -> row.failed(now, reason, row.wanted() <= claim.item().wanted()));
    }

    @Override
    public List<Item> pending(int limit) {
        return waiting()
                .filter(row -> !row.givenUp())
                .limit(limit)
                .map(Row::item)
                .toList();
    }

    @Override
    public List<Item> itemsOf(UUID incident) {
        return rows.rows()
                .filter(row -> row.key().incident().equals(incident))
                .map(Row::item)
                .sorted(Comparator.comparing(Item::channel))
                .toList();
    }

    private Stream<Row> waiting() {
        return lagging.rows().sorted(LONGEST_WAITING);
    }

    private void change(Claim claim, UnaryOperator<Row> how) {
        rows.find(new Key(claim.item().incident(), claim.item().channel()))
                .filter(row -> row.claim() == claim.number())
                .map(how)
                .ifPresent(this::keep);
    }

    private void keep(Row row) {
        rows.put(row.key(), row);
        if (row.wanted() > row.shown()) {
            lagging.put(row.key(), row);
        } else {
            lagging.remove(row.key());
        }
    }

    Table<?, ?> table() {
        return rows;
    }

    Table<?, ?> laggingTable() {
        return lagging;
    }

    private record Key(UUID incident, String channel) {}

    private record Row(
            Key key,
            long wanted,
            long shown,
            Instant wantedSince,
            Instant dueAt,
            Instant leasedUntil,
            long claim,
            Optional<String> reference,
            int attempts,
            Optional<String> lastFailure,
            boolean givenUp) {

        Row leased(Instant until) {
            return new Row(
                    key,
                    wanted,
                    shown,
                    wantedSince,
                    dueAt,
                    until,
                    claim + 1,
                    reference,
                    attempts,
                    lastFailure,
                    givenUp);
        }

        Row failed(Instant until, String reason, boolean forGood) {
            return new Row(
                    key,
                    wanted,
                    shown,
                    wantedSince,
                    until,
                    Instant.EPOCH,
                    claim,
                    reference,
                    attempts + 1,
                    Optional.of(reason),
                    forGood);
        }

        Item item() {
            return new Item(key.incident(), key.channel(), wanted, wantedSince, reference, attempts, lastFailure);
        }
    }
}
