package io.deployguard.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deployguard.ecs.Accounts;
import io.deployguard.report.WeeklySchedule;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RuntimeSettingsTest {

    private static RuntimeSettings weekly(String text) {
        return RuntimeSettings.of(Map.of("DEPLOY_GUARD_WEEKLY_REPORT", text));
    }

    @Test
    void readsTheAccountsThatAreLookedAfter() {
        var settings = RuntimeSettings.of(Map.of(
                "DEPLOY_GUARD_ACCOUNT", "123456789012",
                "DEPLOY_GUARD_SPOKE_ACCOUNTS", "210987654321, 345678901234",
                "DEPLOY_GUARD_ACCOUNT_NAMES", "210987654321=live",
                "DEPLOY_GUARD_SPOKE_EXTERNAL_ID", "4f6f1c1e-8f0b-4b7e"));

        assertThat(settings.accounts())
                .isEqualTo(new Accounts(
                        Optional.of("123456789012"),
                        Set.of("210987654321", "345678901234"),
                        Map.of("210987654321", "live")));
        assertThat(settings.spokeExternalId()).isEqualTo("4f6f1c1e-8f0b-4b7e");
    }

    @Test
    void looksAfterItsOwnAccountAloneWhereNothingIsSaid() {
        var settings = RuntimeSettings.of(Map.of());

        assertThat(settings.accounts()).isEqualTo(Accounts.OWN);
        assertThat(settings.spokeExternalId()).isEmpty();
    }

    @ParameterizedTest(name = "{0}={1}")
    @CsvSource({
        "DEPLOY_GUARD_ACCOUNT, live",
        "DEPLOY_GUARD_SPOKE_ACCOUNTS, 12",
        "DEPLOY_GUARD_ACCOUNT_NAMES, live",
        "DEPLOY_GUARD_ACCOUNT_NAMES, live=210987654321",
        "DEPLOY_GUARD_SPOKE_ACCOUNTS, 210987654321"
    })
    void stopsTheStartOverAccountsThatCannotBe(String name, String value) {
        assertThatThrownBy(() -> RuntimeSettings.of(Map.of(name, value)).accounts())
                .isInstanceOf(RuntimeSettings.SettingError.class);
    }

    @Test
    void listedAccountsNeedAnExternalId() {
        var settings = RuntimeSettings.of(
                Map.of("DEPLOY_GUARD_ACCOUNT", "123456789012", "DEPLOY_GUARD_SPOKE_ACCOUNTS", "210987654321"));

        assertThatThrownBy(settings::spokeExternalId)
                .hasMessageStartingWith("DEPLOY_GUARD_SPOKE_EXTERNAL_ID: expected");
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
