package io.deployguard.postgres;

import static io.deployguard.postgres.Samples.minute;
import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.notification.Outbox;
import io.deployguard.notification.Outbox.Claim;
import io.deployguard.notification.Outbox.Item;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OutboxIT {

    private static final String SLACK = "slack:C0123";
    private static final Duration LEASE = Duration.ofMinutes(1);
    private static final Duration OVER_AT_ONCE = Duration.ZERO;

    private final TestDatabase fresh = TestDatabase.fresh();
    private final Outbox outbox = OneByOne.store(fresh.open(), Outbox.class);
    private final UUID incident = UUID.randomUUID();

    @AfterEach
    void close() {
        fresh.close();
    }

    @Test
    void mergesChangesInQuickSuccession() {
        outbox.want(incident, SLACK, 1, minute(1));
        outbox.want(incident, SLACK, 3, minute(3));
        outbox.want(incident, SLACK, 2, minute(2));

        assertThat(pending()).containsExactly(item(3, 1, Optional.empty(), 0, Optional.empty()));
    }

    @Test
    void isDoneOnceTheWantedRevisionIsShown() {
        outbox.want(incident, SLACK, 2, minute(1));
        var claimed = claim(1).getFirst();
        outbox.shown(claimed, 2, Optional.of("ts-1"), minute(2));

        assertThat(pending()).isEmpty();
        assertThat(claim(9)).isEmpty();

        outbox.want(incident, SLACK, 2, minute(5));
        assertThat(pending()).as("the same revision once more").isEmpty();

        outbox.want(incident, SLACK, 3, minute(6));
        assertThat(items(claim(9))).containsExactly(item(3, 6, Optional.of("ts-1"), 0, Optional.empty()));
    }

    @Test
    void staysPendingWhenANewerRevisionWasWantedMeanwhile() {
        outbox.want(incident, SLACK, 1, minute(1));
        var claimed = claim(1).getFirst();
        outbox.want(incident, SLACK, 4, minute(2));
        outbox.shown(claimed, 1, Optional.of("ts-1"), minute(3));

        assertThat(items(claim(3))).containsExactly(item(4, 2, Optional.of("ts-1"), 0, Optional.empty()));
    }

    @Test
    void forgetsALateReportOfAnOlderRevision() {
        outbox.want(incident, SLACK, 2, minute(1));
        var claimed = claim(1).getFirst();
        outbox.shown(claimed, 2, Optional.of("ts-2"), minute(2));
        outbox.shown(claimed, 1, Optional.of("ts-1"), minute(3));
        outbox.want(incident, SLACK, 3, minute(4));

        assertThat(pending()).containsExactly(item(3, 4, Optional.of("ts-2"), 0, Optional.empty()));
    }

    @Test
    void hidesAClaimedRowUntilItsLeaseIsOver() {
        outbox.want(incident, SLACK, 1, minute(1));

        assertThat(claim(1, OVER_AT_ONCE)).hasSize(1);
        assertThat(claim(1, LEASE)).as("the first lease is over").hasSize(1);
        assertThat(claim(1, LEASE)).isEmpty();
        assertThat(pending()).as("pending all the same").hasSize(1);
    }

    @Test
    void claimsWhatHasWaitedLongestAndIsDue() {
        outbox.want(incident, "a", 1, minute(3));
        outbox.want(incident, "b", 1, minute(1));
        outbox.want(incident, "c", 1, minute(2));
        outbox.want(incident, "d", 1, minute(9));

        var first = outbox.claim(minute(5), 2, LEASE);
        assertThat(items(first)).extracting(Item::channel).containsExactly("b", "c");
        assertThat(items(claim(5))).extracting(Item::channel).containsExactly("a");
    }

    @Test
    void waitsAsLongAsTheChannelAsked() {
        outbox.want(incident, SLACK, 1, minute(1));
        var claimed = claim(1).getFirst();
        outbox.postpone(claimed, minute(5), "429, retry after 240 s");
        outbox.want(incident, SLACK, 2, minute(2));

        assertThat(claim(4))
                .as("a newer revision does not make the channel readier")
                .isEmpty();
        assertThat(items(claim(5)))
                .containsExactly(item(2, 1, Optional.empty(), 1, Optional.of("429, retry after 240 s")));
    }

    @Test
    void countsFailuresInARowOnly() {
        outbox.want(incident, SLACK, 1, minute(1));
        for (var failure = 0; failure < 3; failure++) {
            var claimed = claim(1).getFirst();
            outbox.postpone(claimed, minute(1), "503");
        }
        var claimed = claim(1).getFirst();
        assertThat(claimed.item().attempts()).isEqualTo(3);

        outbox.shown(claimed, 1, Optional.empty(), minute(2));
        outbox.want(incident, SLACK, 2, minute(3));
        assertThat(pending()).containsExactly(item(2, 3, Optional.empty(), 0, Optional.empty()));
    }

    @Test
    void leavesWhatWasGivenUpAloneUntilSomethingNewIsWanted() {
        outbox.want(incident, SLACK, 1, minute(1));
        var claimed = claim(1).getFirst();
        outbox.giveUp(claimed, "channel_not_found", minute(2));

        assertThat(claim(99)).isEmpty();
        assertThat(pending()).as("nothing would come of another try").isEmpty();

        outbox.want(incident, SLACK, 2, minute(3));
        assertThat(pending()).hasSize(1);
        assertThat(items(claim(3))).containsExactly(item(2, 1, Optional.empty(), 1, Optional.of("channel_not_found")));
    }

    @Test
    void givesARevisionThatWasWantedMeanwhileItsChance() {
        outbox.want(incident, SLACK, 1, minute(1));
        var claimed = claim(1).getFirst();
        outbox.want(incident, SLACK, 2, minute(2));
        outbox.giveUp(claimed, "invalid_blocks", minute(3));

        assertThat(items(claim(3))).extracting(Item::wanted).containsExactly(2L);
    }

    @Test
    void doesNotHearADelivererWhoWasTooSlow() {
        outbox.want(incident, SLACK, 1, minute(1));
        var slow = claim(1, OVER_AT_ONCE).getFirst();
        var quick = claim(1, LEASE).getFirst();

        outbox.shown(slow, 1, Optional.of("ts-slow"), minute(2));
        outbox.postpone(slow, minute(9), "503");
        outbox.giveUp(slow, "channel_not_found", minute(2));
        assertThat(pending()).containsExactly(item(1, 1, Optional.empty(), 0, Optional.empty()));

        outbox.shown(quick, 1, Optional.of("ts-quick"), minute(3));
        outbox.want(incident, SLACK, 2, minute(4));
        assertThat(pending()).extracting(Item::reference).containsExactly(Optional.of("ts-quick"));
    }

    @Test
    void hearsADelivererWhoWasLateWhileNobodyElseTriedIt() {
        outbox.want(incident, SLACK, 1, minute(1));
        var late = claim(1, OVER_AT_ONCE).getFirst();

        outbox.shown(late, 1, Optional.of("ts-late"), minute(2));

        assertThat(pending()).isEmpty();
    }

    @Test
    void listsWhatIsPendingOldestFirst() {
        outbox.want(incident, "late", 1, minute(3));
        outbox.want(incident, "early", 1, minute(1));

        assertThat(pending()).extracting(Item::channel).containsExactly("early", "late");
        assertThat(outbox.pending(1)).hasSize(1);
    }

    private Item item(
            long wanted, long sinceMinute, Optional<String> reference, int attempts, Optional<String> failure) {
        return new Item(incident, SLACK, wanted, minute(sinceMinute), reference, attempts, failure);
    }

    private static List<Item> items(List<Claim> claims) {
        return claims.stream().map(Claim::item).toList();
    }

    private List<Claim> claim(long minute) {
        return claim(minute, LEASE);
    }

    private List<Claim> claim(long minute, Duration lease) {
        return outbox.claim(minute(minute), 10, lease);
    }

    private List<Item> pending() {
        return outbox.pending(10);
    }
}
