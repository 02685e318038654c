package io.deployguard.incident;

import static io.deployguard.fixture.DeploymentBuilder.aDeploymentOf;
import static io.deployguard.fixture.FixedTime.NOON;
import static io.deployguard.fixture.RolloutBuilder.aRolloutOf;
import static io.deployguard.fixture.Shop.NEW;
import static io.deployguard.fixture.Shop.NEWER;
import static io.deployguard.fixture.Shop.OLD;
import static io.deployguard.fixture.Shop.definitionOf;
import static io.deployguard.fixture.SnapshotBuilder.aQuietSnapshot;
import static io.deployguard.fixture.SnapshotBuilder.aRolledBackSnapshot;
import static io.deployguard.fixture.SnapshotBuilder.aSnapshot;
import static io.deployguard.fixture.SnapshotBuilder.running;
import static io.deployguard.fixture.TaskBuilder.aStoppedTask;
import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.ecs.ServiceDeployment.Status;
import io.deployguard.fixture.Shop;
import io.deployguard.fixture.SnapshotBuilder;
import io.deployguard.incident.Progress.Outcome;
import io.deployguard.incident.RecoveryCheck.Assessment;
import io.deployguard.incident.RecoveryCheck.Assessment.Healed;
import io.deployguard.incident.RecoveryCheck.Assessment.NotHealed;
import io.deployguard.incident.RecoveryCheck.Assessment.Recovering;
import io.deployguard.incident.RecoveryCheck.Assessment.Superseded;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The guard sent its rollback at noon. */
class RecoveryCheckTest {

    private static final Incident INCIDENT = Incident.open(
            UUID.randomUUID(),
            Shop.WEB,
            NEW,
            new Progress.Investigating(NOON, 0),
            new Incident.Sign("restart-loop", NOON.minusSeconds(60), "2 tasks stopped"));

    private static Progress.Verifying verifying(Optional<Instant> steadySince) {
        return new Progress.Verifying(NOON, "back to web:41", definitionOf(OLD), steadySince);
    }

    private static Assessment assess(SnapshotBuilder snapshot, long afterSeconds) {
        return assess(snapshot, afterSeconds, Optional.empty());
    }

    private static Assessment assess(SnapshotBuilder snapshot, long afterSeconds, Optional<Instant> steadySince) {
        return RecoveryCheck.DEFAULT.assess(
                INCIDENT,
                verifying(steadySince),
                snapshot.at(NOON.plusSeconds(afterSeconds)).build());
    }

    /** The listener forwards to the service. */
    @Nested
    class AReach {

        private Assessment assess(
                SnapshotBuilder snapshot, long afterSeconds, long steady, Optional<String> complaint) {
            return RecoveryCheck.DEFAULT.assessReach(
                    INCIDENT,
                    verifying(steady > 0 ? Optional.of(NOON.plusSeconds(steady)) : Optional.empty()),
                    snapshot.at(NOON.plusSeconds(afterSeconds)).build(),
                    complaint);
        }

        private SnapshotBuilder well() {
            return aQuietSnapshot(NEW);
        }

        @ParameterizedTest
        @CsvSource({"179, false", "180, true"})
        void isHealedOnceTheEndpointHasAnsweredWellForTwoMinutes(long seconds, boolean healed) {
            assertThat(assess(well(), seconds, 60, Optional.empty()) instanceof Healed)
                    .isEqualTo(healed);
        }

        @Test
        void isNotHealedByAListenerAlone() {
            assertThat(assess(well(), 60, 30, Optional.of("https://qa/ answers 404")))
                    .isEqualTo(new Recovering(Optional.empty(), "https://qa/ answers 404"));
            assertThat(assess(well(), 1_201, 30, Optional.of("https://qa/ answers 404")))
                    .isEqualTo(new NotHealed("after 20 minutes https://qa/ answers 404"));
            assertThat(assess(well().desired(3), 300, 30, Optional.empty()))
                    .isEqualTo(new Recovering(Optional.empty(), "2 of 3 tasks are healthy"));
        }

        @Test
        void isOverWhenSomethingElseIsDeployed() {
            assertThat(assess(aRolledBackSnapshot(), 60, 30, Optional.empty())).isInstanceOf(Superseded.class);
        }
    }

    /** The service was scaled to zero. */
    @Nested
    class AStandstill {

        private Assessment assess(SnapshotBuilder snapshot, long afterSeconds) {
            return RecoveryCheck.DEFAULT.assessStandstill(
                    INCIDENT,
                    verifying(Optional.empty()),
                    snapshot.at(NOON.plusSeconds(afterSeconds)).build());
        }

        private SnapshotBuilder atZero() {
            return aSnapshot().rollouts(aRolloutOf(NEW).counts(0, 0, 0).build()).desired(0);
        }

        @Test
        void isAwaited() {
            assertThat(assess(atZero().tasks(running(NEW, 1)), 60))
                    .isEqualTo(new Recovering(Optional.empty(), "tasks have not ended yet (1)"));
        }

        @Test
        void healsNothing() {
            assertThat(assess(atZero().tasks(aStoppedTask().build()), 60))
                    .isEqualTo(new NotHealed(
                            "no task runs and none is started any more, until its desired count is restored"));
        }

        @Test
        void isNotWaitedForForEver() {
            assertThat(assess(atZero().tasks(running(NEW, 1)), 1_201))
                    .isEqualTo(new NotHealed("after 20 minutes tasks have not ended yet (1)"));
        }

        @Test
        void isOverWhenTheCountIsRaised() {
            assertThat(assess(atZero().desired(1), 60)).isInstanceOf(NotHealed.class);
        }

        @Test
        void isOverWhenSomethingElseIsDeployed() {
            assertThat(assess(aRolledBackSnapshot(), 60)).isInstanceOf(Superseded.class);
        }
    }

    @Nested
    class IsHealed {

        @Test
        void notAtTheFirstGoodLook() {
            assertThat(assess(aRolledBackSnapshot(), 60))
                    .isEqualTo(new Recovering(Optional.of(NOON.plusSeconds(60)), "all 2 tasks are healthy"));
        }

        @ParameterizedTest
        @CsvSource({"179, false", "180, true"})
        void onceItHasBeenWellForTwoMinutes(long seconds, boolean healed) {
            assertThat(assess(aRolledBackSnapshot(), seconds, Optional.of(NOON.plusSeconds(60))) instanceof Healed)
                    .isEqualTo(healed);
        }

        @Test
        void withTheNumbersThatShowIt() {
            assertThat(assess(aRolledBackSnapshot(), 200, Optional.of(NOON.plusSeconds(60))))
                    .isEqualTo(new Healed("2 of 2 tasks of web:41 are healthy, for 140 seconds now"));
        }

        @Test
        void notWhenATaskOfTheTargetStoppedMeanwhile() {
            var crashed = aStoppedTask()
                    .id("crashed")
                    .of(OLD)
                    .stoppedAt(NOON.plusSeconds(120))
                    .build();

            assertThat(assess(aRolledBackSnapshot().and(crashed), 300, Optional.of(NOON.plusSeconds(60))))
                    .isEqualTo(new Recovering(Optional.empty(), "a task stopped unexpectedly again"));
        }

        @Test
        void evenThoughATaskOfTheFailingRevisionStoppedMeanwhile() {
            var crashed = aStoppedTask()
                    .id("crashed")
                    .stoppedAt(NOON.plusSeconds(120))
                    .build();

            assertThat(assess(aRolledBackSnapshot().and(crashed), 300, Optional.of(NOON.plusSeconds(60))))
                    .isInstanceOf(Healed.class);
        }
    }

    @Nested
    class IsNotHealed {

        @ParameterizedTest
        @CsvSource({"1200, false", "1201, true"})
        void whenItTakesLongerThanTwentyMinutes(long seconds, boolean late) {
            var oneOfTwo = aRolledBackSnapshot().tasks(running(OLD, 1));

            assertThat(assess(oneOfTwo, seconds) instanceof NotHealed).isEqualTo(late);
        }

        @Test
        void andSaysHowItLooksByThen() {
            assertThat(assess(aRolledBackSnapshot().tasks(running(OLD, 1)), 1_300))
                    .isEqualTo(new NotHealed("after 20 minutes 1 of 2 tasks are healthy"));
            assertThat(assess(aSnapshot(), 1_300))
                    .isEqualTo(new NotHealed("after 20 minutes ECS has not turned the deployment around yet"));
        }

        @Test
        void whenEcsCouldNotCompleteTheRollback() {
            var failed = aRolledBackSnapshot()
                    .deployments(aDeploymentOf(NEW)
                            .status(Status.ROLLBACK_FAILED)
                            .rollbackTo(OLD)
                            .build());

            assertThat(assess(failed, 60)).isEqualTo(new NotHealed("ECS could not complete the rollback"));
        }

        @Test
        void whenEcsGivesTheTargetUp() {
            var givenUp = aRolledBackSnapshot()
                    .rollouts(aRolloutOf(OLD).state("FAILED").build());

            assertThat(assess(givenUp, 60)).isEqualTo(new NotHealed("ECS gave the deployment of web:41 up"));
        }

        @Test
        void byAServiceThatIsScaledToZero() {
            assertThat(assess(aRolledBackSnapshot().desired(0), 60)).isInstanceOf(Recovering.class);
            assertThat(assess(aRolledBackSnapshot().desired(0), 1_201)).isInstanceOf(NotHealed.class);
        }
    }

    @Test
    void isOverWhenSomebodyDeploysSomethingElse() {
        var another = aSnapshot().rollouts(aRolloutOf(NEWER).build());

        assertThat(assess(another, 60)).isEqualTo(new Superseded("another deployment took over: " + NEWER));
    }

    @Test
    void waitsWhileEcsHasNotTurnedAround() {
        assertThat(assess(aSnapshot(), 60))
                .isEqualTo(new Recovering(Optional.empty(), "ECS has not turned the deployment around yet"));
    }

    @Nested
    class TheIncident {

        private final Instant now = NOON.plusSeconds(200);

        @Test
        void keepsSinceWhenItIsSteadyAndNothingElse() {
            var steady = Optional.of(NOON.plusSeconds(60));

            assertThat(Recovery.next(verifying(Optional.empty()), new Recovering(steady, "well"), now))
                    .contains(verifying(steady));
            assertThat(Recovery.next(verifying(steady), new Recovering(steady, "well"), now))
                    .isEmpty();
            assertThat(Recovery.next(verifying(steady), new Recovering(Optional.empty(), "ill"), now))
                    .contains(verifying(Optional.empty()));
        }

        @Test
        void endsWithTheAssessment() {
            assertThat(Recovery.next(verifying(Optional.empty()), new Healed("well"), now))
                    .contains(new Progress.Closed(Outcome.HEALED, now, "well"));
            assertThat(Recovery.next(verifying(Optional.empty()), new NotHealed("ill"), now))
                    .contains(new Progress.Closed(Outcome.NOT_HEALED, now, "ill"));
            assertThat(Recovery.next(verifying(Optional.empty()), new Superseded("new"), now))
                    .contains(new Progress.Closed(Outcome.SUPERSEDED, now, "new"));
        }
    }
}
