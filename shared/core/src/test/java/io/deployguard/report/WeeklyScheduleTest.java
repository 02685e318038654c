package io.deployguard.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WeeklyScheduleTest {

    @ParameterizedTest(name = "{0}, seen at {1}, was last at {2}")
    @CsvSource({
        "monday 09:00, 2026-11-23T09:00:00Z, 2026-11-23T09:00:00Z",
        "monday 09:00, 2026-11-23T08:59:59Z, 2026-11-16T09:00:00Z",
        "Monday  09:00, 2026-11-29T23:00:00Z, 2026-11-23T09:00:00Z",
        "sunday 23:30, 2027-01-01T00:00:00Z, 2026-12-27T23:30:00Z"
    })
    void knowsItsLastTime(String schedule, Instant now, Instant last) {
        assertThat(WeeklySchedule.parse(schedule).lastAt(now)).isEqualTo(last);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "monday", "monday 9", "mon 09:00", "monday 25:00", "monday 09:00 CET", "0 9 * * 1"})
    void takesNothingElse(String text) {
        assertThatThrownBy(() -> WeeklySchedule.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void givesOneNameToAllDaysOfAWeek() {
        var monday = WeeklyReport.idAt(Instant.parse("2026-12-28T00:00:00Z"));

        assertThat(WeeklyReport.idAt(Instant.parse("2027-01-03T23:59:59Z"))).isEqualTo(monday);
        assertThat(WeeklyReport.idAt(Instant.parse("2027-01-04T00:00:00Z"))).isNotEqualTo(monday);
    }
}
