package io.deployguard.aws.logs;

import io.deployguard.aws.AwsFaults;
import io.deployguard.evidence.Evidence;
import io.deployguard.evidence.EvidenceRequest.ContainerLog;
import io.deployguard.fault.GuardFault;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.OutputLogEvent;

/**
 * The end of one container's log. The driver publishes every five seconds, so the last lines of a container that has just died are commonly not
 * there yet: an answer without its last words is asked for again until the log has settled.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html">GetLogEvents</a>
 */
public final class CloudWatchLogs {

    /** After this time since the stop nothing more is waited for; later lines are found by a later look. */
    static final Duration SETTLING = Duration.ofSeconds(10);

    /** Lines are written in bursts of this length: a gap to the stop that is longer means that the last one is still missing. */
    static final Duration PUBLISHED_EVERY = Duration.ofSeconds(5);

    private static final Duration BETWEEN_READS = Duration.ofSeconds(2);

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
        while (true) {
            var lines = Optional.<List<Evidence>>empty();
            GuardFault.NotFound absent = null;
            try {
                lines = Optional.of(readOnce(log));
            } catch (GuardFault.NotFound notYet) {
                absent = notYet;
            }
            var complete = lines.filter(read -> hasLastWords(read, log)).isPresent();
            var now = clock.instant();
            if (complete || !now.isBefore(settled) || !now.plus(BETWEEN_READS).isBefore(deadline) || !waited()) {
                if (absent != null) {
                    throw absent;
                }
                return lines.orElse(List.of());
            }
        }
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

    private static boolean hasLastWords(List<Evidence> lines, ContainerLog log) {
        if (log.stoppedAt().isEmpty()) {
            return true;
        }
        return !lines.isEmpty()
                && lines.getLast() instanceof Evidence.LogLine last
                && last.at()
                        .filter(at -> !at.isBefore(log.stoppedAt().get().minus(PUBLISHED_EVERY)))
                        .isPresent();
    }

    private List<Evidence> readOnce(ContainerLog log) {
        return AwsFaults.ask(
                        "logs:GetLogEvents",
                        log.source(),
                        () -> clients.apply(log.region())
                                .getLogEvents(request -> request.logGroupName(log.group())
                                        .logStreamName(log.stream())
                                        .startFromHead(false)
                                        .limit(log.limit())))
                .events()
                .stream()
                .map(event -> line(log, event))
                .toList();
    }

    private static Evidence line(ContainerLog log, OutputLogEvent event) {
        return new Evidence.LogLine(
                log.task(),
                log.container(),
                Optional.ofNullable(event.timestamp()).map(Instant::ofEpochMilli),
                event.message() == null ? "" : event.message());
    }
}
