package io.deployguard.report;

import static io.deployguard.fixture.FixedTime.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.decision.Mode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What every store of weekly reports promises. */
public abstract class ReportStoreContract {

    /** An empty store each of whose calls is a transaction. */
    protected abstract ReportStore store();

    /** A week with as many incidents. */
    public static WeeklyReport week(Instant until, int incidents) {
        var spread = new Statistics.Spread(
                incidents,
                Optional.of(Duration.ofSeconds(8)),
                Optional.of(Duration.ofSeconds(20)),
                Optional.of(Duration.ofSeconds(31)));
        return new WeeklyReport(
                WeeklyReport.idAt(until),
                until.minus(WeeklyReport.WEEK),
                until,
                Mode.OBSERVE,
                12,
                48,
                incidents,
                incidents,
                spread,
                new Statistics.Spread(0, Optional.empty(), Optional.empty(), Optional.empty()),
                spread,
                List.of("shop/web: roll back to web:41 after 8 s, migration-conflict; instead replaced after 25 min"),
                1,
                List.of("shop/web"),
                Map.of("cause-unknown", 2));
    }

    @Test
    void findsWhatItStored() {
        var report = week(NOON, 3);

        assertThat(store().insert(report)).isTrue();
        assertThat(store().find(report.id())).contains(report);
        assertThat(store().find(WeeklyReport.idAt(NOON.plus(WeeklyReport.WEEK))))
                .isEmpty();
    }

    @Test
    void keepsTheFirstOfAWeek() {
        var first = week(NOON, 3);
        store().insert(first);

        assertThat(store().insert(week(NOON.minus(Duration.ofDays(1)), 4)))
                .as("another day of the same week")
                .isFalse();
        assertThat(store().find(first.id())).contains(first);
    }
}
