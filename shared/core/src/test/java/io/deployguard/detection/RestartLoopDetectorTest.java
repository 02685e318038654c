package io.deployguard.detection;

import static io.deployguard.fixture.FixedTime.NOON;
import static io.deployguard.fixture.Shop.NEW;
import static io.deployguard.fixture.Shop.WEB;
import static io.deployguard.fixture.TaskBuilder.aStoppedTask;
import static io.deployguard.fixture.TaskBuilder.aTask;
import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.ecs.Stop;
import io.deployguard.ecs.Task;
import io.deployguard.event.EventKey;
import io.deployguard.event.GuardEvent.TaskStateChange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RestartLoopDetectorTest {

    private static final RestartLoopDetector DETECTOR = new RestartLoopDetector();

    private static Task stopAfter(long seconds) {
        return aStoppedTask()
                .id("at" + seconds)
                .stoppedAt(NOON.plusSeconds(seconds))
                .build();
    }

    private static Optional<Detection> detect(Task last, List<Task> remembered, boolean completedBefore) {
        var at = last.stop().flatMap(Stop::at).orElse(NOON);
        return DETECTOR.detect(
                new Observation(
                        Optional.of(new TaskStateChange(
                                new EventKey("key"), at.plusSeconds(90), Optional.of(WEB), WEB.clusterArn(), last)),
                        WEB,
                        NEW,
                        remembered,
                        completedBefore,
                        Optional.empty(),
                        at),
                DetectionSettings.DEFAULT);
    }

    @Nested
    class OfANewRevision {

        @Test
        void isOnlySuspiciousAtTheFirstStop() {
            assertThat(detect(stopAfter(0), List.of(stopAfter(0)), false))
                    .contains(new Detection.SuspiciousStop(
                            WEB,
                            NEW,
                            NOON,
                            "at0",
                            "task at0 stopped unexpectedly because an essential container exited"));
        }

        @Test
        void isALoopAtTheSecond() {
            assertThat(detect(stopAfter(60), List.of(stopAfter(0), stopAfter(60)), false))
                    .contains(
                            new Detection.RestartLoop(
                                    WEB,
                                    NEW,
                                    NOON.plusSeconds(60),
                                    2,
                                    Duration.ofMinutes(10),
                                    "2 tasks stopped unexpectedly within 10 minutes, the last one because an essential container exited"));
        }

        @ParameterizedTest
        @CsvSource({"600, RestartLoop", "601, SuspiciousStop"})
        void countsWithinTenMinutesAndNoLonger(long seconds, String kind) {
            assertThat(detect(stopAfter(seconds), List.of(stopAfter(0), stopAfter(seconds)), false))
                    .hasValueSatisfying(found ->
                            assertThat(found.getClass().getSimpleName()).isEqualTo(kind));
        }

        @Test
        void happensAtTheStopAndNotWhenItIsReportedAgain() {
            assertThat(detect(stopAfter(0), List.of(stopAfter(0)), false))
                    .hasValueSatisfying(found -> assertThat(found.at()).isEqualTo(NOON));
        }

        @Test
        void isStillSuspiciousWhenEcsDoesNotSayWhenItStopped() {
            var sometime = aStoppedTask().stoppedSometime().build();

            assertThat(detect(sometime, List.of(sometime), false)).containsInstanceOf(Detection.SuspiciousStop.class);
        }
    }

    @Nested
    class OfARevisionThatHadCompleted {

        @Test
        void needsAThirdStop() {
            var two = List.of(stopAfter(0), stopAfter(60));
            var three = List.of(stopAfter(0), stopAfter(60), stopAfter(120));

            assertThat(detect(stopAfter(60), two, true)).containsInstanceOf(Detection.SuspiciousStop.class);
            assertThat(detect(stopAfter(120), three, true)).containsInstanceOf(Detection.RestartLoop.class);
        }
    }

    @Nested
    class Counts {

        @Test
        void noStopThatWasToBeExpected() {
            var scaledIn = aTask().id("scaled-in")
                    .stopped(
                            Stop.Code.SERVICE_SCHEDULER_INITIATED,
                            "Scaling activity initiated by (deployment ecs-svc/1)",
                            NOON)
                    .build();

            assertThat(detect(scaledIn, List.of(scaledIn, stopAfter(0), stopAfter(1)), false))
                    .as("an expected stop is no sign, whatever came before")
                    .isEmpty();
            assertThat(detect(stopAfter(0), List.of(scaledIn, stopAfter(0)), false))
                    .containsInstanceOf(Detection.SuspiciousStop.class);
        }

        /** Whoever ended them, however many, and although the exit codes look like crashes. */
        @ParameterizedTest(name = "{0} with \"{1}\"")
        @CsvSource(delimiter = '|', textBlock = """
                SERVICE_SCHEDULER_INITIATED | Scaling activity initiated by (deployment ecs-svc/9223372036854775042)
                SERVICE_SCHEDULER_INITIATED | Task stopped for availability zone rebalancing
                SERVICE_SCHEDULER_INITIATED | ECS is performing maintenance on the underlying infrastructure hosting the task
                USER_INITIATED              | Task stopped by user
                SPOT_INTERRUPTION           | Your Spot Task was interrupted.
                TERMINATION_NOTICE          | Essential container in task exited
                ESSENTIAL_CONTAINER_EXITED  | Host EC2 (instance i-0123456789abcdef0) terminated.
                """)
        void neverWhatSomebodyElseEnded(Stop.Code code, String reason) {
            var stops = new ArrayList<Task>();
            for (var number = 0; number < 20; number++) {
                stops.add(aTask().id("ended" + number)
                        .stopped(code, reason, NOON.plusSeconds(number))
                        .build());
            }
            assertThat(stops).allSatisfy(last -> {
                assertThat(detect(last, stops, false)).isEmpty();
                assertThat(detect(last, stops, true)).isEmpty();
            });
        }

        @Test
        void theWorstStretchSoThatALateEventMakesNoDifference() {
            var stops = List.of(stopAfter(0), stopAfter(100), stopAfter(2_000));

            assertThat(detect(stopAfter(2_000), stops, false))
                    .isEqualTo(
                            Optional.of(
                                    new Detection.RestartLoop(
                                            WEB,
                                            NEW,
                                            NOON.plusSeconds(2_000),
                                            2,
                                            Duration.ofMinutes(10),
                                            "2 tasks stopped unexpectedly within 10 minutes, the last one because an essential container exited")));
        }

        @Test
        void theSameInEveryOrder() {
            var stops = new ArrayList<>(List.of(
                    stopAfter(0), stopAfter(90), stopAfter(300), stopAfter(900), stopAfter(901), aTask().build()));
            var expected = detect(stopAfter(901), stops, true);
            var random = new Random(7);
            for (var round = 0; round < 50; round++) {
                Collections.shuffle(stops, random);
                assertThat(detect(stopAfter(901), stops, true)).isEqualTo(expected);
            }
        }
    }
}
