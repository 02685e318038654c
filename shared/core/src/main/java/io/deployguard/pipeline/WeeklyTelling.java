package io.deployguard.pipeline;

import io.deployguard.decision.Mode;
import io.deployguard.incident.Incident;
import io.deployguard.incident.Progress;
import io.deployguard.pipeline.Database.Stores;
import io.deployguard.report.Dossier;
import io.deployguard.report.ShadowReport;
import io.deployguard.report.Statistics;
import io.deployguard.report.WeeklyReport;
import io.deployguard.report.WeeklySchedule;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Tells once a week what the guard would have done. The week's row in the database decides who tells it, so that two schedules, a retry or a
 * second region tell it once. Where every service may be acted upon, a quiet week is passed over in silence. For one thread.
 */
public final class WeeklyTelling {

    /** A week that ended longer ago is not told any more: the guard was away, or has only just been installed. */
    private static final Duration LATEST = Duration.ofHours(24);

    /** Incidents and deployments of a week beyond these are not counted. */
    private static final int MOST_INCIDENTS = 1_000;

    private static final int MOST_DEPLOYMENTS = 10_000;

    private final Database database;
    private final GuardSettings settings;
    private final Optional<WeeklySchedule> schedule;
    private final Nudge nudge;
    private final InstantSource clock;
    private Instant settled = Instant.MIN;

    /** @param schedule absent when nothing is to be told */
    public WeeklyTelling(
            Database database,
            GuardSettings settings,
            Optional<WeeklySchedule> schedule,
            Nudge nudge,
            InstantSource clock) {
        this.database = database;
        this.settings = settings;
        this.schedule = schedule;
        this.nudge = nudge;
        this.clock = clock;
    }

    /**
     * Writes the report down when it is time; {@code notify} brings it to the channels.
     *
     * @return what was done, absent when it is not time or the week has been told
     * @throws io.deployguard.fault.GuardFault when the database cannot answer now; the next call tries again
     */
    public Optional<String> tell() {
        var now = clock.instant();
        return schedule.map(weekly -> weekly.lastAt(now))
                .filter(until -> until.isAfter(settled) && until.plus(LATEST).isAfter(now))
                .flatMap(until -> {
                    var told = database.transact("tell the week", stores -> write(until, stores));
                    settled = until;
                    told.ifPresent(report -> nudge.deliver(report.id()));
                    return told.map(report -> "week " + report.week() + " told");
                });
    }

    private Optional<WeeklyReport> write(Instant until, Stores stores) {
        if (stores.reports().find(WeeklyReport.idAt(until)).isPresent()) {
            return Optional.empty();
        }
        var report = report(until, stores);
        if (!stores.reports().insert(report) || (report.isQuiet() && actsEverywhere())) {
            return Optional.empty();
        }
        settings.channels().forEach(channel -> stores.outbox().want(report.id(), channel, 1, clock.instant()));
        return Optional.of(report);
    }

    private boolean actsEverywhere() {
        return settings.mode() == Mode.AUTO
                && settings.modes().ofCauses().values().stream().allMatch(Mode.AUTO::equals);
    }

    private WeeklyReport report(Instant until, Stores stores) {
        var since = until.minus(WeeklyReport.WEEK);
        var incidents = stores.incidents().openedSince(since, MOST_INCIDENTS).stream()
                .filter(incident -> incident.openedAt().isBefore(until))
                .filter(Incident::isTold)
                .toList();
        var dossiers =
                incidents.stream().map(incident -> dossier(incident, stores)).toList();
        var deployments = stores.revisions().startedSince(since, MOST_DEPLOYMENTS).stream()
                .filter(entry -> entry.startedAt().filter(until::isAfter).isPresent())
                .toList();
        return WeeklyReport.of(
                ShadowReport.of(incidents, since, until),
                Statistics.of(dossiers, deployments, since, until),
                settings.mode());
    }

    /** As far as numbers need it: commands of incidents on which the guard has acted. */
    private static Dossier dossier(Incident incident, Stores stores) {
        var acted = switch (incident.progress()) {
            case Progress.Verifying _ -> true;
            case Progress.Closed closed ->
                switch (closed.outcome()) {
                    case HEALED, NOT_HEALED -> true;
                    case RECOVERED, SUPERSEDED -> false;
                };
            case Progress.Suspected _,
                    Progress.Dismissed _,
                    Progress.Investigating _,
                    Progress.Advised _,
                    Progress.Planned _ -> false;
        };
        return new Dossier(
                incident, List.of(), acted ? stores.journal().entriesOf(incident.id()) : List.of(), List.of());
    }
}
