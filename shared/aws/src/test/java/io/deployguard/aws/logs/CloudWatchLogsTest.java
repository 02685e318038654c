package io.deployguard.aws.logs;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.evidence.Evidence;
import io.deployguard.evidence.EvidenceRequest.RecentLog;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.FilterLogEventsRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.FilterLogEventsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.FilteredLogEvent;

class CloudWatchLogsTest {

    private static final Instant NOON = Instant.parse("2026-11-02T12:00:00Z");
    private static final RecentLog RECENT =
            new RecentLog("app", "/ecs/web", "web/app/", "eu-central-1", NOON, Set.of(), 100);

    private Instant now = NOON;
    private final Pages pages = new Pages();
    private final CloudWatchLogs logs = new CloudWatchLogs(_ -> pages, () -> now, _ -> {});

    @Test
    void readsAllPagesOfALogAndMissesNothing() {
        pages.last = 20;

        assertThat(logs.read(RECENT, Instant.MAX)).hasSize(20).hasOnlyElementsOfType(Evidence.LogLine.class);
    }

    @Test
    void saysThatALogIsTooLongToBeReadToItsEnd() {
        pages.last = 21;

        assertThat(logs.read(RECENT, Instant.MAX))
                .hasSize(21)
                .last()
                .isEqualTo(new Evidence.Missing(
                        RECENT.source(), "too much to read: what was written after the first 20 pages was not seen"));
    }

    @Test
    void saysThatTheTimeDidNotSuffice() {
        pages.last = 9;
        pages.each = Duration.ofSeconds(1);

        assertThat(logs.read(RECENT, NOON.plusSeconds(3)))
                .hasSize(4)
                .last()
                .isInstanceOfSatisfying(
                        Evidence.Missing.class,
                        missing -> assertThat(missing.reason()).contains("after the first 3 pages"));
    }

    /** A log of many pages with one line each. */
    private final class Pages implements CloudWatchLogsClient {

        int last;
        Duration each = Duration.ZERO;

        @Override
        public FilterLogEventsResponse filterLogEvents(FilterLogEventsRequest request) {
            now = now.plus(each);
            var page = request.nextToken() == null ? 1 : Integer.parseInt(request.nextToken());
            return FilterLogEventsResponse.builder()
                    .events(FilteredLogEvent.builder()
                            .logStreamName("web/app/a")
                            .timestamp(NOON.toEpochMilli())
                            .message("line " + page)
                            .build())
                    .nextToken(page == last ? null : String.valueOf(page + 1))
                    .build();
        }

        @Override
        public String serviceName() {
            return "logs";
        }

        @Override
        public void close() {
            // Holds nothing.
        }
    }
}
