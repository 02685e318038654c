package io.deployguard.aws.logs;

import io.deployguard.aws.AwsFaults;
import io.deployguard.evidence.Evidence;
import io.deployguard.evidence.EvidenceRequest;
import io.deployguard.evidence.EvidenceRequest.ContainerLog;
import io.deployguard.evidence.EvidenceRequest.RecentLog;
import io.deployguard.evidence.EvidenceRequest.UsualLog;
import io.deployguard.fault.GuardFault;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.FilterLogEventsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.FilteredLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.OutputLogEvent;

/**
 * The end of one container's log. The driver publishes every five seconds and once more when the container ends, so the last lines of one that has
 * just died are commonly not there yet: an answer without that last batch is asked for again until the log has settled.
 *
 * @see <a href="https://github.com/moby/moby/blob/master/daemon/logger/awslogs/cloudwatchlogs.go">collectBatch of the driver</a>
 * @see <a href="https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html">GetLogEvents</a>
 * @see <a href="https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html">FilterLogEvents</a>
 */
public final class CloudWatchLogs {

    /** After this time since the stop nothing more is waited for; later lines are found by a later look. */
    static final Duration SETTLING = Duration.ofSeconds(10);

    /** What was sent together can be read within this time; meanwhile a batch may be seen in part. */
    static final Duration BETWEEN_READS = Duration.ofSeconds(2);

    /** Most pages of up to 10,000 lines that are turned over in search of the newest. */
    private static final int PAGES = 20;

    private final Function<String, CloudWatchLogsClient> clients;
    private final InstantSource clock;
    private final Pause pause;

    /** @param clients the client of a region */
    public CloudWatchLogs(Function<String, CloudWatchLogsClient> clients, InstantSource clock, Pause pause) {
        this.clients = clients;
        this.clock = clock;
        this.pause = pause;
    }

    /**
     * The newest lines, oldest first.
     *
     * @throws GuardFault.NotFound when group or stream do not exist once the log has settled
     */
    public List<Evidence> read(ContainerLog log, Instant deadline) {
        var settled = log.stoppedAt().map(stopped -> stopped.plus(SETTLING)).orElse(Instant.MIN);
        var before = List.<OutputLogEvent>of();
        while (true) {
            var events = List.<OutputLogEvent>of();
            GuardFault.NotFound absent = null;
            try {
                events = newest(log);
            } catch (GuardFault.NotFound notYet) {
                absent = notYet;
            }
            var now = clock.instant();
            var whole = absent == null && isWhole(events, before, log, now);
            if (whole || !now.isBefore(settled) || !now.plus(BETWEEN_READS).isBefore(deadline) || !waited()) {
                if (absent != null) {
                    throw absent;
                }
                var lines = events.stream()
                        .map(event -> line(log.task(), log.container(), event.timestamp(), event.message()));
                return isLate(events, log, now)
                        ? Stream.concat(lines, Stream.of(new Evidence.UnfinishedLog(log.source(), true)))
                                .toList()
                        : lines.toList();
            }
            before = events;
        }
    }

    /**
     * The newest lines of that one of the streams that was written to last, oldest first; and {@link Evidence.Missing} when there was more to
     * read than {@value #PAGES} pages, or than the time allowed: the service answers from the oldest line on.
     *
     * @throws GuardFault.NotFound when the group does not exist
     */
    public List<Evidence> read(RecentLog log, Instant deadline) {
        var streams = new HashMap<String, Deque<FilteredLogEvent>>();
        var newest = Optional.<String>empty();
        var next = Optional.<String>empty();
        var pages = 0;
        do {
            var answer = filter(log, next);
            for (var event : answer.events()) {
                if (!log.others().contains(taskOf(event))) {
                    newest = Optional.of(taskOf(event));
                    var lines = streams.computeIfAbsent(taskOf(event), _ -> new ArrayDeque<>());
                    lines.add(event);
                    if (lines.size() > log.limit()) {
                        lines.remove();
                    }
                }
            }
            next = Optional.ofNullable(answer.nextToken());
            pages++;
        } while (next.isPresent() && pages < PAGES && clock.instant().isBefore(deadline));
        var lines = newest.flatMap(task -> Optional.ofNullable(streams.get(task))).stream()
                .flatMap(Deque::stream)
                .<Evidence>map(event -> line(taskOf(event), log.container(), event.timestamp(), event.message()));
        var unread = next.isPresent()
                ? Stream.<Evidence>of(new Evidence.Missing(
                        log.source(),
                        "too much to read: what was written after the first %d pages was not seen".formatted(pages)))
                : Stream.<Evidence>empty();
        return Stream.concat(lines, unread).toList();
    }

    /** Pages may be empty and still have a next one. */
    private FilterLogEventsResponse filter(RecentLog log, Optional<String> token) {
        return AwsFaults.ask(
                "logs:FilterLogEvents",
                log.source(),
                () -> clients.apply(log.region())
                        .filterLogEvents(request -> request.logGroupName(log.group())
                                .logStreamNamePrefix(log.streamPrefix())
                                .startTime(log.since().toEpochMilli())
                                .nextToken(token.orElse(null))));
    }

    private static String taskOf(FilteredLogEvent event) {
        var stream = event.logStreamName();
        return stream.substring(stream.lastIndexOf('/') + 1);
    }

    private boolean waited() {
        try {
            pause.await(BETWEEN_READS);
            return true;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /**
     * Whether the batch that the driver sends when the container ends is there: it arrives no earlier than that moment. When it is so new that it may
     * have been seen in part, a second look has to agree.
     */
    private static boolean isWhole(
            List<OutputLogEvent> events, List<OutputLogEvent> before, ContainerLog log, Instant now) {
        if (log.stoppedAt().isEmpty()) {
            return true;
        }
        return events.stream()
                .flatMap(event -> Optional.ofNullable(event.ingestionTime()).stream())
                .max(Comparator.naturalOrder())
                .map(Instant::ofEpochMilli)
                .filter(arrived -> !arrived.isBefore(log.stoppedAt().get().truncatedTo(ChronoUnit.MILLIS)))
                .filter(arrived -> !now.isBefore(arrived.plus(BETWEEN_READS)) || events.equals(before))
                .isPresent();
    }

    /** Whether its lines took longer than the log is waited for, and the last ones, were they as slow, could not be there by now. */
    private static boolean isLate(List<OutputLogEvent> events, ContainerLog log, Instant now) {
        return events.stream()
                .filter(event -> event.ingestionTime() != null && event.timestamp() != null)
                .map(event -> Duration.ofMillis(event.ingestionTime() - event.timestamp()))
                .filter(lag -> lag.compareTo(SETTLING) > 0)
                .anyMatch(lag -> log.stoppedAt()
                        .filter(stopped -> stopped.plus(lag).isAfter(now))
                        .isPresent());
    }

    /**
     * The first lines of a stream, oldest first.
     *
     * @throws GuardFault.NotFound when group or stream do not exist
     */
    public List<Evidence> read(UsualLog log) {
        return events(log, log.region(), log.group(), log.stream(), true, log.limit()).stream()
                .<Evidence>map(event -> new Evidence.UsualLine(log.container(), text(event.message())))
                .toList();
    }

    private List<OutputLogEvent> newest(ContainerLog log) {
        return events(log, log.region(), log.group(), log.stream(), false, log.limit());
    }

    private List<OutputLogEvent> events(
            EvidenceRequest asked, String region, String group, String stream, boolean fromHead, int limit) {
        return AwsFaults.ask(
                        "logs:GetLogEvents",
                        asked.source(),
                        () -> clients.apply(region)
                                .getLogEvents(request -> request.logGroupName(group)
                                        .logStreamName(stream)
                                        .startFromHead(fromHead)
                                        .limit(limit)))
                .events();
    }

    private static Evidence line(String task, String container, @Nullable Long timestamp, @Nullable String message) {
        return new Evidence.LogLine(
                task, container, Optional.ofNullable(timestamp).map(Instant::ofEpochMilli), text(message));
    }

    private static String text(@Nullable String message) {
        return message == null ? "" : message;
    }
}
