package io.deployguard.incident;

import static io.deployguard.fixture.FixedTime.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deployguard.fault.GuardFault;
import io.deployguard.fixture.Shop;
import io.deployguard.incident.Storm.Member;
import io.deployguard.incident.Storm.State;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What every store of storms promises. */
public abstract class StormStoreContract {

    private static final String PLACE = Storm.placeOf(Shop.WEB);

    /** An empty store each of whose calls is a transaction, which gives up once it has lost too often. */
    protected abstract StormStore store();

    private static Storm storm(String place, Instant at) {
        var leader = UUID.randomUUID();
        return new Storm(
                leader,
                place,
                at,
                at.plusSeconds(9),
                List.of(
                        new Member(
                                leader,
                                Shop.WEB,
                                Optional.of("code-error"),
                                Optional.of("rowcount"),
                                List.of("registry.example/web:1.5.0"),
                                Optional.of("subnet-0a1b2c3d"),
                                State.FAILING),
                        unknown(State.OVER)),
                0,
                Optional.empty(),
                1);
    }

    private static Member unknown(State state) {
        return new Member(
                UUID.randomUUID(), Shop.WEB, Optional.empty(), Optional.empty(), List.of(), Optional.empty(), state);
    }

    @Test
    void findsWhatItStored() {
        var storm = storm(PLACE, NOON);
        store().save(storm);

        assertThat(store().findCurrent(PLACE)).contains(storm);
        assertThat(store().findLedBy(storm.leader())).contains(storm);
        assertThat(store().current(9)).containsExactly(storm);
        assertThat(store().findCurrent("999999999999/eu-west-1")).isEmpty();
    }

    @Test
    void keepsOneStormPerPlace() {
        var storm = storm(PLACE, NOON);
        store().save(storm);
        assertThatThrownBy(() -> store().save(storm(PLACE, NOON.plusSeconds(60))))
                .isInstanceOf(GuardFault.Unavailable.class);
        store().save(storm("999999999999/eu-west-1", NOON.minusSeconds(60)));

        assertThat(store().current(9)).hasSize(2);
        assertThat(store().current(9).getLast()).isEqualTo(storm);
        assertThat(store().current(1)).hasSize(1);
    }

    @Test
    void hasRoomForTheNextOnceItIsOver() {
        var storm = storm(PLACE, NOON);
        store().save(storm);
        var ended = storm.ended(NOON.plusSeconds(600));
        store().save(ended);

        assertThat(store().findCurrent(PLACE)).isEmpty();
        assertThat(store().findLedBy(storm.leader())).contains(ended);
        assertThat(store().findLatest(PLACE)).contains(ended);
        var next = storm(PLACE, NOON.plusSeconds(900));
        store().save(next);
        assertThat(store().current(9)).containsExactly(next);
        assertThat(store().findLatest(PLACE)).contains(next);
    }

    @Test
    void refusesARevisionThatSomebodyElseHasStored() {
        var storm = storm(PLACE, NOON);
        store().save(storm);
        store().save(storm.with(unknown(State.FAILING), NOON));

        assertThatThrownBy(() -> store().save(storm.ended(NOON))).isInstanceOf(GuardFault.Unavailable.class);
        assertThatThrownBy(() -> store().save(storm)).isInstanceOf(GuardFault.Unavailable.class);
    }
}
