package io.deployguard.simulation.pipeline;

import static io.deployguard.fixture.SnapshotBuilder.aSnapshot;
import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.decision.Mode;
import io.deployguard.notification.Delivery;
import io.deployguard.notification.Notice;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Once a week the channel reads what the guard would have done. The shop's day is a Sunday, and it is two minutes past noon. */
class WeeklyStoryTest {

    private static final String NOW = "sunday 12:08";

    private static GuardRig in(Mode mode) {
        return new GuardRig(GuardRig.BY_LINE, _ -> {}, mode);
    }

    /** A release failed, and ECS went back. */
    private static GuardRig afterABadRelease() {
        var rig = in(Mode.OBSERVE);
        rig.ecs.show(aSnapshot().mode("observe"));
        rig.deliverAll(rig.aBadRelease());
        rig.ecs.show(rig.rolledBack());
        rig.minutes(6);
        return rig;
    }

    private static List<Notice> reports(GuardRig.Channel channel) {
        return channel.notices.stream()
                .filter(notice -> notice.tone() == Notice.Tone.REPORT)
                .toList();
    }

    @Test
    void isToldOnceOnEveryChannelHoweverOftenItsTimeComes() {
        var rig = afterABadRelease();
        assertThat(rig.tellTheWeek(NOW)).contains("week 2026-W09 told");
        assertThat(rig.tellTheWeek(NOW)).isEmpty();
        rig.tell();
        rig.minutes(3);
        assertThat(rig.tellTheWeek("sunday 12:10"))
                .as("the same week by another schedule")
                .isEmpty();
        rig.minutes(3);

        assertThat(reports(rig.pager)).hasSize(1);
        assertThat(reports(rig.chat))
                .singleElement()
                .satisfies(report -> assertThat(report.toString())
                        .contains("the guard would have acted on 1 of 1 incident")
                        .contains("shop/web: roll back to web:41 after", "instead rolled back by others after"));
    }

    @Test
    void isToldOnceWhenTwoSchedulesComeAtTheSameMoment() {
        var rig = afterABadRelease();
        var first = new AtomicBoolean(true);
        rig.memory.share(what -> what.equals("tell the week") && first.getAndSet(false)
                ? Optional.of(() -> assertThat(rig.tellTheWeek(NOW)).isPresent())
                : Optional.empty());

        assertThat(rig.tellTheWeek(NOW)).isEmpty();
        rig.tell();
        rig.minutes(2);

        assertThat(reports(rig.chat)).hasSize(1);
    }

    @Test
    void waitsForAChannelThatIsAway() {
        var rig = afterABadRelease();
        rig.tellTheWeek(NOW);
        rig.chat.instead = Optional.of(new Delivery.Retry(Duration.ofMinutes(1), "503"));
        rig.tell();
        rig.chat.instead = Optional.empty();
        rig.minutes(3);

        assertThat(reports(rig.chat)).hasSize(1);
    }

    @ParameterizedTest(name = "a quiet week in mode {0}: {1} report")
    @CsvSource({"OBSERVE, 1", "ASK, 1", "AUTO, 0"})
    void isPassedOverInSilenceWhereThereIsNothingToDecide(Mode mode, int reports) {
        var rig = in(mode);
        rig.tellTheWeek("sunday 12:00");
        rig.tell();

        assertThat(reports(rig.chat)).hasSize(reports);
    }

    @Test
    void isToldInModeAutoWhenSomethingHappened() {
        var rig = in(Mode.AUTO);
        rig.ecs.show(aSnapshot());
        rig.deliver(rig.begins());
        rig.deliver(rig.crashes("a", 30));
        rig.act("act");
        rig.minutes(6);
        rig.tellTheWeek(NOW);
        rig.tell();

        assertThat(reports(rig.chat))
                .singleElement()
                .satisfies(report -> assertThat(report.toString())
                        .contains("1 incident, and the guard would have acted on none", "Time to mitigate"));
    }

    @ParameterizedTest
    @CsvSource({"saturday 13:00, true", "saturday 11:00, false"})
    void isNotToldLaterThanADay(String schedule, boolean told) {
        assertThat(in(Mode.OBSERVE).tellTheWeek(schedule).isPresent()).isEqualTo(told);
    }
}
