package io.deployguard.incident;

import static io.deployguard.fixture.DeploymentBuilder.aDeploymentOf;
import static io.deployguard.fixture.FixedTime.NOON;
import static io.deployguard.fixture.RolloutBuilder.aRolloutOf;
import static io.deployguard.fixture.Shop.NEW;
import static io.deployguard.fixture.Shop.NEWER;
import static io.deployguard.fixture.Shop.OLD;
import static io.deployguard.fixture.SnapshotBuilder.aQuietSnapshot;
import static io.deployguard.fixture.SnapshotBuilder.aRolledBackSnapshot;
import static io.deployguard.fixture.SnapshotBuilder.aSnapshot;
import static io.deployguard.fixture.SnapshotBuilder.running;
import static io.deployguard.fixture.TaskBuilder.aStoppedTask;
import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.ecs.ServiceDeployment.Status;
import io.deployguard.fixture.Shop;
import io.deployguard.fixture.SnapshotBuilder;
import io.deployguard.incident.Progress.Closed;
import io.deployguard.incident.Progress.Outcome;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The end of an incident whose last sign was seen at noon, and on which the guard did not act. */
class RecoveryTest {

    private static final Incident INCIDENT = Incident.open(
            UUID.randomUUID(),
            Shop.WEB,
            NEW,
            new Progress.Advised(),
            new Incident.Sign("restart-loop", NOON, "2 tasks stopped"));

    private static Optional<Closed> after(long seconds, SnapshotBuilder snapshot) {
        return Recovery.withoutAction(
                INCIDENT,
                snapshot.at(NOON.plusSeconds(seconds)).build(),
                Duration.ofMinutes(2),
                Duration.ofMinutes(10));
    }

    @ParameterizedTest
    @CsvSource({"599, false", "600, true"})
    void waitsTheWholeWindowWhileTheFailingRevisionServesItself(long seconds, boolean over) {
        assertThat(after(seconds, aQuietSnapshot(NEW)).isPresent()).isEqualTo(over);
        assertThat(after(600, aQuietSnapshot(NEW)).map(Closed::outcome)).contains(Outcome.RECOVERED);
    }

    @ParameterizedTest
    @CsvSource({"119, false", "120, true"})
    void waitsForAShortQuietOnceAnotherRevisionServes(long seconds, boolean over) {
        assertThat(after(seconds, aRolledBackSnapshot()).isPresent()).isEqualTo(over);
    }

    @Test
    void tellsARollbackBySomebodyElseFromANewerDeployment() {
        assertThat(after(120, aRolledBackSnapshot())).hasValueSatisfying(closed -> {
            assertThat(closed.outcome()).isEqualTo(Outcome.RECOVERED);
            assertThat(closed.because()).isEqualTo("it was rolled back to web:41, which is healthy");
        });
        assertThat(after(120, aQuietSnapshot(NEWER))).hasValueSatisfying(closed -> {
            assertThat(closed.outcome()).isEqualTo(Outcome.SUPERSEDED);
            assertThat(closed.because()).isEqualTo("web:43 took its place and is healthy");
        });
    }

    private static boolean endsByItself(Incident.Sign... signs) {
        var incident = INCIDENT;
        for (var sign : signs) {
            incident = incident.withSign(sign, incident.progress(), NOON);
        }
        return Recovery.withoutAction(
                        incident,
                        aQuietSnapshot(NEW).at(NOON.plusSeconds(36_000)).build(),
                        Duration.ofMinutes(2),
                        Duration.ofMinutes(10))
                .isPresent();
    }

    @Test
    void waitsForAnAlarmToSayThatItIsOver() {
        var on = new Incident.Sign(Incident.Sign.ALARM, NOON, "alarm web-5xx went off: Threshold Crossed");

        assertThat(endsByItself(on)).isFalse();
        assertThat(endsByItself(on, Incident.Sign.ofAlarmOver("web", NOON.plusSeconds(60))))
                .as("another alarm")
                .isFalse();
        assertThat(endsByItself(on, Incident.Sign.ofAlarmOver("web-5xx", NOON.minusSeconds(60))))
                .as("an earlier end")
                .isFalse();
        assertThat(endsByItself(on, Incident.Sign.ofAlarmOver("web-5xx", NOON.plusSeconds(60))))
                .isTrue();
    }

    @Test
    void neverSaysOfAnUnchangedImageThatItHasPassed() {
        assertThat(endsByItself(new Incident.Sign(Incident.Sign.UNCHANGED, NOON, "web:2 is the image that ran before")))
                .isFalse();
    }

    @Test
    void isNotOverWhileATaskIsMissing() {
        assertThat(after(3_600, aRolledBackSnapshot().tasks(running(OLD, 1)))).isEmpty();
        assertThat(after(3_600, aRolledBackSnapshot().desired(0))).isEmpty();
    }

    @Test
    void isNotOverWhileTheDeploymentGoesOn() {
        var goesOn = aQuietSnapshot(NEWER)
                .rollouts(aRolloutOf(NEWER).state("IN_PROGRESS").counts(2, 2, 0).build());

        assertThat(after(3_600, goesOn)).isEmpty();
        assertThat(after(3_600, aSnapshot())).isEmpty();
    }

    @Test
    void isNotOverWhileEcsStillTriesTheFailingRevision() {
        var besides = aRolledBackSnapshot()
                .rollouts(
                        aRolloutOf(OLD).state("COMPLETED").counts(2, 2, 0).build(),
                        aRolloutOf(NEW).active().state("FAILED").counts(1, 0, 1).build());

        assertThat(after(3_600, besides)).isEmpty();
    }

    @Test
    void isNotOverSoonAfterATaskOfEitherRevisionStopped() {
        var ofTheNew = aStoppedTask().id("n").stoppedAt(NOON.plusSeconds(3_590)).build();
        var ofTheOld = aStoppedTask()
                .id("o")
                .of(OLD)
                .stoppedAt(NOON.plusSeconds(3_590))
                .build();

        assertThat(after(3_600, aRolledBackSnapshot().and(ofTheNew))).isEmpty();
        assertThat(after(3_600, aRolledBackSnapshot().and(ofTheOld))).isEmpty();
        assertThat(after(3_800, aRolledBackSnapshot().and(ofTheNew, ofTheOld))).isPresent();
    }

    @Test
    void isNotOverForACrashLoopThatEcsCallsCompleted() {
        var loop = aQuietSnapshot(NEW)
                .deployments(aDeploymentOf(NEW).status(Status.SUCCESSFUL).build())
                .and(aStoppedTask()
                        .id("again")
                        .stoppedAt(NOON.plusSeconds(3_100))
                        .build());

        assertThat(after(3_600, loop)).isEmpty();
    }
}
