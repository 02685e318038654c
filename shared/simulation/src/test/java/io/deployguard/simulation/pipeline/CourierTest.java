package io.deployguard.simulation.pipeline;

import static io.deployguard.fixture.SnapshotBuilder.aSnapshot;
import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.decision.Mode;
import io.deployguard.incident.Incident;
import io.deployguard.notification.Delivery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** How an incident comes to its channels. */
class CourierTest {

    private static final Optional<Delivery> REFUSAL = Optional.of(new Delivery.Rejected("channel_not_found"));

    private static GuardRig told() {
        var rig = new GuardRig();
        rig.ecs.show(aSnapshot().mode("observe"));
        rig.deliver(rig.begins());
        rig.deliver(rig.crashes("a", 30));
        return rig;
    }

    private static int pending(GuardRig rig) {
        return rig.memory.transact("look", stores -> stores.outbox().pending(9)).size();
    }

    @Test
    void tellsEachChannelOnceAndThenEdits() {
        var rig = told();
        rig.tell();
        rig.tell();
        assertThat(rig.chat.references).containsExactly(Optional.empty());
        assertThat(rig.pager.references).containsExactly(Optional.empty());

        rig.deliver(rig.crashes("b", 60));
        rig.deliver(rig.crashes("c", 70));
        rig.tell();

        assertThat(rig.chat.references)
                .as("two changes, one edit")
                .containsExactly(Optional.empty(), Optional.of("chat-1"));
        assertThat(rig.chat.last().revision()).isEqualTo(rig.incident().revision());
    }

    @Test
    void waitsAsLongAsAChannelAsksAndLetsTheOthersKnow() {
        var rig = told();
        rig.chat.instead = Optional.of(new Delivery.Retry(Duration.ofMinutes(2), "429, retry after 120 s"));
        rig.tell();
        assertThat(rig.pager.notices).hasSize(1);

        rig.chat.instead = Optional.empty();
        rig.time.passSeconds(119);
        rig.tell();
        assertThat(rig.chat.notices).isEmpty();
        rig.time.passSeconds(1);
        rig.tell();

        assertThat(rig.chat.notices).hasSize(1);
        assertThat(pending(rig)).isZero();
    }

    @Nested
    class AChannelThatRefuses {

        @Test
        void isNamedOnTheOthersAndInTheIncident() {
            var rig = told();
            rig.chat.instead = REFUSAL;
            rig.tell();

            assertThat(rig.incident().undelivered())
                    .containsExactly(new Incident.Undelivered("chat", rig.time.instant(), "channel_not_found"));
            assertThat(rig.history()).contains("not told on chat: channel_not_found");
            assertThat(rig.pager.last().toString()).contains("chat does not show this incident: channel_not_found");
        }

        @Test
        void isLeftAloneUntilSomethingChanges() {
            var rig = told();
            rig.chat.instead = REFUSAL;
            rig.tell();
            var before = rig.incident();
            assertThat(pending(rig)).isZero();
            for (var minute = 0; minute < 60; minute++) {
                rig.time.passMinutes(1);
                assertThat(rig.watch().done()).noneMatch(what -> what.contains("wait for their channel"));
                assertThat(rig.tell()).isEmpty();
            }
            assertThat(rig.incident()).isEqualTo(before);
        }

        @Test
        void getsTheNextChangeOnceItIsMended() {
            var rig = told();
            rig.chat.instead = REFUSAL;
            rig.tell();
            rig.chat.instead = Optional.empty();
            rig.deliver(rig.crashes("b", 60));
            rig.tell();

            assertThat(rig.chat.begun()).isEqualTo(1);
            assertThat(rig.chat.last().revision()).isEqualTo(rig.incident().revision());
        }

        @Test
        void isNamedOnceHoweverOftenItRefuses() {
            var rig = told();
            rig.chat.instead = REFUSAL;
            for (var second = 60; second < 90; second += 10) {
                rig.tell();
                rig.deliver(rig.crashes("c" + second, second));
            }
            rig.tell();

            assertThat(rig.incident().undelivered()).hasSize(1);
            assertThat(rig.history().stream().filter(what -> what.startsWith("not told on chat")))
                    .hasSize(1);
        }

        @Test
        void tellsNoSecret() {
            var rig = told();
            rig.chat.instead = Optional.of(new Delivery.Rejected(
                    "cannot post to https://hooks.slack.com/services/T0001/B0001/abcdefghijklmnopqrstuvwx"));
            rig.tell();

            assertThat(rig.incident().undelivered().getFirst().because()).doesNotContain("abcdefghijklmnopqrstuvwx");
            assertThat(rig.pager.last().toString()).doesNotContain("abcdefghijklmnopqrstuvwx");
        }

        @Test
        void hasNobodyToTellWhenAllRefuse() {
            var rig = told();
            rig.chat.instead = REFUSAL;
            rig.pager.instead = REFUSAL;
            rig.tell();
            rig.minutes(3);

            assertThat(rig.incident().undelivered())
                    .extracting(Incident.Undelivered::channel)
                    .containsExactlyInAnyOrder("chat", "pager");
            assertThat(pending(rig)).isZero();
        }
    }

    /** It posts for longer than its lease; another one has taken over and shown a newer state by then. */
    @Test
    void whoWasTooSlowDoesNotOverwriteWhoTookOver() {
        var depth = new AtomicInteger();
        var holder = new ArrayList<GuardRig>();
        holder.add(new GuardRig(
                GuardRig.BY_LINE,
                place -> {
                    if (place.equals("after post to chat") && depth.getAndIncrement() == 0) {
                        var rig = holder.getFirst();
                        rig.time.passMinutes(2);
                        rig.tell();
                    }
                },
                Mode.OBSERVE));
        var rig = holder.getFirst();
        rig.ecs.show(aSnapshot().mode("observe"));
        rig.deliver(rig.begins());
        rig.deliver(rig.crashes("a", 30));
        rig.tell();
        rig.deliver(rig.crashes("b", 60));
        rig.tell();

        assertThat(rig.chat.references).containsExactly(Optional.empty(), Optional.empty(), Optional.of("chat-2"));
        assertThat(pending(rig)).isZero();
    }

    @Test
    void aFaultOfOneChannelIsNotTheOthers() {
        var faults = new AtomicInteger();
        var rig = new GuardRig(
                GuardRig.BY_LINE,
                place -> {
                    if (place.equals("before post to chat") && faults.getAndIncrement() == 0) {
                        throw new IllegalStateException(
                                "a bug, with Bearer abcdefghijklmnopqrstuvwxyz0123456789 in it");
                    }
                },
                Mode.OBSERVE);
        rig.deliver(rig.begins());
        rig.deliver(rig.crashes("a", 30));
        var runs = rig.tell();

        assertThat(rig.pager.notices).hasSize(1);
        assertThat(runs)
                .filteredOn(run -> run.item().channel().equals("chat"))
                .singleElement()
                .satisfies(run -> assertThat(run.delivery())
                        .isInstanceOfSatisfying(
                                Delivery.Retry.class,
                                retry -> assertThat(retry.reason())
                                        .startsWith("failed: a bug")
                                        .doesNotContain("abcdefghijklmnopqrstuvwxyz0123456789")));
        rig.time.passMinutes(1);
        rig.tell();
        assertThat(rig.chat.notices).hasSize(1);
    }

    @Test
    void aSuspicionIsToldToNobody() {
        var rig = new GuardRig(GuardRig.CURABLE);
        rig.deliver(rig.begins());
        rig.deliver(rig.crashes("a", 30));

        assertThat(rig.tell()).isEqualTo(List.of());
        assertThat(rig.chat.notices).isEmpty();
    }
}
