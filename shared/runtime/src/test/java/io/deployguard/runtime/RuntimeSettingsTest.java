package io.deployguard.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deployguard.report.WeeklySchedule;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RuntimeSettingsTest {

    private static RuntimeSettings weekly(String text) {
        return RuntimeSettings.of(Map.of("DEPLOY_GUARD_WEEKLY_REPORT", text));
    }

    @Test
    void readsWhenAWeekIsTold() {
        assertThat(weekly("friday 16:30").weeklyReport()).contains(WeeklySchedule.parse("friday 16:30"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"off", "", " "})
    void tellsNoWeekWhereItIsOffOrNotSaid(String text) {
        assertThat(weekly(text).weeklyReport()).isEmpty();
    }

    @Test
    void saysWhatItExpectedOfAWeek() {
        assertThatThrownBy(() -> weekly("weekly").weeklyReport())
                .hasMessage(
                        "DEPLOY_GUARD_WEEKLY_REPORT: expected off, or day and time in UTC such as monday 09:00, got weekly");
    }
}
