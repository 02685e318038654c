package io.deployguard.detection;

import static io.deployguard.fixture.DeploymentBuilder.aDeploymentOf;
import static io.deployguard.fixture.FixedTime.NOON;
import static io.deployguard.fixture.RolloutBuilder.aRolloutOf;
import static io.deployguard.fixture.Shop.NEW;
import static io.deployguard.fixture.Shop.NEWER;
import static io.deployguard.fixture.Shop.OLD;
import static io.deployguard.fixture.Shop.WEB;
import static io.deployguard.fixture.SnapshotBuilder.aQuietSnapshot;
import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.ecs.Endpoint;
import io.deployguard.ecs.EndpointAnswer;
import io.deployguard.ecs.ServiceDeployment.Status;
import io.deployguard.event.EventKey;
import io.deployguard.event.GuardEvent;
import io.deployguard.fixture.SnapshotBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What ECS calls complete, and is not what its owner wanted. */
class CompletedReleaseTest {

    private static final Endpoint ENDPOINT =
            Endpoint.of(Map.of(Endpoint.TAG, "https://api.example.com/health")).orElseThrow();

    private static GuardEvent completed() {
        return new GuardEvent.DeploymentStateChange(
                new EventKey("completed"), NOON, WEB, "SERVICE_DEPLOYMENT_COMPLETED", NEW, "");
    }

    private static Optional<? extends Detection> detect(
            GuardEvent event, SnapshotBuilder snapshot, Optional<EndpointAnswer> answer, Instant startedAt) {
        return Detectors.detect(
                new Observation(
                        Optional.of(event),
                        WEB,
                        NEW,
                        List.of(),
                        true,
                        Optional.of(new Observation.Look(
                                snapshot.build(),
                                Optional.empty(),
                                startedAt,
                                Optional.empty(),
                                answer.map(given -> new Observation.Look.Asked(ENDPOINT, given)))),
                        NOON),
                DetectionSettings.DEFAULT);
    }

    @Nested
    class AnEndpoint {

        private static Optional<? extends Detection> answering(SnapshotBuilder snapshot, int status) {
            return detect(
                    completed(),
                    snapshot,
                    Optional.of(new EndpointAnswer.Given(status, Optional.empty(), "")),
                    NOON.minusSeconds(60));
        }

        @Test
        void thatAnswersWronglyIsUnreachable() {
            assertThat(answering(aQuietSnapshot(NEW), 404))
                    .isEqualTo(
                            Optional.of(
                                    new Detection.UnreachableEndpoint(
                                            WEB,
                                            NEW,
                                            NOON,
                                            "the deployment is complete, but https://api.example.com/health answers 404, expected a status below 400")));
        }

        @Test
        void thatAnswersWellIsNothing() {
            assertThat(answering(aQuietSnapshot(NEW), 200).isPresent()).isFalse();
        }

        @Test
        void isAnsweredByWhoeverTookTheDeploymentsPlace() {
            assertThat(answering(aQuietSnapshot(NEWER), 404).isPresent()).isFalse();
        }
    }

    @Nested
    class AnImage {

        private static SnapshotBuilder released(String nameBefore, String nameNow, String digestNow) {
            return aQuietSnapshot(NEW)
                    .deployments(
                            aDeploymentOf(NEW).status(Status.SUCCESSFUL).build(),
                            aDeploymentOf(OLD).status(Status.SUCCESSFUL).build())
                    .image(OLD, nameBefore, "sha256:0a")
                    .image(NEW, nameNow, digestNow);
        }

        private static Optional<? extends Detection> on(SnapshotBuilder snapshot) {
            return detect(completed(), snapshot, Optional.empty(), NOON.minusSeconds(60));
        }

        @Test
        void underAnotherTagThatIsTheOneBeforeIsToldWhereThatIsWanted() {
            var stale = released("web:1", "web:2", "sha256:0a");

            assertThat(on(stale).isPresent()).as("nobody asked for it").isFalse();
            assertThat(on(stale.tag("deploy-guard:unchanged-image", "tell")))
                    .isEqualTo(Optional.of(new Detection.UnchangedImage(
                            WEB, NEW, NOON, "the deployment is complete, but web:2 is the image that ran before")));
        }

        @ParameterizedTest
        @CsvSource({"web:1, web:2, sha256:0b", "web:latest, web:latest, sha256:0b"})
        void thatChangedIsNothing(String before, String now, String digest) {
            assertThat(on(released(before, now, digest).tag("deploy-guard:unchanged-image", "tell"))
                            .isPresent())
                    .isFalse();
        }

        /** Another task definition that names the same image changes its settings, and that is all that was meant. */
        @Test
        void thatWasNotMeantToChangeIsNothing() {
            assertThat(on(released("web:1", "web:1", "sha256:0a").tag("deploy-guard:unchanged-image", "tell"))
                            .isPresent())
                    .isFalse();
        }

        @Test
        void thatARollbackBroughtBackIsNothing() {
            var back = released("web:1", "web:2", "sha256:0a")
                    .tag("deploy-guard:unchanged-image", "tell")
                    .deployments(
                            aDeploymentOf(NEW)
                                    .status(Status.ROLLBACK_SUCCESSFUL)
                                    .rollbackTo(OLD)
                                    .build(),
                            aDeploymentOf(OLD).status(Status.SUCCESSFUL).build());

            assertThat(on(back).isPresent()).isFalse();
        }
    }

    @Nested
    class AnAlarm {

        private static GuardEvent alarm(String state, boolean muted) {
            return new GuardEvent.AlarmStateChange(
                    new EventKey("alarm"),
                    NOON,
                    "arn:aws:cloudwatch:eu-central-1:123456789012:alarm:web-5xx",
                    "web-5xx",
                    state,
                    "Threshold Crossed",
                    muted,
                    Optional.of(WEB),
                    Optional.empty());
        }

        private static Optional<? extends Detection> after(GuardEvent alarm, long seconds) {
            return detect(
                    alarm,
                    aQuietSnapshot(NEW)
                            .rollouts(aRolloutOf(NEW)
                                    .state("COMPLETED")
                                    .counts(2, 2, 0)
                                    .build()),
                    Optional.empty(),
                    NOON.minusSeconds(seconds));
        }

        @ParameterizedTest
        @CsvSource({"0, true", "3599, true", "3600, false"})
        void speaksAgainstAReleaseOfTheLastHour(long seconds, boolean suspect) {
            assertThat(after(alarm("ALARM", false), seconds).isPresent()).isEqualTo(suspect);
        }

        @Test
        void isToldByItsName() {
            assertThat(after(alarm("ALARM", false), 60))
                    .isEqualTo(Optional.of(new Detection.Alarm(
                            WEB, NEW, NOON, "web-5xx", "alarm web-5xx went off: Threshold Crossed")));
        }

        @ParameterizedTest
        @ValueSource(strings = {"OK", "INSUFFICIENT_DATA"})
        void thatIsNotOnSaysNothing(String state) {
            assertThat(after(alarm(state, false), 60).isPresent()).isFalse();
        }

        @Test
        void thatIsMutedSaysNothing() {
            assertThat(after(alarm("ALARM", true), 60).isPresent()).isFalse();
        }
    }
}
