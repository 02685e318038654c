package io.deployguard.aws.logs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deployguard.evidence.Evidence;
import io.deployguard.evidence.EvidenceRequest.ContainerLog;
import io.deployguard.fault.GuardFault;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.GetLogEventsRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.GetLogEventsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.OutputLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResourceNotFoundException;

/** When the log of a container that has just died counts as whole. The clock moves only while the reader waits. */
class LastWordsTest {

    private static final Instant STOPPED = Instant.parse("2026-03-02T10:00:00.250Z");
    private static final Duration BETWEEN = CloudWatchLogs.BETWEEN_READS;

    private final List<Line> written = new ArrayList<>();
    private final List<Instant> reads = new ArrayList<>();
    private Instant now = STOPPED.plusSeconds(3);

    /**
     * @param shownAt from when on it can be read
     * @param lag from its writing to its arrival
     */
    private record Line(String text, Instant arrivedAt, Instant shownAt, Duration lag) {

        Line(String text, Instant arrivedAt, Instant shownAt) {
            this(text, arrivedAt, shownAt, Duration.ofMillis(50));
        }
    }

    @Test
    void theBatchOfItsEndMakesTheLogWhole() {
        line("starting", STOPPED.minusSeconds(4));
        line("Error: no such table", STOPPED.plusMillis(90));

        assertThat(texts()).containsExactly("starting", "Error: no such table");
        assertThat(reads).hasSize(1);
    }

    @Test
    void aLineShortlyBeforeTheStopMayNotBeTheLast() {
        line("running migrations", STOPPED.minusMillis(400));
        written.add(new Line("Error: no such table", STOPPED.plusMillis(90), now.plus(BETWEEN)));

        assertThat(texts()).endsWith("Error: no such table");
        assertThat(reads).hasSize(2);
    }

    @Test
    void aBatchThatHasJustArrivedIsLookedAtTwice() {
        now = STOPPED.plusMillis(500);
        line("Traceback (most recent call last):", STOPPED.plusMillis(400));
        written.add(new Line("KeyError: 'DATABASE_URL'", STOPPED.plusMillis(400), now.plusMillis(600)));

        assertThat(texts()).endsWith("KeyError: 'DATABASE_URL'");
        assertThat(reads).hasSize(2);
    }

    @Test
    void silenceBeforeTheEndIsWaitedForUntilTheLogHasSettled() {
        line("processed 9 jobs", STOPPED.minusSeconds(40));

        assertThat(texts()).containsExactly("processed 9 jobs");
        assertThat(reads.getLast()).isAfterOrEqualTo(STOPPED.plus(CloudWatchLogs.SETTLING));
        assertThat(reads).hasSize(5);
    }

    @Test
    void theDeadlineEndsTheWaiting() {
        line("processed 9 jobs", STOPPED.minusSeconds(40));

        assertThat(logs().read(request(Optional.of(STOPPED)), now.plus(BETWEEN.multipliedBy(2))))
                .hasSize(1);
        assertThat(reads).hasSize(2);
    }

    @Test
    void aStreamMayComeIntoBeingLate() {
        written.add(new Line("Error: no such table", STOPPED.plusMillis(90), STOPPED.plusSeconds(6)));

        assertThat(texts()).containsExactly("Error: no such table");
    }

    /** What took half a minute says how long the end may take. */
    @Test
    void aLogWhoseLinesAreLateIsNotTakenForWhole() {
        now = STOPPED.plusSeconds(27);
        written.add(new Line("starting", STOPPED.plusSeconds(26), STOPPED.plusSeconds(26), Duration.ofSeconds(30)));

        assertThat(logs().read(request(Optional.of(STOPPED)), now.plusSeconds(20)))
                .endsWith(
                        new Evidence.UnfinishedLog(request(Optional.of(STOPPED)).source(), true))
                .hasSize(2);

        now = STOPPED.plusSeconds(31);

        assertThat(texts()).containsExactly("starting");
    }

    @Test
    void aStreamThatDoesNotComeIsAbsent() {
        assertThatThrownBy(this::texts).isInstanceOf(GuardFault.NotFound.class);
        assertThat(reads.getLast()).isAfterOrEqualTo(STOPPED.plus(CloudWatchLogs.SETTLING));
    }

    @Test
    void theLogOfARunningContainerIsReadOnce() {
        line("listening", STOPPED);

        assertThat(logs().read(request(Optional.empty()), Instant.MAX)).hasSize(1);
        assertThat(reads).hasSize(1);
    }

    private void line(String text, Instant arrivedAt) {
        written.add(new Line(text, arrivedAt, arrivedAt));
    }

    private List<String> texts() {
        return logs().read(request(Optional.of(STOPPED)), STOPPED.plusSeconds(60)).stream()
                .map(line -> ((Evidence.LogLine) line).text())
                .toList();
    }

    private static ContainerLog request(Optional<Instant> stoppedAt) {
        return new ContainerLog("0a1b", "app", "/ecs/web", "web/app/0a1b", "eu-central-1", stoppedAt, 100);
    }

    private CloudWatchLogs logs() {
        return new CloudWatchLogs(region -> new Streams(), () -> now, pause -> now = now.plus(pause));
    }

    private final class Streams implements CloudWatchLogsClient {
        @Override
        public GetLogEventsResponse getLogEvents(GetLogEventsRequest request) {
            reads.add(now);
            var shown = written.stream()
                    .filter(line -> !line.shownAt().isAfter(now))
                    .map(line -> OutputLogEvent.builder()
                            .message(line.text())
                            .timestamp(line.arrivedAt().minus(line.lag()).toEpochMilli())
                            .ingestionTime(line.arrivedAt().toEpochMilli())
                            .build())
                    .toList();
            if (shown.isEmpty()) {
                throw ResourceNotFoundException.builder()
                        .awsErrorDetails(AwsErrorDetails.builder()
                                .errorCode("ResourceNotFoundException")
                                .errorMessage("The specified log stream does not exist.")
                                .build())
                        .build();
            }
            return GetLogEventsResponse.builder().events(shown).build();
        }

        @Override
        public String serviceName() {
            return "logs";
        }

        @Override
        public void close() {}
    }
}
