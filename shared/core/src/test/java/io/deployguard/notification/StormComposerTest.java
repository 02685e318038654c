package io.deployguard.notification;

import static io.deployguard.fixture.FixedTime.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.ecs.Accounts;
import io.deployguard.ecs.ServiceRef;
import io.deployguard.fixture.Shop;
import io.deployguard.incident.Incident;
import io.deployguard.incident.Progress;
import io.deployguard.incident.Storm;
import io.deployguard.incident.Storm.Member;
import io.deployguard.incident.Storm.State;
import io.deployguard.notification.Notice.Tone;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StormComposerTest {

    private static final Incident LEADER = Incident.open(
            new UUID(1, 0),
            Shop.WEB,
            Shop.NEW,
            new Progress.Investigating(NOON, 0),
            new Incident.Sign("restart-loop", NOON, "2 tasks stopped"));

    private static Storm storm(int services, State state) {
        var members = IntStream.range(0, services)
                .mapToObj(n -> new Member(
                        new UUID(1, n),
                        new ServiceRef("aws", "eu-central-1", "123456789012", "shop", "service-" + n),
                        Optional.of(n % 10 == 0 ? "code-error" : "database-unreachable"),
                        n % 10 == 0 ? Optional.empty() : Optional.of("db.internal"),
                        List.of("registry.example/proxy:3", "registry.example/service-" + n + ":2"),
                        Optional.of(n < 50 ? "subnet-a" : "subnet-b"),
                        state))
                .toList();
        return new Storm(
                LEADER.id(), Storm.placeOf(Shop.WEB), NOON, NOON.plusSeconds(40), members, 0, Optional.empty(), 1);
    }

    private static Member unknown(UUID incident, State state) {
        return new Member(incident, Shop.WEB, Optional.empty(), Optional.empty(), List.of(), Optional.empty(), state);
    }

    private static <T extends NoticeBlock> T block(Notice notice, Class<T> kind) {
        return notice.blocks().stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void saysHowManyWhatTheyShareAndThatTheGuardHoldsStill() {
        var notice = StormComposer.compose(storm(60, State.FAILING), LEADER, Accounts.OWN);

        assertThat(notice.tone()).isEqualTo(Tone.OPEN);
        assertThat(notice.headline())
                .isEqualTo("Storm: 60 services fail together, most with database-unreachable")
                .hasSizeLessThanOrEqualTo(120);
        assertThat(notice.fallback().length()).isBetween(60, 250);
        var summary = block(notice, NoticeBlock.Summary.class);
        assertThat(summary.call()).isEqualTo("Action needed");
        assertThat(summary.state().plain())
                .startsWith(
                        "60 services fail together; the first began at 2026-03-01 12:00:00 UTC, the last at 2026-03-01 12:00:40 UTC.")
                .contains(
                        "automatic action pauses in this account and region until 2026-03-01 12:10:40 UTC, longer if more services join.");
        assertThat(summary.cause().orElseThrow().plain())
                .isEqualTo(
                        "Cause: database-unreachable (db.internal) in 54 of 60; code-error in 6 of 60. Shared: cluster shop (all 60), subnet subnet-a (50 of 60), image registry.example/proxy:3 (all 60).");
        assertThat(block(notice, NoticeBlock.Evidence.class).excerpts().getFirst())
                .satisfies(names -> {
                    assertThat(names.lines()).hasSize(20);
                    assertThat(names.omitted()).isEqualTo(40);
                });
    }

    @Test
    void countsThoseForWhomTheListHadNoRoom() {
        var full = storm(500, State.FAILING).with(unknown(new UUID(9, 9), State.FAILING), NOON.plusSeconds(50));

        assertThat(full.members()).hasSize(500);
        assertThat(StormComposer.compose(full, LEADER, Accounts.OWN).headline()).contains("501 services");
    }

    /** What one half has and the other has not is no clue. */
    @Test
    void namesNothingAsSharedThatMostDoNotHave() {
        var nobody = new Storm(
                LEADER.id(),
                Storm.placeOf(Shop.WEB),
                NOON,
                NOON,
                IntStream.range(0, 6)
                        .mapToObj(n -> new Member(
                                new UUID(1, n),
                                new ServiceRef("aws", "eu-central-1", "123456789012", "cluster-" + n % 2, "web"),
                                Optional.empty(),
                                Optional.empty(),
                                List.of("image-" + n),
                                Optional.empty(),
                                State.FAILING))
                        .toList(),
                0,
                Optional.empty(),
                1);

        assertThat(block(StormComposer.compose(nobody, LEADER, Accounts.OWN), NoticeBlock.Summary.class)
                        .cause()
                        .orElseThrow()
                        .plain())
                .isEqualTo("Nothing is known of the causes yet.");
    }

    @Test
    void saysWhenItIsOver() {
        var over = storm(8, State.OVER).ended(NOON.plusSeconds(900));
        var notice = StormComposer.compose(over, LEADER, Accounts.OWN);

        assertThat(notice.tone()).isEqualTo(Tone.RESOLVED);
        assertThat(notice.headline()).isEqualTo("Storm over: 8 services had failed together");
        assertThat(block(notice, NoticeBlock.Summary.class).state().plain()).contains("All 8 services are well again");
        assertThat(notice.blocks()).noneMatch(NoticeBlock.Advice.class::isInstance);
    }

    @Test
    void saysWhoIsStillNotWell() {
        var members = List.of(storm(1, State.FAILING).members().getFirst(), unknown(new UUID(1, 7), State.OVER));
        var over = storm(1, State.FAILING).withMembers(members).ended(NOON.plusSeconds(9_000));

        assertThat(block(StormComposer.compose(over, LEADER, Accounts.OWN), NoticeBlock.Summary.class)
                        .state()
                        .plain())
                .contains("1 of 2 services still fail");
    }
}
