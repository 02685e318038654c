package io.deployguard.report;

import io.deployguard.classification.CauseId;
import io.deployguard.decision.Mode;
import io.deployguard.ecs.ServiceRef;
import io.deployguard.notification.Words;
import io.deployguard.report.Statistics.Spread;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.IsoFields;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Seven days as a message tells them: what the guard would have done, and how long things took. Kept as it was when the week was over, so that a
 * message that is sent late or twice says the same.
 *
 * @param mode of services without a tag
 * @param deployments that began or failed in the week
 * @param failed of these
 * @param would what the guard would have done, one line each, oldest first, at most {@value #MOST}
 * @param wouldInAll of which {@code would} are the first
 * @param candidates services on which it would have acted and never needlessly, at most {@value #MOST}
 * @param handsOff how often each row of the decision table kept it from acting
 */
public record WeeklyReport(
        UUID id,
        Instant since,
        Instant until,
        Mode mode,
        int services,
        int deployments,
        int failed,
        int incidents,
        Spread detect,
        Spread mitigate,
        Spread recover,
        List<String> would,
        int wouldInAll,
        List<String> candidates,
        Map<String, Integer> handsOff) {

    /** How long a week is. */
    public static final Duration WEEK = Duration.ofDays(7);

    private static final int MOST = 20;

    public WeeklyReport {
        would = List.copyOf(would);
        candidates = List.copyOf(candidates);
        handsOff = Map.copyOf(handsOff);
    }

    /** The report on a week. */
    public static WeeklyReport of(ShadowReport shadow, Statistics statistics, Mode mode) {
        return new WeeklyReport(
                idAt(shadow.until()),
                shadow.since(),
                shadow.until(),
                mode,
                statistics.services().size(),
                statistics.deployments(),
                statistics.failed(),
                statistics.incidents(),
                statistics.detect(),
                statistics.mitigate(),
                statistics.recover(),
                shadow.would().stream().limit(MOST).map(WeeklyReport::line).toList(),
                shadow.would().size(),
                shadow.candidates().stream()
                        .limit(MOST)
                        .map(ServiceRef::toString)
                        .toList(),
                shadow.handsOff());
    }

    /** One per calendar week, whenever in it the week is told. */
    public static UUID idAt(Instant until) {
        return UUID.nameUUIDFromBytes(("weekly report " + week(until)).getBytes(StandardCharsets.UTF_8));
    }

    /** {@code 2026-W47}. */
    public String week() {
        return week(until);
    }

    /** Of the deployments the part that failed, 0 to 1. */
    public double changeFailureRate() {
        return deployments == 0 ? 0 : (double) failed / deployments;
    }

    /** Whether nothing failed. */
    public boolean isQuiet() {
        return incidents == 0;
    }

    private static String week(Instant at) {
        var day = at.atOffset(ZoneOffset.UTC);
        return "%d-W%02d".formatted(day.get(IsoFields.WEEK_BASED_YEAR), day.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
    }

    private static String line(ShadowReport.Case one) {
        return "%s: %s after %s, %s; instead %s"
                .formatted(
                        one.incident().service(),
                        one.action(),
                        Words.lasting(one.after()),
                        one.incident().cause().orElse(CauseId.UNKNOWN),
                        one.instead());
    }
}
